#include "classifier/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sakuin::classifier {
namespace {

constexpr double kLeastLogSlope = -12;
constexpr double kMostLogSlope = 8;
constexpr int kSteps = 24;
constexpr double kHopeless = -40;  // log odds from which on a probability is nothing beside 1
constexpr double kSettled = 1e-9;  // a step so small is the last

double Divisor(MassScaling scaling, double mass) {
  if (mass <= 0 || scaling == MassScaling::kNone) return 1;
  return scaling == MassScaling::kRoot ? std::sqrt(mass) : mass;
}

struct Held {
  const HeldOutScores& scores;
  const LabelledDocuments& documents;
  size_t labels;

  std::span<const float> row(size_t i) const { return {scores.scores.data() + i * labels, labels}; }
  uint32_t gold(size_t i) const { return documents.labels(scores.documents[i]).front(); }
};

// The slope of the log loss of a softmax in the slope.
double SoftmaxGradient(const Held& held, MassScaling scaling, double slope) {
  double gradient = 0;
  for (size_t i = 0; i < held.scores.documents.size(); ++i) {
    const auto row = held.row(i);
    const double divisor = Divisor(scaling, static_cast<double>(held.scores.masses[i]));
    const double top = static_cast<double>(*std::max_element(row.begin(), row.end()));
    double sum = 0;
    double mean = 0;
    for (const float score : row) {
      const double below = (static_cast<double>(score) - top) / divisor;
      const double weight = std::exp(slope * below);
      sum += weight;
      mean += weight * below;
    }
    gradient += mean / sum - (static_cast<double>(row[held.gold(i)]) - top) / divisor;
  }
  return gradient;
}

double FitSlope(const Held& held, MassScaling scaling) {
  double low = kLeastLogSlope;
  double high = kMostLogSlope;
  for (int step = 0; step < kSteps; ++step) {
    const double middle = (low + high) / 2;
    (SoftmaxGradient(held, scaling, std::exp(middle)) > 0 ? high : low) = middle;
  }
  return std::exp((low + high) / 2);
}

// The labels of a judged document, asked for one after another in their order.
class Gold {
 public:
  Gold(const Held& held, size_t i) : labels_(held.documents.labels(held.scores.documents[i])) {}
  bool Has(size_t label) {
    while (next_ < labels_.size() && labels_[next_] < label) ++next_;
    return next_ < labels_.size() && labels_[next_] == label;
  }

 private:
  std::span<const uint32_t> labels_;
  size_t next_ = 0;
};

// Newton's method for the logistic function of slope x score + shift, with a little weight on slope 1 and shift 0.
void FitLogistic(const Held& held, Calibration& calibration) {
  for (int step = 0; step < kSteps; ++step) {
    double g0 = 1e-3 * (calibration.slope - 1), g1 = 1e-3 * calibration.shift;
    double h00 = 1e-3, h01 = 0, h11 = 1e-3;
    for (size_t i = 0; i < held.scores.documents.size(); ++i) {
      const double divisor = Divisor(calibration.scaling, static_cast<double>(held.scores.masses[i]));
      Gold gold(held, i);
      for (size_t l = 0; l < held.labels; ++l) {
        const double score = static_cast<double>(held.row(i)[l]) / divisor;
        const double odds = calibration.slope * score + calibration.shift;
        const bool has = gold.Has(l);
        if (odds < kHopeless && !has) continue;
        const double p = 1 / (1 + std::exp(-odds));
        const double error = p - (has ? 1 : 0);
        g0 += error * score;
        g1 += error;
        h00 += p * (1 - p) * score * score;
        h01 += p * (1 - p) * score;
        h11 += p * (1 - p);
      }
    }
    const double determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 0)) return;
    const double d0 = (h11 * g0 - h01 * g1) / determinant, d1 = (h00 * g1 - h01 * g0) / determinant;
    const double most = std::max(1.0, std::max(std::fabs(d0), std::fabs(d1)) / 2);
    calibration.slope = std::clamp(calibration.slope - d0 / most, 1e-6, 1e4);
    calibration.shift = std::clamp(calibration.shift - d1 / most, -1e3, 1e3);
    if (std::fabs(d0) <= kSettled * calibration.slope && std::fabs(d1) <= kSettled) return;
  }
}

}  // namespace

double Calibration::SlopeAt(double mass) const { return slope / Divisor(scaling, mass); }

void Calibration::Apply(std::span<float> scores, double mass, bool multi_label) const {
  const double factor = SlopeAt(mass);
  if (multi_label) {
    for (float& score : scores) score = static_cast<float>(1 / (1 + std::exp(-(factor * static_cast<double>(score) + shift))));
    return;
  }
  if (scores.empty()) return;
  const float top = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (float& score : scores) sum += score = std::exp(static_cast<float>(factor) * (score - top));
  for (float& score : scores) score /= sum;
}

double LogLoss(const Calibration& calibration, const HeldOutScores& held, const LabelledDocuments& documents, bool multi_label) {
  const Held all{held, documents, documents.label_count};
  double loss = 0;
  std::vector<float> row;
  for (size_t i = 0; i < held.documents.size(); ++i) {
    row.assign(all.row(i).begin(), all.row(i).end());
    calibration.Apply(row, static_cast<double>(held.masses[i]), multi_label);
    if (!multi_label) {
      loss += LossOf(static_cast<double>(row[all.gold(i)]));
      continue;
    }
    Gold gold(all, i);
    for (size_t l = 0; l < row.size(); ++l) {
      const double p = static_cast<double>(row[l]);
      loss += LossOf(gold.Has(l) ? p : 1 - p);
    }
  }
  return held.documents.empty() ? 0 : loss / static_cast<double>(held.documents.size());
}

Calibration Calibration::Fit(const HeldOutScores& held, const LabelledDocuments& documents, bool multi_label, ThreadPool* pool) {
  constexpr std::array kScalings = {MassScaling::kNone, MassScaling::kRoot, MassScaling::kWhole};
  if (held.documents.empty() || (documents.label_count < 2 && !multi_label)) return {};
  const Held all{held, documents, documents.label_count};
  std::array<Calibration, kScalings.size()> fitted;
  std::array<double, kScalings.size()> losses{};
  ParallelFor(pool, kScalings.size(), [&](size_t i) {
    fitted[i].scaling = kScalings[i];
    if (multi_label) {
      FitLogistic(all, fitted[i]);
    } else {
      fitted[i].slope = FitSlope(all, kScalings[i]);
    }
    losses[i] = LogLoss(fitted[i], held, documents, multi_label);
  });
  return fitted[static_cast<size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin())];
}

}  // namespace sakuin::classifier
