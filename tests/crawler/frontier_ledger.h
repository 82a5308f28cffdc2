// frontier_ledger.h: a workload on a frontier, and whether everything that it acknowledged is still there.
//
//   FrontierLedger ledger;
//   while (ledger.Work(*frontier, now).ok()) ledger.Acknowledge();    // and somewhere in between, the end
//   ledger.Check(*frontier);                                          // opened again
//
// URLs are numbered, kBatch at a time are discovered, and what GetUrls gives is completed. Whatever happened: the URLs
// that are there are whole batches, what the counts of queues say is so, and what was acknowledged is there.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "crawler/frontier.h"

namespace sakuin::crawler {

class FrontierLedger {
 public:
  static constexpr uint64_t kBatch = 20;
  static constexpr uint64_t kHosts = 7;

  static std::string QueueOf(uint64_t number) { return "host" + std::to_string(number % kHosts) + ".example"; }
  static std::string UrlOf(uint64_t number) { return "http://" + QueueOf(number) + "/" + std::string(100, 'a') + "/" + std::to_string(number); }
  static uint64_t NumberOf(const std::string& url) { return std::stoull(url.substr(url.rfind('/') + 1)); }

  explicit FrontierLedger(uint64_t first = 0) : discovered_(first) {}

  // Discovers a batch, completes what comes up, syncs.
  Status Work(Frontier& frontier, Time now) {
    std::vector<FrontierUrl> urls;
    for (uint64_t i = 0; i < kBatch; ++i) urls.push_back({UrlOf(discovered_ + i), QueueOf(discovered_ + i)});
    RETURN_IF_ERROR(frontier.PutDiscovered(urls, now).status());
    discovered_ += kBatch;
    ASSIGN_OR_RETURN(const std::vector<LeasedUrl> leased, frontier.GetUrls({.max_queues = 5}, now));
    for (const LeasedUrl& url : leased) {
      KnownUrl known{.url = url.url, .queue = url.queue, .refetch_at = {}, .metadata = std::string(100, 'm')};
      if (NumberOf(url.url) % 2 == 0) known.refetch_at = now + std::chrono::hours(1000);
      RETURN_IF_ERROR(frontier.PutKnown(known, now));
      completed_.insert(NumberOf(url.url));
    }
    return frontier.Sync();
  }

  void Acknowledge() {
    acknowledged_ = discovered_;
    acknowledged_completed_ = completed_;
  }

  uint64_t discovered() const { return discovered_; }
  const std::set<uint64_t>& completed() const { return completed_; }
  void Acknowledge(uint64_t discovered, const std::set<uint64_t>& completed) {
    acknowledged_ = discovered;
    discovered_ = std::max(discovered_, discovered);
    acknowledged_completed_.insert(completed.begin(), completed.end());
  }

  // Returns how many are there. `attempted`: how many may be.
  uint64_t Check(Frontier& frontier, uint64_t attempted) const {
    std::map<std::string, QueueStats> counted;
    uint64_t there = 0;
    for (uint64_t number = 0; number < attempted; ++number) {
      const Result<UrlStatus> status = frontier.StatusOf(QueueOf(number), UrlOf(number));
      if (!status.ok()) {
        EXPECT_EQ(status.status().code(), StatusCode::kNotFound) << status.status().ToString();
        EXPECT_GE(number, acknowledged_) << "was acknowledged, and is lost";
        continue;
      }
      EXPECT_EQ(there++, number) << "one before it is missing";
      QueueStats& queue = counted[QueueOf(number)];
      ++(status->phase == UrlPhase::kWaiting ? queue.waiting : status->phase == UrlPhase::kDone ? queue.done : queue.scheduled);
      EXPECT_TRUE(status->phase != UrlPhase::kWaiting || !acknowledged_completed_.contains(number)) << number << " would be fetched again";
    }
    EXPECT_EQ(there % kBatch, 0U) << "half a batch";
    for (const auto& [name, expected] : counted) {
      const Result<QueueStats> stats = frontier.StatsOf(name);
      if (!stats.ok()) {
        ADD_FAILURE() << stats.status().ToString();
        continue;
      }
      EXPECT_EQ(stats->waiting, expected.waiting);
      EXPECT_EQ(stats->scheduled, expected.scheduled);
      EXPECT_EQ(stats->done, expected.done);
    }
    return there;
  }

 private:
  uint64_t discovered_;
  std::set<uint64_t> completed_;
  uint64_t acknowledged_ = 0;
  std::set<uint64_t> acknowledged_completed_;
};

}  // namespace sakuin::crawler
