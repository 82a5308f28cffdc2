// profile.h: what each clause of a query costs: time, and postings decoded.
//
//   Profile profile;
//   Bind(*plan.root, part, {nullptr, &profile});     // matchers that keep count
//   ...                                              // search
//   ClauseCost cost = profile.Tree(*plan.root);      // after the matchers are gone
//
// The time of a clause includes that of the clauses in it. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "searcher/matcher.h"
#include "searcher/plan.h"
#include "searcher/search_request.h"

namespace sakuin::searcher {

class Profile {
 public:
  struct Count {
    std::chrono::nanoseconds time{0};
    uint64_t postings = 0;
  };

  // The same for all segments.
  Count& Of(const PlanNode& node) { return counts_[&node]; }
  // Of finding candidates, which is done for all clauses at once.
  std::chrono::nanoseconds candidates{0};

  ClauseCost Tree(const PlanNode& root) const;

 private:
  std::unordered_map<const PlanNode*, Count> counts_;
};

// A matcher that does what `matcher` does, and counts. `count` outlives it.
std::unique_ptr<Matcher> MakeProfiledMatcher(std::unique_ptr<Matcher> matcher, Profile::Count& count);

// Adds the time of a block to a sum.
class Stopwatch {
 public:
  explicit Stopwatch(std::chrono::nanoseconds& sum) : sum_(sum) {}
  ~Stopwatch() { sum_ += std::chrono::steady_clock::now() - start_; }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  std::chrono::nanoseconds& sum_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace sakuin::searcher
