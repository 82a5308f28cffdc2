#include "crawler/crawl_summary.h"

#include <algorithm>

#include "crawler/crawl_options.h"
#include "text/date_text.h"

namespace sakuin::crawler {
namespace {

constexpr uint64_t kMinuteMs = 60'000;
constexpr size_t kMostKinds = 1000;  // of what servers write: types and reasons

void Count(std::map<std::string, uint64_t>& counts, const std::string& name) {
  if (counts.size() < kMostKinds || counts.contains(name)) {
    ++counts[name];
  } else {
    ++counts["other"];
  }
}

// What an error is called where many are counted.
std::string WhyOf(const FetchRecord& record) { return record.why.empty() ? std::string(NameOf(record.outcome)) : record.why; }

}  // namespace

std::string DateOf(Time time) { return text::FormatDate(std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count()); }

void CrawlSummary::Add(const FetchRecord& record) {
  if (record.outcome == Outcome::kTrap) return Count(traps_, record.why);
  AddTime(record);
  ++outcomes_[static_cast<size_t>(record.outcome)];
  const bool is_error = IsError(record.outcome);
  HostSummary& host = hosts_[record.host];
  host.errors += is_error ? 1 : 0;
  if (is_error) Count(errors_by_kind_, WhyOf(record));
  NoteFailure(record);
  if (IsAskedFor(record.outcome)) {
    AddAnswer(record);
  } else {
    ++not_asked_;
  }
}

void CrawlSummary::AddTime(const FetchRecord& record) {
  const bool is_first = asked_ + not_asked_ == 0;
  first_ms_ = is_first ? record.time_ms : std::min(first_ms_, record.time_ms);
  last_ms_ = std::max(last_ms_, record.time_ms);
  if (is_first || record.run != run_) {
    before_ms_ += run_last_ms_ - run_first_ms_;
    run_ = record.run;
    run_first_ms_ = record.time_ms;
    run_last_ms_ = record.time_ms;
  }
  run_first_ms_ = std::min(run_first_ms_, record.time_ms);
  run_last_ms_ = std::max(run_last_ms_, record.time_ms);
}

void CrawlSummary::AddAnswer(const FetchRecord& record) {
  ++asked_;
  bytes_ += record.bytes;
  HostSummary& host = hosts_[record.host];
  ++host.asked;
  host.bytes += record.bytes;
  host.stored += record.outcome == Outcome::kStored ? 1 : 0;
  ++statuses_[record.status];
  ++fetches_by_minute_[record.time_ms / kMinuteMs];
  if (!record.type.empty()) Count(types_, record.type);
  if (record.outcome == Outcome::kStored && !record.language.empty()) Count(languages_, record.language);
  if (record.total_ms <= 0) return;
  ++host.answers;
  host.total_ms += record.total_ms;
  host.slowest_ms = std::max(host.slowest_ms, record.total_ms);
  AddSlow(record);
}

double CrawlSummary::seconds() const { return static_cast<double>(before_ms_ + run_last_ms_ - run_first_ms_) / 1e3; }

void CrawlSummary::AddSlow(const FetchRecord& record) {
  if (slowest_.size() == kSlowest && slowest_.back().total_ms >= record.total_ms) return;
  const auto at = std::find_if(slowest_.begin(), slowest_.end(), [&](const SlowFetch& slow) { return slow.total_ms < record.total_ms; });
  slowest_.insert(at, {record.total_ms, record.url});
  if (slowest_.size() > kSlowest) slowest_.pop_back();
}

// What came of a URL last counts: one that failed and then came is none.
void CrawlSummary::NoteFailure(const FetchRecord& record) {
  std::erase_if(failures_, [&](const FailedFetch& failed) { return failed.url == record.url; });
  const bool is_part = record.outcome == Outcome::kListing && !record.why.empty();
  if (!IsError(record.outcome) && !is_part) return;
  failures_.push_front({record.url, record.outcome, WhyOf(record), record.time_ms});
  if (failures_.size() > kFailures) failures_.pop_back();
}

uint64_t CrawlSummary::errors() const {
  uint64_t errors = 0;
  for (size_t i = 0; i < kOutcomes; ++i) errors += IsError(static_cast<Outcome>(i)) ? outcomes_[i] : 0;
  return errors;
}

void CrawlRuns::Add(const FetchRecord& record) {
  if (runs_ == 0 || record.run != run_) {
    run_ = record.run;
    ++runs_;
    last_ = CrawlSummary();
  }
  all_.Add(record);
  last_.Add(record);
}

}  // namespace sakuin::crawler
