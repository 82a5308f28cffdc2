#include "classifier/classifier.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sakuin::classifier {
namespace {

constexpr size_t kKeptUnits = 1 << 20;  // from text to text

// Gives back what a very long text needed.
template <typename T>
void Shrink(std::vector<T>& scratch) {
  if (scratch.capacity() > kKeptUnits) scratch = std::vector<T>();
}

// Where the feature that ends with units[last] begins.
size_t FirstUnit(const std::vector<Unit>& units, uint64_t feature, size_t last) {
  if (OrderOf(feature) == 1) return last;
  if (OrderOf(feature) == 3) return last - 2;
  size_t first = last - 1;
  if (KindOf(units[last]) == UnitKind::kWord) {
    while (KindOf(units[first]) == UnitKind::kSign && first > 0) --first;
    if (KindOf(units[first]) != UnitKind::kWord) first = last - 1;
  }
  return first;
}

}  // namespace

Classifier::Classifier(std::unique_ptr<Model> model) : model_(std::move(model)) {}

Result<std::unique_ptr<Classifier>> Classifier::OfModel(std::unique_ptr<Model> model) {
  if (model->settings().labels.empty()) return FailedPreconditionError("the model knows no label; learn documents that have one first");
  return std::unique_ptr<Classifier>(new Classifier(std::move(model)));
}

Result<std::unique_ptr<Classifier>> Classifier::Open(FileSystem& fs, const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<Model> model, Model::Open(fs, path));
  return OfModel(std::move(model));
}

RowSums Classifier::Score(Scratch& scratch) const {
  const ModelSettings& settings = model_->settings();
  scratch.known.Take(scratch.units, settings.variant.order, model_->table());
  scratch.scores.resize(settings.labels.size());
  const RowSums sums = SumRows(model_->table(), scratch.known.features(), settings.variant.transform, scratch.scores);
  for (size_t l = 0; l < settings.labels.size(); ++l) {
    const LabelSettings& label = settings.labels[l];
    const double sum = static_cast<double>(scratch.scores[l]) + sums.base - sums.mass * label.offset;
    scratch.scores[l] = static_cast<float>(sum * label.gain + label.bias);
  }
  return sums;
}

void Classifier::SetPriors(std::vector<float>& scores) const {
  const ModelSettings& settings = model_->settings();
  uint64_t all = 0;
  for (const LabelSettings& label : settings.labels) all += label.documents;
  if (settings.multi_label) all = settings.documents;
  for (size_t l = 0; l < scores.size(); ++l) {
    scores[l] = static_cast<float>(static_cast<double>(settings.labels[l].documents) / static_cast<double>(std::max<uint64_t>(all, 1)));
  }
}

uint32_t Classifier::Probabilities(std::string_view text, Scratch& scratch) const {
  const ModelSettings& settings = model_->settings();
  CutUnits(text, scratch.units);
  const RowSums sums = Score(scratch);
  if (sums.known == 0) {
    SetPriors(scratch.scores);
  } else {
    settings.calibration.Apply(scratch.scores, sums.mass, settings.multi_label);
  }
  Shrink(scratch.units);
  return sums.known;
}

Prediction Classifier::Predict(std::string_view text, const PredictOptions& options, Scratch& scratch) const {
  const ModelSettings& settings = model_->settings();
  Prediction prediction;
  prediction.known_features = Probabilities(text, scratch);
  std::vector<LabelProbability>& labels = prediction.labels;
  for (uint32_t l = 0; l < scratch.scores.size(); ++l) labels.push_back({l, scratch.scores[l]});
  const size_t wanted = std::min<size_t>(labels.size(), options.top != 0 ? options.top : settings.multi_label ? labels.size() : 1);
  const auto likelier = [](const LabelProbability& a, const LabelProbability& b) {
    return a.probability != b.probability ? a.probability > b.probability : a.label < b.label;
  };
  std::partial_sort(labels.begin(), labels.begin() + static_cast<ptrdiff_t>(std::max<size_t>(wanted, 1)), labels.end(), likelier);
  const LabelProbability best = labels.front();
  labels.resize(wanted);
  if (settings.multi_label) {
    prediction.no_label = 1;
    for (const float probability : scratch.scores) prediction.no_label *= 1 - static_cast<double>(probability);
  }
  if (settings.multi_label && options.top == 0) {
    const float least = prediction.known_features == 0 ? 2.0F : 0.5F;  // how frequent labels are says nothing of this text
    std::erase_if(labels, [least](const LabelProbability& label) { return label.probability < least; });
  }
  prediction.abstained = static_cast<double>(best.probability) < options.abstain;
  if (prediction.abstained) labels.clear();
  if (options.explain) Explain(text, best.label, scratch, prediction.votes);
  return prediction;
}

double Classifier::VoteOf(const WeightRow& row, double factor, uint32_t best) const {
  const ModelSettings& settings = model_->settings();
  std::vector<float> parts(settings.labels.size());
  model_->table().AddRow(row, 1, parts.data());
  double own = 0;
  double others = 0;
  for (size_t l = 0; l < parts.size(); ++l) {
    const double weight = (static_cast<double>(parts[l]) + static_cast<double>(row.base) - settings.labels[l].offset) * settings.labels[l].gain;
    (l == best ? own : others) += weight;
  }
  if (settings.multi_label) return factor * own;
  return factor * (own - (parts.size() > 1 ? others / static_cast<double>(parts.size() - 1) : 0));
}

void Classifier::Explain(std::string_view text, uint32_t best, Scratch& scratch, std::vector<FeatureVote>& votes) const {
  const ModelSettings& settings = model_->settings();
  CutUnits(text, scratch.units, &scratch.spans);
  scratch.bag.Take(scratch.units, settings.variant.order);
  const auto features = scratch.bag.features();
  std::vector<double> weights(features.size());
  double mass = 0;
  WeightRow row;
  for (size_t i = 0; i < features.size(); ++i) {
    if (!model_->table().Find(features[i].hash, row)) continue;
    const double factor = ValueOfCount(settings.variant.transform, features[i].count) * static_cast<double>(row.mass);
    weights[i] = VoteOf(row, factor, best);
    mass += factor;
  }
  std::vector<uint32_t> order(features.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return std::fabs(weights[a]) > std::fabs(weights[b]); });
  const double slope = settings.calibration.SlopeAt(mass);
  for (size_t i = 0; i < std::min(order.size(), kMaxVotes); ++i) {
    const Feature& feature = features[order[i]];
    if (weights[order[i]] == 0) break;
    const uint32_t begin = scratch.spans[FirstUnit(scratch.units, feature.hash, feature.first)].begin;
    votes.push_back({std::string(text.substr(begin, scratch.spans[feature.first].end - begin)), feature.count, weights[order[i]] * slope});
  }
  Shrink(scratch.units);
  Shrink(scratch.spans);
}

}  // namespace sakuin::classifier
