// feature_index.h: the features of all documents of a training set, each with the
// documents it is in: what counting and cross-validation stream over.
//
//   const FeatureIndex index = FeatureIndex::Build(ordered_set, FeatureOrder::kTriples, pool);
//   for (size_t f = 0; f < index.size(); ++f) {
//     for (const Posting& posting : index.postings(f)) Count(index.hash(f), posting.document, posting.count);
//   }
//
// Features are in the order of their hashes, postings in that of the documents.
// Pairs and triples that are in one document only are left out: no held-out
// document can have met them, and they are most of all features. Immutable.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "classifier/features.h"
#include "classifier/training_set.h"

namespace sakuin::classifier {

struct Posting {
  uint32_t document = 0;
  uint32_t count = 0;
};

class FeatureIndex {
 public:
  // `pool` may be null. The result does not depend on it.
  static FeatureIndex Build(const TrainingSet& ordered, FeatureOrder order, ThreadPool* pool);

  size_t size() const { return hashes_.size(); }
  uint64_t hash(size_t feature) const { return hashes_[feature]; }
  std::span<const Posting> postings(size_t feature) const {
    return {postings_.data() + begins_[feature], static_cast<size_t>(begins_[feature + 1] - begins_[feature])};
  }

  // The length of a document's vector of log(1 + count), with the features up to this order, those left out too.
  double length(uint32_t document, FeatureOrder order) const { return lengths_[document][static_cast<size_t>(order) - 1]; }

  // Whether some document has a feature of this order.
  bool has(FeatureOrder order) const { return has_[static_cast<size_t>(order) - 1]; }

 private:
  std::vector<uint64_t> hashes_;
  std::vector<uint64_t> begins_;
  std::vector<Posting> postings_;
  std::vector<std::array<double, kOrders>> lengths_;
  std::array<bool, kOrders> has_{};
};

}  // namespace sakuin::classifier
