// crawl_summary.h: what the log of a crawl comes to.
//
//   CrawlRuns runs;
//   runs.Add(record);                             // each of the log
//   runs.all().Of(Outcome::kStored)               // 1234
//   runs.last().hosts().at("a.example").mean_ms()
//
// Memory grows with the hosts, kinds of errors and minutes, not with the fetches.
// Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "crawler/fetch_record.h"

namespace sakuin::crawler {

struct HostSummary {
  uint64_t asked = 0;    // for a URL: so many times
  uint64_t stored = 0;
  uint64_t errors = 0;
  uint64_t bytes = 0;
  uint64_t answers = 0;  // that took time
  double total_ms = 0;
  double slowest_ms = 0;

  double mean_ms() const { return answers == 0 ? 0 : total_ms / static_cast<double>(answers); }
};

struct SlowFetch {
  double total_ms = 0;
  std::string url;
};

// A URL that was at last an error, or a listing that did not come whole.
struct FailedFetch {
  std::string url;
  Outcome outcome = Outcome::kFailed;
  std::string why;  // never empty
  uint64_t time_ms = 0;  // since 1970
};

class CrawlSummary {
 public:
  static constexpr size_t kSlowest = 20;
  static constexpr size_t kFailures = 20;

  void Add(const FetchRecord& record);

  uint64_t asked() const { return asked_; }          // as IsAskedFor says: so many times, robots.txt where it failed with them
  uint64_t not_asked() const { return not_asked_; }  // the others, but for traps
  uint64_t Of(Outcome outcome) const { return outcomes_[static_cast<size_t>(outcome)]; }
  // Of all outcomes that are (IsError).
  uint64_t errors() const;
  uint64_t bytes() const { return bytes_; }
  uint64_t first_ms() const { return first_ms_; }  // time of the first and of the last record; since 1970
  uint64_t last_ms() const { return last_ms_; }
  double seconds() const;  // from the first record of each run to its last
  const std::map<std::string, HostSummary>& hosts() const { return hosts_; }
  const std::map<uint32_t, uint64_t>& statuses() const { return statuses_; }         // 0: no answer
  const std::map<std::string, uint64_t>& types() const { return types_; }
  const std::map<std::string, uint64_t>& languages() const { return languages_; }    // of stored pages
  const std::map<std::string, uint64_t>& errors_by_kind() const { return errors_by_kind_; }
  const std::map<std::string, uint64_t>& traps() const { return traps_; }  // URLs that were not asked for, by why; no records
  const std::map<uint64_t, uint64_t>& fetches_by_minute() const { return fetches_by_minute_; }  // minutes since 1970
  const std::vector<SlowFetch>& slowest() const { return slowest_; }                 // the slowest first
  const std::deque<FailedFetch>& failures() const { return failures_; }              // the latest first, each URL once

 private:
  void AddTime(const FetchRecord& record);
  void AddAnswer(const FetchRecord& record);
  void AddSlow(const FetchRecord& record);
  void NoteFailure(const FetchRecord& record);

  uint64_t asked_ = 0;
  uint64_t not_asked_ = 0;
  uint64_t run_ = 0;           // of the last record
  uint64_t run_first_ms_ = 0;  // time of its first record
  uint64_t run_last_ms_ = 0;
  uint64_t before_ms_ = 0;     // that the runs before it took
  uint64_t bytes_ = 0;
  uint64_t first_ms_ = 0;
  uint64_t last_ms_ = 0;
  std::array<uint64_t, kOutcomes> outcomes_ = {};
  std::map<std::string, HostSummary> hosts_;
  std::map<uint32_t, uint64_t> statuses_;
  std::map<std::string, uint64_t> types_;
  std::map<std::string, uint64_t> languages_;
  std::map<std::string, uint64_t> errors_by_kind_;
  std::map<std::string, uint64_t> traps_;
  std::map<uint64_t, uint64_t> fetches_by_minute_;
  std::vector<SlowFetch> slowest_;
  std::deque<FailedFetch> failures_;
};

// Of a log: all that is in it, and its last run.
class CrawlRuns {
 public:
  void Add(const FetchRecord& record);

  const CrawlSummary& all() const { return all_; }
  const CrawlSummary& last() const { return last_; }
  uint64_t runs() const { return runs_; }  // that asked for anything

 private:
  CrawlSummary all_;
  CrawlSummary last_;
  uint64_t run_ = 0;
  uint64_t runs_ = 0;
};

}  // namespace sakuin::crawler
