// counting.h: the counts of one feature after another, in whole numbers, for all
// documents and for each fold of them.
//
//   const LabelledDocuments documents(set);
//   FeatureCounter counter(index, documents, Transform::kLog, FeatureOrder::kPairs);
//   counter.Count(f);
//   const double factor = counter.Scaled(fold).factor;
//   for (const uint32_t label : counter.labels()) Use(label, factor * static_cast<double>(counter.label_sum(fold, label)));
//
// A fold is a fifth of the documents, by a hash of their keys: which one a document
// is in depends on nothing but the document. All sums are integers (logarithms in
// units of 2^-20, rounded once for each document), so that adding and taking away
// are exact and no order of documents can be seen in them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "classifier/feature_index.h"
#include "classifier/training_set.h"
#include "classifier/variant.h"

namespace sakuin::classifier {

inline constexpr uint32_t kFolds = 5;
inline constexpr uint32_t kNoFold = kFolds;  // nothing is held out
inline constexpr double kLogUnit = 1 << 20;

// How many documents of the training part a feature must be in.
inline uint64_t LeastDocuments(uint64_t feature_hash) { return OrderOf(feature_hash) == 1 ? 1 : 2; }

// The documents of a set as counting needs them.
struct LabelledDocuments {
  explicit LabelledDocuments(const TrainingSet& ordered);

  std::span<const uint32_t> labels(uint32_t document) const {
    return {label_numbers.data() + label_begins[document], label_begins[document + 1] - label_begins[document]};
  }

  size_t label_count = 0;
  std::vector<uint8_t> folds;
  std::vector<uint32_t> label_numbers;
  std::vector<size_t> label_begins;
  // Of all, and of the documents outside each fold.
  std::vector<uint64_t> outside = std::vector<uint64_t>(kFolds + 1);
  std::vector<std::vector<uint64_t>> outside_by_label;
};

// What the counts of a feature in the documents outside a fold are worth.
struct ScaledSums {
  double idf = 1;
  double factor = 1;  // what a label's sum is multiplied with: Idf and the unit of the sums
  double sum = 0;     // of all labels, multiplied
};

class FeatureCounter {
 public:
  FeatureCounter(const FeatureIndex& index, const LabelledDocuments& documents, Transform transform, FeatureOrder order);

  // Replaces all below by the counts of this feature.
  void Count(size_t feature);

  // Labels with a document that has the feature.
  const std::vector<uint32_t>& labels() const { return touched_; }
  // Of the documents outside the fold.
  int64_t label_sum(uint32_t fold, uint32_t label) const { return by_label_[label][kNoFold] - (fold == kNoFold ? 0 : by_label_[label][fold]); }
  int64_t sum(uint32_t fold) const { return sums_[kNoFold] - (fold == kNoFold ? 0 : sums_[fold]); }
  uint64_t documents(uint32_t fold) const { return documents_[kNoFold] - (fold == kNoFold ? 0 : documents_[fold]); }

  // Whether enough of the documents outside the fold have the feature.
  bool known(uint32_t fold) const { return documents(fold) >= LeastDocuments(index_.hash(feature_)); }
  ScaledSums Scaled(uint32_t fold) const {
    const double idf = Idf(transform_, of_.outside[fold], documents(fold));
    const double factor = idf * (transform_ == Transform::kLog ? 1 / kLogUnit : 1);
    return {idf, factor, factor * static_cast<double>(sum(fold))};
  }

 private:
  using ByFold = std::array<int64_t, 8>;  // a cache line: of each fold, of all, and nothing
  int64_t ValueOf(const Posting& posting) const;
  void AddTo(uint32_t fold, uint32_t label, int64_t value);

  const FeatureIndex& index_;
  const LabelledDocuments& of_;
  Transform transform_;
  size_t feature_ = 0;
  struct Known {
    float factor = 1;  // kLogUnit over the length
    uint32_t fold : 8 = 0;
    uint32_t label : 24 = 0;  // the only one
  };
  std::vector<Known> known_;  // of every document
  bool one_label_;           // of every document
  std::vector<ByFold> by_label_;
  int64_t sums_[kFolds + 1] = {};
  uint64_t documents_[kFolds + 1] = {};
  std::vector<uint32_t> touched_;
};

// The totals over all features up to `order` of the documents outside each fold, and, last, of all.
std::vector<Totals> CountTotals(const FeatureIndex& index, const LabelledDocuments& documents, Transform transform, FeatureOrder order);

}  // namespace sakuin::classifier
