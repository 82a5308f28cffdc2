#include "classifier/counting.h"

#include <algorithm>
#include <cmath>

namespace sakuin::classifier {
namespace {

constexpr size_t kTouched = kNoFold + 1;  // in a row of sums: 1 when the label has been met

}  // namespace

LabelledDocuments::LabelledDocuments(const TrainingSet& ordered) : label_count(ordered.label_names().size()) {
  outside_by_label.assign(kFolds + 1, std::vector<uint64_t>(label_count));
  label_begins.push_back(0);
  for (const TrainingSet::Document& document : ordered.documents()) {
    const auto fold = static_cast<uint8_t>(MixHash(document.key.id, document.key.id == 0 ? document.key.content : 0) % kFolds);
    folds.push_back(fold);
    const auto labels_of = ordered.labels_of(document);
    label_numbers.insert(label_numbers.end(), labels_of.begin(), labels_of.end());
    label_begins.push_back(label_numbers.size());
    for (uint32_t f = 0; f <= kFolds; ++f) {
      if (f == fold) continue;
      ++outside[f];
      for (const uint32_t label : labels_of) ++outside_by_label[f][label];
    }
  }
}

FeatureCounter::FeatureCounter(const FeatureIndex& index, const LabelledDocuments& documents, Transform transform, FeatureOrder order)
    : index_(index),
      of_(documents),
      transform_(transform),
      by_label_(documents.label_count) {
  one_label_ = true;
  for (uint32_t d = 0; d < documents.folds.size(); ++d) one_label_ = one_label_ && documents.labels(d).size() == 1;
  for (uint32_t d = 0; d < documents.folds.size(); ++d) {
    Known known;
    known.fold = documents.folds[d];
    if (one_label_) known.label = documents.label_numbers[d] & 0xFFFFFF;
    const double length = index.length(d, order);
    if (transform == Transform::kLog) known.factor = length > 0 ? static_cast<float>(kLogUnit / length) : 0;
    known_.push_back(known);
  }
}

int64_t FeatureCounter::ValueOf(const Posting& posting) const {
  switch (transform_) {
    case Transform::kCounts: return posting.count;
    case Transform::kPresence: return 1;
    default: return static_cast<int64_t>(std::floor(LogOfCount(posting.count) * static_cast<double>(known_[posting.document].factor) + 0.5));
  }
}

void FeatureCounter::AddTo(uint32_t fold, uint32_t label, int64_t value) {
  ByFold& row = by_label_[label];
  row[fold] += value;
  if (row[kTouched] != 0) return;
  row[kTouched] = 1;
  touched_.push_back(label);
}

void FeatureCounter::Count(size_t feature) {
  feature_ = feature;
  for (const uint32_t label : touched_) by_label_[label] = {};
  touched_.clear();
  std::fill(std::begin(sums_), std::end(sums_), 0);
  std::fill(std::begin(documents_), std::end(documents_), 0);
  for (const Posting& posting : index_.postings(feature)) {
    const Known& known = known_[posting.document];
    const int64_t value = ValueOf(posting);
    sums_[known.fold] += value;
    ++documents_[known.fold];
    if (one_label_) {
      AddTo(known.fold, known.label, value);
    } else {
      for (const uint32_t label : of_.labels(posting.document)) AddTo(known.fold, label, value);
    }
  }
  for (uint32_t f = 0; f < kFolds; ++f) {
    sums_[kNoFold] += sums_[f];
    documents_[kNoFold] += documents_[f];
  }
  for (const uint32_t label : touched_) {
    ByFold& row = by_label_[label];
    for (uint32_t f = 0; f < kFolds; ++f) row[kNoFold] += row[f];
  }
}

std::vector<Totals> CountTotals(const FeatureIndex& index, const LabelledDocuments& documents, Transform transform, FeatureOrder order) {
  std::vector<Totals> totals(kFolds + 1);
  for (uint32_t f = 0; f <= kFolds; ++f) {
    totals[f].label_sums.resize(documents.label_count);
    totals[f].label_documents = documents.outside_by_label[f];
    totals[f].documents = documents.outside[f];
  }
  FeatureCounter counter(index, documents, transform, order);
  for (size_t i = 0; i < index.size(); ++i) {
    if (OrderOf(index.hash(i)) > static_cast<uint32_t>(order)) continue;
    counter.Count(i);
    for (uint32_t f = 0; f <= kFolds; ++f) {
      if (!counter.known(f)) continue;
      const ScaledSums scaled = counter.Scaled(f);
      for (const uint32_t label : counter.labels()) totals[f].label_sums[label] += scaled.factor * static_cast<double>(counter.label_sum(f, label));
      totals[f].sum += scaled.sum;
      ++totals[f].features;
    }
  }
  return totals;
}

}  // namespace sakuin::classifier
