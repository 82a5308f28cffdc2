// budget.h: what a query may take, counted in one place.
//
//   Budget budget(limits);
//   if (budget.Spent(matcher.postings_read())) ...   // stop: the best so far is the answer
//
// Time counts from the making. Patterns, which read postings before any matcher
// does, charge theirs. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>

#include "searcher/search_request.h"

namespace sakuin::searcher {

class Budget {
 public:
  explicit Budget(const ExecutionLimits& limits) : limits_(limits), end_(std::chrono::steady_clock::now() + limits.timeout) {}

  void Charge(uint64_t postings) { charged_ += postings; }

  // True when time is up or, with `postings` read beside those charged, the postings are; stays so.
  bool Spent(uint64_t postings = 0) {
    spent_ = spent_ || (limits_.timeout.count() > 0 && std::chrono::steady_clock::now() > end_) ||
             (limits_.postings > 0 && charged_ + postings >= limits_.postings);
    return spent_;
  }

 private:
  ExecutionLimits limits_;
  std::chrono::steady_clock::time_point end_;
  uint64_t charged_ = 0;
  bool spent_ = false;
};

}  // namespace sakuin::searcher
