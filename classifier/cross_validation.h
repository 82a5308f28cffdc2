// cross_validation.h: how well a variant would do on documents it has not seen,
// judged on held-out documents of the training set.
//
//   CrossValidation validation(set, index);
//   validation.Prepare(variants, pool);
//   const std::vector<HeldOutScores> scores = validation.Score(variants);   // that share their counts
//
// A bounded sample of the documents is judged, those with the smallest hash of
// their key, and fewer where there are very many labels, so that memory and time
// stay bounded; each by weights from all documents outside its fold. All of it is a
// function of the set: no random number, no order. Thread-safe after construction,
// as long as Prepare was called with the variant before.
#pragma once

#include <cstdint>
#include <map>
#include <span>
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
  // Judged documents times labels, 32 MB for each variant: with more than 1,677 labels fewer are judged.
  static constexpr size_t kMostScores = size_t{1} << 23;
  // Where a document has several, each variant has to be calibrated to be judged: with more than 419 labels fewer are judged.
  static constexpr size_t kMostScoresOfSeveral = size_t{1} << 21;

  CrossValidation(const TrainingSet& ordered, const FeatureIndex& index, size_t judged = kJudged);

  // Counts what the variants of a transform and order share. Not thread-safe.
  void Prepare(const std::vector<Variant>& variants, ThreadPool* pool);

  // Whether it is worth while to score them together, by one pass of counting.
  static bool ShareCounts(const Variant& a, const Variant& b) {
    return a.transform == b.transform && a.order == b.order && NeedsAllFeatures(a) == NeedsAllFeatures(b);
  }
  // How many at once at most in one pass, and how many passes, for the memory that the scores of all labels take: 256 MB
  // for all passes together.
  size_t MostAtOnce() const;
  size_t MostPasses() const;

  // One after another. REQUIRES: the same transform and order.
  std::vector<HeldOutScores> Score(std::span<const Variant> variants) const;

  const LabelledDocuments& documents() const { return documents_; }
  const std::vector<uint32_t>& judged() const { return judged_; }

 private:
  // Not only those of judged documents.
  static bool NeedsAllFeatures(const Variant& variant) {
    return variant.model == ModelKind::kNormalizedComplement || variant.model == ModelKind::kBernoulli;
  }

  friend class ScoringPass;
  const FeatureIndex& index_;
  LabelledDocuments documents_;
  std::vector<uint32_t> judged_;
  std::vector<int32_t> place_;  // of a document among the judged, or -1
  std::map<std::pair<Transform, FeatureOrder>, std::vector<Totals>> totals_;
};

}  // namespace sakuin::classifier
