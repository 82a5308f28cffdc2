// candidates.h: the documents of a window that can still be among the best k.
//
//   std::unique_ptr<CandidateFinder> finder = MakeCandidateFinder(shape);   // null: no bounds, take all
//   for (DocId base = 0; base < documents; base = found.next) {
//     finder->Find(base, top.threshold(), found);
//     ...                                     // score found.at[0 .. found.count): execution.h
//   }
//
// Every match of the window that scores at least `threshold` is among them, with
// a bound that is not below its score; so are others, which the matcher that
// scores them refuses. Block-max MaxScore over windows for words of which one has
// to match (Ding and Suel 2011, Mallia et al. 2017 and 2019), score-first
// intersection where all have to. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "searcher/block_kernels.h"
#include "searcher/scored_list.h"
#include "searcher/window.h"

namespace sakuin::searcher {

// What the search for candidates has to know of a query, in one segment.
// Lists point into the matchers they come from.
struct ScoreShape {
  std::vector<ScoredList> required;  // every match is in all of these
  std::vector<ScoredList> any;       // where `required` is empty: and in one of these
  std::vector<ScoredList> optional;  // may add to the score
  double constant = 0;               // bound of all that is in no list
  size_t constants = 0;              // of how many clauses it is the sum
  bool any_bounded = true;           // false: alternatives are more than the lists in `any`
  bool any_matches = true;           // a document of a list in `any` is a match
};

struct Candidates {
  uint32_t count = 0;
  uint32_t at[kWindowDocs + kKernelRoom];  // document less base, ascending
  float bound[kWindowDocs + kKernelRoom];
  index::DocId next = 0;  // base of the next window that can have some
  size_t summands = 0;    // that a bound is the sum of: lists and constants

  // What documents get without being in a list.
  void AddToBounds(double constant) {
    for (uint32_t i = 0; constant != 0 && i < count; ++i) bound[i] += static_cast<float>(constant);
  }
  void Clear(index::DocId base) {
    count = 0;
    next = base + kWindowDocs;
  }
};

class CandidateFinder {
 public:
  virtual ~CandidateFinder() = default;

  // REQUIRES: `base` is a multiple of kWindowDocs, and larger than in the call before.
  virtual void Find(index::DocId base, float threshold, Candidates& out) = 0;

  // A score that k matches are known to reach; 0 when that is not known.
  virtual float ScoreOfBest(size_t k) const = 0;
};

// Null when the shape has no bounds to go by.
std::unique_ptr<CandidateFinder> MakeCandidateFinder(ScoreShape shape);

// Bounds are sums in another order than scores: what float arithmetic may lose
// with so many summands, 2^-24 of the sum for each on either side.
inline float Slackened(float threshold, size_t summands) { return threshold * (1 - 2e-7F * static_cast<float>(summands + 2)); }

}  // namespace sakuin::searcher
