// The half of DiskFrontier that decides what is handed out: leases that end, pages that are due again, and the head of
// the queue whose turn it is.
//
// Where a queue begins is remembered: the keys of what was fetched are gone, but until a compaction the files still
// say so key by key, and a seek from the begin of the queue would read all of that for every URL.

#include <algorithm>

#include "crawler/disk_frontier.h"

namespace sakuin::crawler {
namespace {

constexpr size_t kDueAtOnce = 256;
constexpr int kDueRounds = 8;

// The first key of the schedule behind all that are due at `now`.
std::string EndOfDue(Time now) { return ScheduleKey(now + Duration(1), 0, {}); }

Status NotLeased(std::string_view url) { return NotFoundError("nobody has leased " + std::string(url)); }

constexpr Time kEndOfTime = Time(Time::max().time_since_epoch() / 2);
const std::string kEndOfSchedule(sizeof(uint64_t), '\xFF');

}  // namespace

void DiskFrontier::ExpireLeases(Time now) {
  while (const std::optional<Lease> lease = leases_.TakeExpired(now)) {
    ++totals_.leases_expired;
    PutBack(*lease, Time());  // its delay passed with the lease
  }
}

// It waits again, where it stood.
void DiskFrontier::PutBack(const Lease& lease, Time next) {
  heads_[lease.queue] = std::min(heads_[lease.queue], lease.place);
  if (lease.is_over) {
    queues_.Freed(lease.queue);
  } else {
    queues_.Ended(lease.queue, next);
  }
}

Status DiskFrontier::FindFirstDue(Agenda& agenda) {
  const Time from = agenda.first.value_or(Time());
  agenda.first.reset();
  Status parsed;
  RETURN_IF_ERROR(Fail(store_->Scan(agenda.table, ScheduleKey(from, 0, {}), kEndOfSchedule, [&](std::string_view key, std::string_view) {
    const Result<ScheduleEntry> entry = ParseScheduleKey(key);
    parsed = entry.status();
    if (entry.ok()) agenda.first = entry->time;
    return false;
  })));
  return Fail(parsed);
}

Status DiskFrontier::CountRetries() {
  return Fail(store_->Scan(FrontierTable::kRetries, ScheduleKey(Time(), 0, {}), kEndOfSchedule, [&](std::string_view, std::string_view) {
    ++totals_.retries;
    return true;
  }));
}

// Some of what is due begins to wait for its turn; how many entries of the agenda this took.
Result<size_t> DiskFrontier::MoveSomeDue(Agenda& agenda, Time now) {
  const bool are_retries = agenda.table == FrontierTable::kRetries;
  std::vector<std::string> keys;
  RETURN_IF_ERROR(store_->Scan(agenda.table, ScheduleKey(*agenda.first, 0, {}), EndOfDue(now), [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return keys.size() < kDueAtOnce;
  }));
  Batch batch(*store_);
  std::unordered_set<QueueId> changed;
  for (const std::string& key : keys) {
    ASSIGN_OR_RETURN(const ScheduleEntry entry, ParseScheduleKey(key));
    UrlRecord record;
    ASSIGN_OR_RETURN(const bool found, ReadUrl(entry.queue, entry.url, record));
    batch.Delete(agenda.table, key);
    totals_.retries -= are_retries ? 1 : 0;
    const bool stands_here = found && record.phase == UrlPhase::kScheduled && record.is_retry == are_retries && record.refetch_at == entry.time;
    if (!stands_here) continue;  // of a queue that was purged
    if (entry.queue >= queues_.size()) return DataLossError("the schedule of the frontier names a queue that is not there");
    Count(entry.queue, UrlPhase::kScheduled, -1);
    Enqueue(entry.queue, entry.url, std::move(record), batch);
    changed.insert(entry.queue);
  }
  for (const QueueId queue : changed) PutQueue(queue, batch);
  batch.Put(FrontierTable::kQueues, {}, EncodeFrontierRecord(record_));
  RETURN_IF_ERROR(store_->Write(batch));
  for (const QueueId queue : changed) queues_.Changed(queue);
  return keys.size();
}

Status DiskFrontier::MoveDue(Agenda& agenda, Time now) {
  for (int round = 0; round < kDueRounds && agenda.first && *agenda.first <= now; ++round) {
    const Result<size_t> moved = MoveSomeDue(agenda, now);
    if (!moved.ok()) return Fail(moved.status());
    RETURN_IF_ERROR(FindFirstDue(agenda));
  }
  return OkStatus();
}

Result<uint64_t> DiskFrontier::MoveAllDue(Agenda& agenda, Time until) {
  uint64_t moved = 0;
  while (agenda.first && *agenda.first <= until) {
    const Result<size_t> some = MoveSomeDue(agenda, until);
    if (!some.ok()) return Fail(some.status());
    moved += *some;
    RETURN_IF_ERROR(FindFirstDue(agenda));
  }
  return moved;
}

// The first of a queue that are not handed out.
Result<std::vector<DiskFrontier::Waiting>> DiskFrontier::ReadHead(QueueId queue, size_t most) {
  std::vector<Waiting> head;
  Status parsed;
  const auto visit = [&](std::string_view key, std::string_view value) {
    const Result<WaitingPlace> place = ParseWaitingKey(key);
    parsed = place.status();
    if (!place.ok()) return false;
    if (leases_.HasPlace(*place)) return true;
    Result<WaitingUrl> waiting = DecodeWaiting(value);
    parsed = waiting.status();
    if (!waiting.ok()) return false;
    if (head.empty()) heads_[queue] = *place;
    head.push_back({*place, std::string(waiting->url), std::move(waiting->record)});
    return head.size() < most;
  };
  RETURN_IF_ERROR(store_->Scan(FrontierTable::kWaiting, WaitingKey(queue, heads_[queue]), QueueKey(queue + 1), visit));
  RETURN_IF_ERROR(parsed);
  if (head.empty()) return DataLossError("the queue " + queues_.record(queue).name + " of the frontier has fewer URLs than it should have");
  return head;
}

Status DiskFrontier::HandOut(QueueId queue, size_t most, const GetOptions& options, Time now, std::vector<LeasedUrl>& urls) {
  ASSIGN_OR_RETURN(std::vector<Waiting> head, ReadHead(queue, most));
  for (Waiting& waiting : head) {
    UrlRecord& record = waiting.record;
    LeasedUrl leased;
    leased.url = waiting.url;
    leased.queue = queues_.record(queue).name;
    leased.priority = record.place.priority;
    leased.depth = record.depth;
    leased.redirects = record.redirects;
    leased.discovered_from = record.discovered_from;
    leased.known = record.known;
    leased.metadata = record.metadata;
    leased.leased_until = now + options.lease;
    const Turn turn = queues_.HandedOut(queue, now + DelayOf(queue));
    leases_.Add({queue, waiting.place, std::move(waiting.url), std::move(record), leased.leased_until, false, turn});
    urls.push_back(std::move(leased));
  }
  return OkStatus();
}

Result<std::vector<LeasedUrl>> DiskFrontier::GetUrls(const GetOptions& options, Time now) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  ExpireLeases(now);
  RETURN_IF_ERROR(MoveDue(retries_, now));
  if (options.revisit) RETURN_IF_ERROR(MoveDue(schedule_, now));
  std::vector<LeasedUrl> urls;
  if (!active_ || options.max_urls_per_queue == 0) return urls;
  for (size_t given = 0; given < options.max_queues; ++given) {
    const std::optional<QueueId> queue = queues_.Next(now);
    if (!queue) break;
    const uint64_t asked = DelayOf(*queue) > Duration(0) ? 1 : options.max_urls_per_queue;
    const Status status = HandOut(*queue, std::min(asked, queues_.Room(*queue)), options, now, urls);
    if (!status.ok()) return Fail(status);
  }
  return urls;
}

Status DiskFrontier::Release(std::string_view queue_name, std::string_view url, Time now) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  ASSIGN_OR_RETURN(const QueueId queue, FindQueue(queue_name));
  const std::optional<Lease> lease = leases_.Remove(queue, url);
  if (!lease.has_value()) return NotLeased(url);
  PutBack(*lease, now + DelayOf(queue));
  return OkStatus();
}

Status DiskFrontier::EndVisit(std::string_view queue_name, std::string_view url, std::optional<Duration> rest, Time now) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  ASSIGN_OR_RETURN(const QueueId queue, FindQueue(queue_name));
  if (!leases_.EndVisit(queue, url)) return NotLeased(url);
  queues_.Held(queue, now + rest.value_or(DelayOf(queue)));
  return OkStatus();
}

Status DiskFrontier::GiveTurnBack(std::string_view queue_name, std::string_view url) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  ASSIGN_OR_RETURN(const QueueId queue, FindQueue(queue_name));
  if (!leases_.EndVisit(queue, url)) return NotLeased(url);
  queues_.TakenBack(queue, leases_.TurnOf(queue, url));
  return OkStatus();
}

Result<Time> DiskFrontier::TakeTurn(std::string_view queue_name, Time now) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  std::optional<QueueId> queue = queues_.Find(queue_name);
  if (!queue) {
    Batch batch(*store_);
    ASSIGN_OR_RETURN(queue, QueueOf(queue_name, batch));
    RETURN_IF_ERROR(Write(batch));
  }
  return queues_.TakeTurn(*queue, now, now + DelayOf(*queue));
}

Status DiskFrontier::ReturnTurn(std::string_view queue_name, std::optional<Duration> rest, Time now) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  ASSIGN_OR_RETURN(const QueueId queue, FindQueue(queue_name));
  queues_.Returned(queue, now + rest.value_or(DelayOf(queue)));
  return OkStatus();
}

Status DiskFrontier::SetAside(std::string_view queue_name, bool aside) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  ASSIGN_OR_RETURN(const QueueId queue, FindQueue(queue_name));
  queues_.SetAside(queue, aside);
  return OkStatus();
}

Result<uint64_t> DiskFrontier::MakeAllDue(Time /*now*/) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  uint64_t moved = 0;
  for (Agenda* agenda : {&retries_, &schedule_}) {
    ASSIGN_OR_RETURN(const uint64_t some, MoveAllDue(*agenda, kEndOfTime));
    moved += some;
  }
  return moved;
}

Result<uint64_t> DiskFrontier::MakeRetriesDue(Time until) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  ASSIGN_OR_RETURN(const uint64_t soon, MoveAllDue(retries_, until));
  Agenda next_run{.table = retries_.table, .first = kNextRun};
  ASSIGN_OR_RETURN(const uint64_t later, MoveAllDue(next_run, kEndOfTime));
  return soon + later;
}

Result<std::optional<Time>> DiskFrontier::NextReadyTime(Time now, bool revisit) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  if (!active_) return std::optional<Time>();
  std::optional<Time> soonest = queues_.NextTime();
  for (const std::optional<Time>& other : {leases_.NextExpiry(), retries_.first, revisit ? schedule_.first : std::nullopt}) {
    if (other) soonest = std::min(soonest.value_or(*other), *other);
  }
  if (soonest) soonest = std::max(*soonest, now);
  return soonest;
}

}  // namespace sakuin::crawler
