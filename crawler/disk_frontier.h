// disk_frontier.h: a frontier in a folder, whose process may be killed at any moment.
//
//   ASSIGN_OR_RETURN(auto frontier, DiskFrontier::Open("state/frontier", {}));
//   frontier->PutDiscovered(seeds, CurrentTime());      // and so on: frontier.h
//
// What was put before a Sync that returned OK is there after kill -9 and after power loss; what was put
// later is there or not, each PutDiscovered or PutKnown as a whole. Leases are not kept: what was handed out
// and not completed is handed out again after a restart, at most as many URLs as were in flight.
//
// In memory stand the hosts (less than 800 bytes each), what is in flight, and caches of a size that is given; all URLs
// are on disk. After an error of the disk every call returns that error: open it again.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/file.h"
#include "crawler/frontier.h"
#include "crawler/frontier_records.h"
#include "crawler/frontier_store.h"
#include "crawler/host_queues.h"
#include "crawler/lease_table.h"
#include "crawler/seen_urls.h"

namespace sakuin::crawler {

struct DiskFrontierOptions {
  size_t memory_bytes = size_t{128} << 20;          // for URLs that were seen, caches and what is not yet in sorted files
  uint32_t max_in_flight = 1;                       // of a host, or of an address
  Duration default_delay = std::chrono::seconds(1);  // where SetDelay has said nothing
  rocksdb::Env* env = nullptr;                      // files that fail, for tests
};

class DiskFrontier : public Frontier {
 public:
  // Makes it when it is not there. UNAVAILABLE, with who holds it, while another process has it open.
  static Result<std::unique_ptr<DiskFrontier>> Open(const std::string& folder, const DiskFrontierOptions& options);
  // UNAVAILABLE as Open says it; makes nothing.
  static Status CheckFree(const std::string& folder);

  Result<PutCounts> PutDiscovered(const std::vector<FrontierUrl>& urls, Time now) override;
  Status PutKnown(const KnownUrl& known, Time now) override { return PutKnown({&known, 1}, now); }
  // Likewise, many at once, with the notes that were put before: all of it stays or nothing, but where a URL comes twice.
  Status PutKnown(std::span<const KnownUrl> known, Time now);
  Status EndVisit(std::string_view queue, std::string_view url, std::optional<Duration> rest, Time now) override;
  Status GiveTurnBack(std::string_view queue, std::string_view url) override;
  Status Sync() override;
  Result<std::vector<LeasedUrl>> GetUrls(const GetOptions& options, Time now) override;
  Status Release(std::string_view queue, std::string_view url, Time now) override;
  Result<Time> TakeTurn(std::string_view queue, Time now) override;
  Status ReturnTurn(std::string_view queue, std::optional<Duration> rest, Time now) override;
  Status SetAside(std::string_view queue, bool aside) override;
  Result<std::optional<Time>> NextReadyTime(Time now, bool revisit = true) override;
  Status SetRefetchTime(std::string_view queue, std::string_view url, Time at, bool is_retry = false,
                        const std::optional<std::string>& metadata = {}) override;
  Result<uint64_t> MakeAllDue(Time now) override;
  Result<uint64_t> MakeRetriesDue(Time until) override;
  Status BlockQueueUntil(std::string_view queue, Time until) override;
  Status BlockAddressUntil(std::string_view queue, Time until) override;
  Status PauseQueueUntil(std::string_view queue, Time until) override;
  Status SetDelay(std::string_view queue, Duration delay) override;
  Status SetCrawlLimit(std::string_view queue, uint64_t completed) override;
  Status SetActive(std::string_view queue, bool active) override;
  Status SetAddress(std::string_view queue, std::string_view address) override;
  void SetActive(bool active) override;
  bool IsResting(Time until) override;
  std::vector<QueueStats> ListResting(Time now, size_t most) override;
  FrontierStats Stats() override;
  Result<QueueStats> StatsOf(std::string_view queue) override;
  std::vector<std::string> ListQueues(size_t first, size_t count) override;
  Result<UrlStatus> StatusOf(std::string_view queue, std::string_view url) override;
  Result<uint64_t> PurgeQueue(std::string_view queue) override;

  // Whether the URL was ever put.
  Result<bool> Knows(std::string_view queue, std::string_view url);

  // What else a crawler wants to keep beside: any bytes by key. Notes are gathered in memory until PutKnown or Sync writes them,
  // and are lost without; durable after Sync.
  Status PutNote(std::string_view key, std::string_view value);
  Status DeleteNote(std::string_view key);
  size_t gathered_notes();
  // All whose keys begin with this.
  Status DeleteNotes(char first);
  // Whether it is there; then `value` is set.
  Result<bool> ReadNote(std::string_view key, std::string& value);
  // Those whose keys begin with `prefix`, in order. `visitor` must not call the frontier. REQUIRES: it has a byte that is not 0xFF.
  Status ScanNotes(std::string_view prefix, const FrontierStore::Visitor& visitor);

  // For measuring.
  FrontierStore& store() { return *store_; }

 private:
  using Batch = FrontierStore::Batch;

  DiskFrontier(const DiskFrontierOptions& options, std::unique_ptr<FileLock> lock, std::unique_ptr<FrontierStore> store);
  Status Load();

  // Of all below: REQUIRES: mutex_ is held.
  Status Fail(Status status);  // keeps the first error
  Status Write(Batch& batch) { return Fail(store_->Write(batch)); }
  Result<QueueId> QueueOf(std::string_view name, Batch& batch);
  Result<QueueId> FindQueue(std::string_view name) const;
  void PutQueue(QueueId queue, Batch& batch);
  Status PutDifferent(std::span<const KnownUrl> known, Time now);
  void EndLease(const Lease& lease, std::optional<Duration> rest, Time now);
  Status ChangeNote(std::string_view key, std::optional<std::string> value);
  void AddNotes(Batch& batch);
  Status WriteNotes();
  // Every change of how many URLs of a queue wait, are scheduled or done.
  void Count(QueueId queue, UrlPhase phase, int64_t more);
  Result<bool> ReadUrl(QueueId queue, std::string_view url, UrlRecord& record) const;
  struct Found {
    const FrontierUrl* url;
    QueueId queue;
    std::string key;
    uint64_t fingerprint;
  };
  Status Find(const std::vector<FrontierUrl>& urls, Batch& batch, std::vector<Found>& found);
  bool IsKnown(std::string_view key, uint64_t fingerprint, Status& status);
  Status ChangeQueue(std::string_view name, const std::function<void(QueueId)>& change);

  void Enqueue(QueueId queue, std::string_view url, UrlRecord record, Batch& batch);
  void Schedule(QueueId queue, std::string_view url, UrlRecord record, std::optional<Time> at, Batch& batch);
  void Withdraw(QueueId queue, std::string_view url, const UrlRecord& record, Batch& batch);
  void ExpireLeases(Time now);
  void PutBack(const Lease& lease, Time next);
  // The URLs that wait for their time, in the order of time: those that came, or those that did not.
  struct Agenda {
    FrontierTable table;
    std::optional<Time> first{};  // nothing is scheduled before
  };
  Agenda& AgendaOf(bool is_retry) { return is_retry ? retries_ : schedule_; }
  Status MoveDue(Agenda& agenda, Time now);
  Result<size_t> MoveSomeDue(Agenda& agenda, Time now);
  Result<uint64_t> MoveAllDue(Agenda& agenda, Time until);
  Status FindFirstDue(Agenda& agenda);
  Status CountRetries();
  QueueStats StatsOfQueue(QueueId queue) const;
  Status HandOut(QueueId queue, size_t most, const GetOptions& options, Time now, std::vector<LeasedUrl>& urls);
  struct Waiting {
    WaitingPlace place;
    std::string url;
    UrlRecord record;
  };
  Result<std::vector<Waiting>> ReadHead(QueueId queue, size_t most);
  Duration DelayOf(QueueId queue) const;

  const DiskFrontierOptions options_;
  const std::unique_ptr<FileLock> lock_;
  const std::unique_ptr<FrontierStore> store_;

  std::mutex mutex_;
  Status status_;
  bool active_ = true;
  FrontierRecord record_;
  HostQueues queues_;
  std::vector<WaitingPlace> heads_;  // by queue: nothing that is not handed out waits before
  LeaseTable leases_;
  SeenUrls seen_;
  std::map<std::string, std::optional<std::string>, std::less<>> notes_;  // not yet written; nothing: deleted
  Agenda schedule_{FrontierTable::kSchedule};
  Agenda retries_{FrontierTable::kRetries};
  FrontierStats totals_;  // of all queues; what is in flight is counted by leases_
};

}  // namespace sakuin::crawler
