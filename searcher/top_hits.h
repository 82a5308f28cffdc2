// top_hits.h: the best k documents of several segments, in the order asked for.
//
//   TopHits top(k, sort, snapshot);
//   RETURN_IF_ERROR(top.StartPart(p));
//   top.Offer(doc, score);                   // any order
//   std::vector<Candidate> best = top.Take(); // sorted, at most k
//
// By score, candidates gather in a buffer of 2k that is cut in half by
// nth_element; ties are broken by key: within a segment by the key's stored
// rank, between segments by the key itself. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "index/snapshot.h"
#include "searcher/sort_spec.h"

namespace sakuin::searcher {

struct SortValue {
  bool missing = true;
  int64_t number = 0;
  std::string_view text;  // of a string column; lives in the segment
};

struct Candidate {
  uint32_t part = 0;
  index::DocId doc = 0;
  float score = 0;
  std::vector<SortValue> values;  // one per sort key; empty when sorted by score
};

class TopHits {
 public:
  // REQUIRES: k > 0. `snapshot` outlives this.
  TopHits(size_t k, const std::vector<SortKey>& sort, const index::Snapshot& snapshot);

  // INVALID_ARGUMENT for a field that cannot be sorted by.
  Status StartPart(uint32_t part);

  void Offer(index::DocId doc, float score) {
    if (score < threshold_) return;
    Add(doc, score);
  }

  // No document with a lower score can be among the best any more.
  float threshold() const { return threshold_; }
  // Raises the threshold to what the documents offered so far allow. Cost: one nth_element.
  void Tighten();
  // k documents that score at least this are known to be offered before the end.
  void ExpectAtLeast(float score) { threshold_ = std::max(threshold_, score); }
  size_t k() const { return k_; }

  std::vector<Candidate> Take();

 private:
  struct KeyColumn {
    const index::Column* column = nullptr;
    bool strings = false;
    bool as_float = false;
  };

  void Add(index::DocId doc, float score);
  void Cut();
  SortValue ValueOf(const SortKey& key, const KeyColumn& column, index::DocId doc) const;
  bool Before(const Candidate& a, const Candidate& b) const;

  size_t k_;
  const std::vector<SortKey>& sort_;
  const index::Snapshot& snapshot_;
  uint32_t part_ = 0;
  std::vector<KeyColumn> columns_;
  float threshold_;
  size_t cut_size_ = 0;  // candidates after the last cut
  std::vector<Candidate> candidates_;
};

}  // namespace sakuin::searcher
