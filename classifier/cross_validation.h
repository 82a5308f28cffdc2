// cross_validation.h: how well a variant would do on documents it has not seen,
// judged on held-out documents of the training set.
//
//   CrossValidation validation(set, index);
//   validation.Prepare({variant}, pool);
//   const HeldOutScores scores = validation.Score(variant);
//
// A bounded sample of the documents is judged, those with the smallest hash of
// their key; each by weights from all documents outside its fold. All of it is a
// function of the set: no random number, no order. Thread-safe after construction,
// as long as Prepare was called with the variant before.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "classifier/counting.h"

namespace sakuin::classifier {

// What each label scored for each judged document.
struct HeldOutScores {
  std::vector<uint32_t> documents;
  std::vector<float> scores;  // a row of all labels for each document
  std::vector<float> masses;  // the sum of the values of a document's known features
};

class CrossValidation {
 public:
  static constexpr size_t kJudged = 5000;

  CrossValidation(const TrainingSet& ordered, const FeatureIndex& index, size_t judged = kJudged);

  // Counts what the variants of a transform and order share. Not thread-safe.
  void Prepare(const std::vector<Variant>& variants, ThreadPool* pool);

  HeldOutScores Score(const Variant& variant) const;

  const LabelledDocuments& documents() const { return documents_; }
  const std::vector<uint32_t>& judged() const { return judged_; }

 private:
  friend class ScoringPass;
  const FeatureIndex& index_;
  LabelledDocuments documents_;
  std::vector<uint32_t> judged_;
  std::vector<int32_t> place_;  // of a document among the judged, or -1
  std::map<std::pair<Transform, FeatureOrder>, std::vector<Totals>> totals_;
};

}  // namespace sakuin::classifier
