// rescorer.h: a second, dearer look at the best hits.
//
//   RETURN_IF_ERROR(Rescore(*request.rescore, *plan.root, snapshot, candidates));
//
// The second query is asked about these documents alone.
#pragma once

#include <vector>

#include "base/status.h"
#include "index/snapshot.h"
#include "searcher/plan.h"
#include "searcher/search_request.h"
#include "searcher/top_hits.h"

namespace sakuin::searcher {

// `plan` is that of rescoring.query. The first rescoring.top candidates get their
// new score and order, ties by key. Cost: one lookup per candidate and word.
Status Rescore(const Rescoring& rescoring, const PlanNode& plan, const index::Snapshot& snapshot, std::vector<Candidate>& candidates);

}  // namespace sakuin::searcher
