// explainer.h: why a document has its score: the same matchers that scored it,
// asked about this document alone.
#pragma once

#include <string>

#include "base/status.h"
#include "index/snapshot.h"
#include "searcher/plan.h"
#include "searcher/search_request.h"

namespace sakuin::searcher {

// What a node is, in a word: "body:fox", "sum of".
std::string Label(const PlanNode& node);

// The parts add up to the root's value, which is the score.
Result<Explanation> Explain(const PlanNode& node, const index::Snapshot::Part& part, index::DocId doc);

}  // namespace sakuin::searcher
