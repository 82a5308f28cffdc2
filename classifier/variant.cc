#include "classifier/variant.h"

#include <algorithm>
#include <cstdio>

namespace sakuin::classifier {
namespace {

constexpr const char* kModelNames[kModels] = {"multinomial", "complement", "normalized complement", "contrast", "Bernoulli"};
constexpr const char* kTransformNames[kTransforms] = {"counts", "presence", "logs"};
constexpr const char* kOrderNames[kOrders] = {"units", "pairs", "triples"};

double Documents(const Totals& totals, size_t label) { return static_cast<double>(totals.label_documents[label]); }

// A label without documents has a small prior rather than none.
double LogPrior(const Totals& totals, size_t label) {
  const double labels = static_cast<double>(totals.label_documents.size());
  return std::log((Documents(totals, label) + 0.5) / (static_cast<double>(totals.documents) + 0.5 * labels));
}

double LogPriorOdds(const Totals& totals, size_t label) {
  return std::log((Documents(totals, label) + 0.5) / (static_cast<double>(totals.documents) - Documents(totals, label) + 0.5));
}

}  // namespace

std::string Variant::Name() const {
  char text[120];
  std::snprintf(text, sizeof(text), "%s of %s, %s, alpha %g", kModelNames[static_cast<size_t>(model)],
                kTransformNames[static_cast<size_t>(transform)], kOrderNames[static_cast<size_t>(order) - 1], alpha);
  return text;
}

const std::array<double, kLogsInTable> kLogTable = [] {
  std::array<double, kLogsInTable> table{};
  for (size_t i = 0; i < table.size(); ++i) table[i] = std::log1p(static_cast<double>(i));
  return table;
}();

LabelWeights MakeLabelWeights(const Variant& variant, const Totals& totals) {
  const size_t labels = totals.label_sums.size();
  LabelWeights weights{std::vector<double>(labels), std::vector<double>(labels)};
  const double smoothing = variant.alpha * static_cast<double>(std::max<uint64_t>(totals.features, 1));
  for (size_t l = 0; l < labels; ++l) {
    const double own = std::log(totals.label_sums[l] + smoothing);
    const double others = std::log(totals.sum - totals.label_sums[l] + smoothing);
    switch (variant.model) {
      case ModelKind::kMultinomial:
        weights.offsets[l] = own;
        weights.biases[l] = LogPrior(totals, l);
        break;
      case ModelKind::kComplement:
      case ModelKind::kNormalizedComplement: weights.offsets[l] = -others; break;
      case ModelKind::kContrast:
        weights.offsets[l] = own - others;
        weights.biases[l] = LogPriorOdds(totals, l);
        break;
      case ModelKind::kBernoulli:
        weights.offsets[l] = std::log(Documents(totals, l) + variant.alpha);
        weights.biases[l] = LogPrior(totals, l);
        break;
    }
  }
  return weights;
}

std::vector<double> FinishLabels(const Variant& variant, const Totals& totals, double all_bases, const std::vector<double>& all_parts,
                                 LabelWeights& weights) {
  const size_t labels = totals.label_sums.size();
  std::vector<double> gains(labels, 1);
  const double features = static_cast<double>(totals.features);
  if (variant.model == ModelKind::kBernoulli) {
    for (size_t l = 0; l < labels; ++l) {
      const double documents = Documents(totals, l) + variant.alpha;
      weights.biases[l] += features * std::log(documents / (documents + variant.alpha)) + all_parts[l];
    }
  }
  if (variant.model != ModelKind::kNormalizedComplement || totals.features == 0) return gains;
  // Every weight of a complement is above 0, so the sum needs no absolute values.
  double mean = 0;
  for (size_t l = 0; l < labels; ++l) {
    gains[l] = all_bases + all_parts[l] - features * weights.offsets[l];
    mean += gains[l] / static_cast<double>(labels);
  }
  for (double& gain : gains) gain = gain > 0 ? mean / gain : 1;
  return gains;
}

}  // namespace sakuin::classifier
