#include "classifier/derived_weights.h"

#include <algorithm>

namespace sakuin::classifier {

DerivedWeights DeriveWeights(const FeatureIndex& index, const LabelledDocuments& documents, const Variant& variant) {
  Totals totals;
  totals.label_sums.resize(documents.label_count);
  totals.label_documents = documents.outside_by_label[kNoFold];
  totals.documents = documents.outside[kNoFold];
  FeatureCounter counter(index, documents, variant.transform, variant.order);
  WeightTableBuilder builder(documents.label_count);
  std::vector<double> label_sums(documents.label_count);
  std::vector<double> all_parts(documents.label_count);
  double all_bases = 0;
  FeatureWeights weights;
  for (size_t i = 0; i < index.size(); ++i) {
    const uint64_t hash = index.hash(i);
    if (OrderOf(hash) > static_cast<uint32_t>(variant.order)) continue;
    counter.Count(i);
    if (!counter.known(kNoFold)) continue;
    const ScaledSums scaled = counter.Scaled(kNoFold);
    const FeatureSums sums{label_sums.data(), scaled.sum};
    const double base = BaseOf(variant, sums);
    all_bases += base;
    totals.sum += sums.sum;
    ++totals.features;
    weights.mass = static_cast<float>(scaled.idf);
    weights.base = static_cast<float>(base);
    weights.parts.clear();
    for (const uint32_t label : counter.labels()) {
      label_sums[label] = scaled.factor * static_cast<double>(counter.label_sum(kNoFold, label));
      totals.label_sums[label] += label_sums[label];
      const double part = PartOf(variant, totals, sums, label);
      weights.parts.emplace_back(label, static_cast<float>(part));
      all_parts[label] += variant.model == ModelKind::kBernoulli ? AbsencePart(variant, totals, label_sums[label], label) : part;
    }
    std::sort(weights.parts.begin(), weights.parts.end());
    builder.Add(hash, weights);
  }
  DerivedWeights derived;
  derived.features = totals.features;
  derived.labels = MakeLabelWeights(variant, totals);
  derived.gains = FinishLabels(variant, totals, all_bases, all_parts, derived.labels);
  derived.table = builder.Finish();
  return derived;
}

}  // namespace sakuin::classifier
