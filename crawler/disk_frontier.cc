// Every change is one batch: the URL's record, its place among the waiting or in the schedule, and the counts of its
// queue change together or not at all. What stands in memory is changed first; when the write then fails, the
// frontier has failed as a whole, and what memory says no longer matters.

#include "crawler/disk_frontier.h"

#include <algorithm>
#include <functional>

#include "base/checksum.h"

namespace sakuin::crawler {
namespace {

bool Fits(std::string_view url, std::string_view queue) {
  return !url.empty() && url.size() <= kMaxUrlBytes && !queue.empty() && queue.size() <= kMaxQueueNameBytes;
}

Status CheckMetadata(const std::string& metadata) {
  if (metadata.size() <= kMaxMetadataBytes) return OkStatus();
  return InvalidArgumentError("expected at most " + std::to_string(kMaxMetadataBytes) + " bytes of metadata, found " +
                              std::to_string(metadata.size()));
}

Status CheckKnown(const KnownUrl& known) {
  if (!Fits(known.url, known.queue)) return InvalidArgumentError("a URL or a queue's name is empty or too long");
  return CheckMetadata(known.metadata);
}

Status NoQueue(std::string_view name) { return NotFoundError("the frontier has no queue " + std::string(name)); }
Status NoUrl(std::string_view url) { return NotFoundError("the frontier does not know " + std::string(url)); }

UrlRecord NewRecord(const FrontierUrl& url) {
  UrlRecord record;
  record.place.priority = url.priority;
  record.depth = url.depth;
  record.redirects = url.redirects;
  if (url.discovered_from.size() <= kMaxUrlBytes) record.discovered_from = url.discovered_from;
  return record;
}

// The first key behind all that begin with it.
std::string EndOfPrefix(QueueId queue) { return QueueKey(queue + 1); }

}  // namespace

Status DiskFrontier::Fail(Status status) {
  if (status_.ok()) status_ = status;
  return status;
}

Result<QueueId> DiskFrontier::FindQueue(std::string_view name) const {
  if (const std::optional<QueueId> queue = queues_.Find(name)) return *queue;
  return NoQueue(name);
}

Result<QueueId> DiskFrontier::QueueOf(std::string_view name, Batch& batch) {
  if (const std::optional<QueueId> queue = queues_.Find(name)) return *queue;
  if (name.empty() || name.size() > kMaxQueueNameBytes) return InvalidArgumentError("a queue's name is empty or too long");
  if (queues_.size() >= UINT32_MAX - 1) return ResourceExhaustedError("the frontier has as many queues as it can have");
  QueueRecord record;
  record.name = name;
  const QueueId queue = queues_.Add(std::move(record));
  heads_.push_back(kFirstPlace);
  PutQueue(queue, batch);
  return queue;
}

void DiskFrontier::PutQueue(QueueId queue, Batch& batch) {
  batch.Put(FrontierTable::kQueues, QueueKey(queue), EncodeQueueRecord(queues_.record(queue)));
}

void DiskFrontier::Count(QueueId queue, UrlPhase phase, int64_t more) {
  QueueRecord& record = queues_.record(queue);
  const bool has_waited = record.waiting > 0;
  const auto add = [more](uint64_t& of_queue, uint64_t& of_all) {
    of_queue += static_cast<uint64_t>(more);
    of_all += static_cast<uint64_t>(more);
  };
  switch (phase) {
    case UrlPhase::kWaiting: add(record.waiting, totals_.waiting); break;
    case UrlPhase::kScheduled: add(record.scheduled, totals_.scheduled); break;
    case UrlPhase::kDone: add(record.done, totals_.done); break;
  }
  totals_.queues_waiting += uint64_t{record.waiting > 0} - uint64_t{has_waited};
}

Result<bool> DiskFrontier::ReadUrl(QueueId queue, std::string_view url, UrlRecord& record) const {
  std::string bytes;
  ASSIGN_OR_RETURN(const bool found, store_->Get(FrontierTable::kUrls, UrlKey(queue, url), bytes));
  if (!found) return false;
  ASSIGN_OR_RETURN(record, DecodeUrlRecord(bytes));
  if (record.phase != UrlPhase::kWaiting) return true;
  ASSIGN_OR_RETURN(const bool waits, store_->Get(FrontierTable::kWaiting, WaitingKey(queue, record.place), bytes));
  if (!waits) return DataLossError("the frontier has lost what it knew of " + std::string(url));
  ASSIGN_OR_RETURN(WaitingUrl waiting, DecodeWaiting(bytes));
  record = std::move(waiting.record);
  return true;
}

bool DiskFrontier::IsKnown(std::string_view key, uint64_t fingerprint, Status& status) {
  std::string bytes;
  const Result<bool> found = store_->Get(FrontierTable::kUrls, key, bytes);
  if (!found.ok()) status = found.status();
  if (found.ok() && *found) seen_.Add(fingerprint);
  return found.ok() && *found;
}

Duration DiskFrontier::DelayOf(QueueId queue) const {
  const Duration delay = queues_.record(queue).delay;
  return delay == QueueRecord::kDefaultDelay ? options_.default_delay : delay;
}

void DiskFrontier::Enqueue(QueueId queue, std::string_view url, UrlRecord record, Batch& batch) {
  record.phase = UrlPhase::kWaiting;
  record.is_retry = false;
  record.place.number = record_.next_number++;
  heads_[queue] = std::min(heads_[queue], record.place);
  Count(queue, UrlPhase::kWaiting, 1);
  batch.Put(FrontierTable::kWaiting, WaitingKey(queue, record.place), EncodeWaiting(url, record));
  batch.Put(FrontierTable::kUrls, UrlKey(queue, url), EncodePlace(record));
}

void DiskFrontier::Schedule(QueueId queue, std::string_view url, UrlRecord record, std::optional<Time> at, Batch& batch) {
  record.phase = at ? UrlPhase::kScheduled : UrlPhase::kDone;
  if (at) {
    record.refetch_at = std::max(*at, Time());
    Agenda& agenda = AgendaOf(record.is_retry);
    agenda.first = std::min(agenda.first.value_or(record.refetch_at), record.refetch_at);
    batch.Put(agenda.table, ScheduleKey(record.refetch_at, queue, url), {});
    totals_.retries += record.is_retry ? 1 : 0;
  }
  Count(queue, record.phase, 1);
  batch.Put(FrontierTable::kUrls, UrlKey(queue, url), EncodeUrlRecord(record));
}

// Takes a URL out of where it stands; its record is about to be written anew.
void DiskFrontier::Withdraw(QueueId queue, std::string_view url, const UrlRecord& record, Batch& batch) {
  Count(queue, record.phase, -1);
  switch (record.phase) {
    case UrlPhase::kWaiting: return batch.Delete(FrontierTable::kWaiting, WaitingKey(queue, record.place));
    case UrlPhase::kScheduled:
      totals_.retries -= record.is_retry ? 1 : 0;
      return batch.Delete(AgendaOf(record.is_retry).table, ScheduleKey(record.refetch_at, queue, url));
    case UrlPhase::kDone: return;
  }
}

// Those that fit, with their keys; what memory knows of them is on its way to the processor then.
Status DiskFrontier::Find(const std::vector<FrontierUrl>& urls, Batch& batch, std::vector<Found>& found) {
  found.reserve(urls.size());
  const std::string* name = nullptr;  // of the last one's queue, which is that of most others of its page
  QueueId queue = 0;
  for (const FrontierUrl& url : urls) {
    if (!Fits(url.url, url.queue)) continue;
    if (name == nullptr || *name != url.queue) {
      const Result<QueueId> of_url = QueueOf(url.queue, batch);
      if (!of_url.ok()) return Fail(of_url.status());
      queue = *of_url;
      name = &url.queue;
    }
    Found& link = found.emplace_back(Found{&url, queue, UrlKey(queue, url.url), 0});
    link.fingerprint = HashBytes(link.key);
    seen_.Expect(link.fingerprint);
  }
  return OkStatus();
}

Result<PutCounts> DiskFrontier::PutDiscovered(const std::vector<FrontierUrl>& urls, Time /*now*/) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  PutCounts counts;
  Batch batch(*store_);
  std::vector<Found> found;
  RETURN_IF_ERROR(Find(urls, batch, found));
  counts.refused = urls.size() - found.size();
  std::unordered_set<std::string> added;  // keys
  std::unordered_set<QueueId> changed;
  for (Found& link : found) {
    Status read;
    if (seen_.Has(link.fingerprint) || added.contains(link.key) || IsKnown(link.key, link.fingerprint, read)) {
      ++counts.known;
      continue;
    }
    RETURN_IF_ERROR(Fail(read));
    Enqueue(link.queue, link.url->url, NewRecord(*link.url), batch);
    added.insert(std::move(link.key));
    changed.insert(link.queue);
  }
  counts.added = added.size();
  if (added.empty()) return counts;
  for (const QueueId queue : changed) PutQueue(queue, batch);
  batch.Put(FrontierTable::kQueues, {}, EncodeFrontierRecord(record_));
  RETURN_IF_ERROR(Write(batch));
  for (const std::string& key : added) seen_.Add(HashBytes(key));
  for (const QueueId queue : changed) queues_.Changed(queue);
  return counts;
}

Status DiskFrontier::PutKnown(std::span<const KnownUrl> known, Time now) {
  for (const KnownUrl& each : known) RETURN_IF_ERROR(CheckKnown(each));
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  while (!known.empty()) {
    std::unordered_set<std::string_view> urls;
    const auto end = std::find_if_not(known.begin(), known.end(), [&](const KnownUrl& each) { return urls.insert(each.url).second; });
    const auto count = static_cast<size_t>(end - known.begin());
    RETURN_IF_ERROR(PutDifferent(known.first(count), now));
    known = known.subspan(count);
  }
  return OkStatus();
}

Status DiskFrontier::PutDifferent(std::span<const KnownUrl> all, Time now) {
  Batch batch(*store_);
  AddNotes(batch);
  std::vector<std::optional<Lease>> leases;
  std::unordered_set<QueueId> changed;
  for (const KnownUrl& known : all) {
    ASSIGN_OR_RETURN(const QueueId queue, QueueOf(known.queue, batch));
    std::optional<Lease>& lease = leases.emplace_back(leases_.Remove(queue, known.url));
    UrlRecord record;
    record.place.priority = kDefaultPriority;
    if (lease.has_value()) record = std::move(lease->record);
    const Result<bool> found = lease.has_value() ? true : ReadUrl(queue, known.url, record);
    if (!found.ok()) return Fail(found.status());
    if (*found) Withdraw(queue, known.url, record, batch);
    record.known = true;
    record.is_retry = known.is_retry && known.refetch_at.has_value();
    record.metadata = known.metadata;
    Schedule(queue, known.url, std::move(record), known.refetch_at, batch);
    ++queues_.record(queue).completed;
    ++totals_.completed;
    changed.insert(queue);
  }
  for (const QueueId queue : changed) PutQueue(queue, batch);
  RETURN_IF_ERROR(Write(batch));
  notes_.clear();
  for (size_t i = 0; i < all.size(); ++i) {
    if (leases[i].has_value()) EndLease(*leases[i], all[i].rest, now);
  }
  for (const QueueId queue : changed) queues_.Changed(queue);
  return OkStatus();
}

void DiskFrontier::EndLease(const Lease& lease, std::optional<Duration> rest, Time now) {
  if (lease.is_over) {
    queues_.Freed(lease.queue);
  } else {
    queues_.Ended(lease.queue, now + rest.value_or(DelayOf(lease.queue)));
  }
}

Status DiskFrontier::Sync() {
  {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(status_);
    RETURN_IF_ERROR(WriteNotes());
  }
  Status status = store_->Sync();  // without the lock: others go on meanwhile
  if (status.ok()) return status;
  const std::lock_guard lock(mutex_);
  return Fail(status);
}

Status DiskFrontier::SetRefetchTime(std::string_view queue_name, std::string_view url, Time at, bool is_retry,
                                    const std::optional<std::string>& metadata) {
  if (metadata) RETURN_IF_ERROR(CheckMetadata(*metadata));
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  ASSIGN_OR_RETURN(const QueueId queue, FindQueue(queue_name));
  UrlRecord record;
  const Result<bool> found = ReadUrl(queue, url, record);
  if (!found.ok()) return Fail(found.status());
  if (!*found) return NoUrl(url);
  if (record.phase == UrlPhase::kWaiting) return OkStatus();
  Batch batch(*store_);
  Withdraw(queue, url, record, batch);
  if (metadata) record.metadata = *metadata;
  record.is_retry = is_retry;
  Schedule(queue, url, std::move(record), at, batch);
  PutQueue(queue, batch);
  return Write(batch);
}

Status DiskFrontier::ChangeQueue(std::string_view name, const std::function<void(QueueId)>& change) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  Batch batch(*store_);
  ASSIGN_OR_RETURN(const QueueId queue, QueueOf(name, batch));
  change(queue);
  PutQueue(queue, batch);
  RETURN_IF_ERROR(Write(batch));
  queues_.Changed(queue);
  return OkStatus();
}

Status DiskFrontier::BlockQueueUntil(std::string_view queue, Time until) {
  return ChangeQueue(queue, [&](QueueId id) { queues_.record(id).blocked_until = std::max(queues_.record(id).blocked_until, until); });
}

Status DiskFrontier::BlockAddressUntil(std::string_view queue, Time until) {
  return ChangeQueue(queue, [&](QueueId id) { queues_.Close(id, until); });
}

Status DiskFrontier::PauseQueueUntil(std::string_view queue, Time until) {
  return ChangeQueue(queue, [&](QueueId id) { queues_.Pause(id, until); });
}

Status DiskFrontier::SetDelay(std::string_view queue, Duration delay) {
  return ChangeQueue(queue, [&](QueueId id) { queues_.record(id).delay = std::max(delay, Duration(0)); });
}

Status DiskFrontier::SetCrawlLimit(std::string_view queue, uint64_t completed) {
  return ChangeQueue(queue, [&](QueueId id) { queues_.record(id).limit = completed; });
}

Status DiskFrontier::SetActive(std::string_view queue, bool active) {
  return ChangeQueue(queue, [&](QueueId id) { queues_.record(id).active = active; });
}

Status DiskFrontier::SetAddress(std::string_view queue, std::string_view address) {
  if (address.size() > kMaxQueueNameBytes) return InvalidArgumentError("an address is too long");
  return ChangeQueue(queue, [&](QueueId id) { queues_.SetAddress(id, address); });
}

void DiskFrontier::SetActive(bool active) {
  const std::lock_guard lock(mutex_);
  active_ = active;
}

Result<uint64_t> DiskFrontier::PurgeQueue(std::string_view name) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  ASSIGN_OR_RETURN(const QueueId queue, FindQueue(name));
  const QueueRecord& record = queues_.record(queue);
  const uint64_t urls = record.waiting + record.scheduled + record.done;
  Count(queue, UrlPhase::kWaiting, -static_cast<int64_t>(record.waiting));
  Count(queue, UrlPhase::kScheduled, -static_cast<int64_t>(record.scheduled));
  Count(queue, UrlPhase::kDone, -static_cast<int64_t>(record.done));
  Batch batch(*store_);
  batch.DeleteRange(FrontierTable::kUrls, QueueKey(queue), EndOfPrefix(queue));
  batch.DeleteRange(FrontierTable::kWaiting, QueueKey(queue), EndOfPrefix(queue));
  PutQueue(queue, batch);  // what stays of it in the schedule is dropped when it is due
  RETURN_IF_ERROR(Write(batch));
  heads_[queue] = kFirstPlace;
  leases_.RemoveAll(queue);
  queues_.EndedAll(queue);
  seen_.Clear();
  return urls;
}

FrontierStats DiskFrontier::Stats() {
  const std::lock_guard lock(mutex_);
  FrontierStats stats = totals_;
  stats.queues = queues_.size();
  stats.in_flight = leases_.size();
  return stats;
}

bool DiskFrontier::IsResting(Time until) {
  const std::lock_guard lock(mutex_);
  for (QueueId queue = 0; queue < queues_.size(); ++queue) {
    if (queues_.MayGive(queue) && queues_.rests_until(queue) < until) return false;
  }
  return true;
}

std::vector<QueueStats> DiskFrontier::ListResting(Time now, size_t most) {
  const std::lock_guard lock(mutex_);
  std::vector<QueueStats> resting;
  for (QueueId queue = 0; queue < queues_.size() && resting.size() < most; ++queue) {
    if (!queues_.MayGive(queue) || queues_.rests_until(queue) <= now) continue;
    resting.push_back(StatsOfQueue(queue));
  }
  return resting;
}

Result<QueueStats> DiskFrontier::StatsOf(std::string_view name) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const QueueId queue, FindQueue(name));
  return StatsOfQueue(queue);
}

QueueStats DiskFrontier::StatsOfQueue(QueueId queue) const {
  const QueueRecord& record = queues_.record(queue);
  return QueueStats{record.name,      record.address, record.active,    record.waiting, queues_.in_flight(queue), record.scheduled,
                    record.done,      record.completed, record.limit,   DelayOf(queue), queues_.rests_until(queue)};
}

std::vector<std::string> DiskFrontier::ListQueues(size_t first, size_t count) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (size_t queue = first; queue < queues_.size() && names.size() < count; ++queue) {
    names.push_back(queues_.record(static_cast<QueueId>(queue)).name);
  }
  return names;
}

Result<UrlStatus> DiskFrontier::StatusOf(std::string_view queue_name, std::string_view url) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  ASSIGN_OR_RETURN(const QueueId queue, FindQueue(queue_name));
  UrlRecord record;
  ASSIGN_OR_RETURN(const bool found, ReadUrl(queue, url, record));
  if (!found) return NoUrl(url);
  return UrlStatus{record.phase, record.known,           leases_.Has(queue, url), record.place.priority,
                   record.depth, record.discovered_from, record.metadata,         record.refetch_at,   record.is_retry};
}

Result<bool> DiskFrontier::Knows(std::string_view queue_name, std::string_view url) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(status_);
  const std::optional<QueueId> queue = queues_.Find(queue_name);
  if (!queue) return false;
  Status read;
  const std::string key = UrlKey(*queue, url);
  const uint64_t fingerprint = HashBytes(key);
  const bool known = seen_.Has(fingerprint) || IsKnown(key, fingerprint, read);
  RETURN_IF_ERROR(Fail(read));
  return known;
}

}  // namespace sakuin::crawler
