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

}  // namespace

std::string DateOf(Time time) { return text::FormatDate(std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count()); }

void CrawlSummary::Add(const FetchRecord& record) {
  if (record.outcome == Outcome::kTrap) return Count(traps_, record.why);
  ++records_;
  bytes_ += record.bytes;
  first_ms_ = records_ == 1 ? record.time_ms : std::min(first_ms_, record.time_ms);
  last_ms_ = std::max(last_ms_, record.time_ms);
  ++outcomes_[static_cast<size_t>(record.outcome)];
  HostSummary& host = hosts_[record.host];
  ++host.asked;
  host.bytes += record.bytes;
  host.stored += record.outcome == Outcome::kStored ? 1 : 0;
  host.errors += IsError(record.outcome) ? 1 : 0;
  if (record.outcome == Outcome::kBlockedByRobots || record.outcome == Outcome::kOverBudget) return;
  ++statuses_[record.status];
  ++fetches_by_minute_[record.time_ms / kMinuteMs];
  if (!record.type.empty()) Count(types_, record.type);
  if (record.outcome == Outcome::kStored && !record.language.empty()) Count(languages_, record.language);
  if (IsError(record.outcome)) Count(errors_by_kind_, record.why.empty() ? std::string(NameOf(record.outcome)) : record.why);
  if (record.total_ms <= 0) return;
  ++host.answers;
  host.total_ms += record.total_ms;
  host.slowest_ms = std::max(host.slowest_ms, record.total_ms);
  AddSlow(record);
}

void CrawlSummary::AddSlow(const FetchRecord& record) {
  if (slowest_.size() == kSlowest && slowest_.back().total_ms >= record.total_ms) return;
  const auto at = std::find_if(slowest_.begin(), slowest_.end(), [&](const SlowFetch& slow) { return slow.total_ms < record.total_ms; });
  slowest_.insert(at, {record.total_ms, record.url});
  if (slowest_.size() > kSlowest) slowest_.pop_back();
}

uint64_t CrawlSummary::errors() const {
  uint64_t errors = 0;
  for (size_t i = 0; i < kOutcomes; ++i) errors += IsError(static_cast<Outcome>(i)) ? outcomes_[i] : 0;
  return errors;
}

}  // namespace sakuin::crawler
