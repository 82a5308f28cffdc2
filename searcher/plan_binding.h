// plan_binding.h: a plan meets a segment: which matchers find its documents there.
//
//   ASSIGN_OR_RETURN(auto matcher, Bind(*plan.root, part));     // null: nothing matches there
//
// Costs a look-up per word; ranges, keys and patterns are walked at once, into a
// set of documents. Pure; the matchers read the segment, which must outlive them.
#pragma once

#include <memory>

#include "base/status.h"
#include "index/snapshot.h"
#include "searcher/matcher.h"
#include "searcher/plan.h"

namespace sakuin::searcher {

class Budget;
class Profile;

// What a binding keeps count in; both outlive the matchers and may be null.
struct Accounts {
  Budget* budget = nullptr;    // spent: patterns stand for the words found so far
  Profile* profile = nullptr;
};

// Null when nothing in the segment can match.
Result<std::unique_ptr<Matcher>> Bind(const PlanNode& node, const index::Snapshot::Part& part, const Accounts& accounts = {});

}  // namespace sakuin::searcher
