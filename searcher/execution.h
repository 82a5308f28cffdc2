// execution.h: runs a plan over the segments of a snapshot: all matches, their
// number, or the best k of them.
//
//   Execution execution(snapshot, *plan.root, filter, limits);
//   RETURN_IF_ERROR(execution.Best(top));             // only documents that can enter are scored
//   ASSIGN_OR_RETURN(uint64_t total, execution.Count());
//   if (execution.stopped()) ...                      // a limit was reached: the answer is of the documents searched
//
// The three agree: the best k are those that scoring every match would give, to
// the last digit. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "base/status.h"
#include "index/snapshot.h"
#include "searcher/budget.h"
#include "searcher/candidates.h"
#include "searcher/matcher.h"
#include "searcher/plan.h"
#include "searcher/profile.h"
#include "searcher/score_function.h"
#include "searcher/search_request.h"
#include "searcher/top_hits.h"

namespace sakuin::searcher {

class Execution {
 public:
  using StartPart = std::function<Status(uint32_t part)>;
  using VisitWindow = std::function<void(uint32_t part, index::DocId base, const Window& window)>;

  // `filter`, `factors` and `profile` may be null; all outlive this. The timeout counts from here.
  Execution(const index::Snapshot& snapshot, const PlanNode& root, const PlanNode* filter, const ExecutionLimits& limits,
            ScoreFactors* factors = nullptr, Profile* profile = nullptr);

  // Offers the best k by score to `top`. REQUIRES: `top` sorts by score.
  Status Best(TopHits& top);

  // The number of matches.
  Result<uint64_t> Count();

  // Shows every window with matches, scored.
  Status ForEachMatch(const StartPart& start_part, const VisitWindow& visit);

  // True after a limit ended a run early.
  bool stopped() const { return stopped_; }
  // Of the last run: documents looked at, or known not to matter; matches that were scored.
  uint64_t documents_searched() const { return searched_; }
  uint64_t documents_scored() const { return scored_; }
  const std::set<uint32_t>& shards() const { return shards_; }

 private:
  struct BoundPart;

  Status ForEachPart(const std::function<Status(uint32_t part, BoundPart& bound)>& run);
  Result<BoundPart> Open(uint32_t part);
  // Calls `each` with the base of a window, which returns that of the next.
  template <typename EachWindow>
  Status RunWindows(BoundPart& bound, EachWindow each);
  Status BestOfPart(BoundPart& bound, TopHits& top);
  void ScoreAll(BoundPart& bound, index::DocId base, Window& window, TopHits& top);
  void ScoreCandidates(BoundPart& bound, index::DocId base, const Candidates& found, TopHits& top);
  void ScoreBetween(BoundPart& bound, index::DocId base, const Candidates& found, const DocBits& wanted, float below, float least, TopHits& top);
  void ScoreBatch(BoundPart& bound, DocBatch& batch, TopHits& top);
  void FillScored(BoundPart& bound, index::DocId base, Window& window);
  // What the words of a document have to score for it to be among the best.
  float Needed(const TopHits& top) const { return factors_ == nullptr ? top.threshold() : top.threshold() / factors_->largest(); }

  const index::Snapshot& snapshot_;
  const PlanNode& root_;
  const PlanNode* filter_;
  Budget budget_;
  ScoreFactors* factors_;
  Profile* profile_;
  bool stopped_ = false;
  uint64_t postings_read_ = 0;  // in finished segments
  uint64_t searched_ = 0;
  uint64_t scored_ = 0;
  std::set<uint32_t> shards_;
  std::vector<float> bounds_;  // of a window's candidates
};

}  // namespace sakuin::searcher
