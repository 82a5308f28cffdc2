// Opening a frontier: whose it is, and what memory keeps of it.

#include <unistd.h>

#include <algorithm>
#include <array>

#include "crawler/disk_frontier.h"

namespace sakuin::crawler {
namespace {

constexpr std::string_view kHolderFile = "HOLDER";
constexpr std::string_view kStoreFolder = "store";

std::string Holder() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return "process " + std::to_string(::getpid()) + " on " + host.data();
}

Result<std::unique_ptr<FileLock>> Lock(FileSystem& fs, const std::string& folder) {
  Result<std::unique_ptr<FileLock>> lock = fs.LockFolder(folder);
  if (lock.status().code() != StatusCode::kUnavailable) return lock;
  const Result<std::string> holder = fs.ReadAll(JoinPath(folder, kHolderFile));
  return UnavailableError("the crawl state in " + folder + " is in use by " + (holder.ok() ? *holder : "another process") +
                          "; wait until it has finished, end it, or crawl with another state folder");
}

// The right to change the frontier in a folder.
Result<std::unique_ptr<FileLock>> Hold(FileSystem& fs, const std::string& folder) {
  RETURN_IF_ERROR(CreateDurableFolder(fs, folder));
  ASSIGN_OR_RETURN(std::unique_ptr<FileLock> lock, Lock(fs, folder));
  RETURN_IF_ERROR(WriteNewFile(fs, JoinPath(folder, kHolderFile), Holder()));
  return lock;
}

size_t SeenBytes(const DiskFrontierOptions& options) { return options.memory_bytes / 8 * 3; }

}  // namespace

DiskFrontier::DiskFrontier(const DiskFrontierOptions& options, std::unique_ptr<FileLock> lock, std::unique_ptr<FrontierStore> store)
    : options_(options),
      lock_(std::move(lock)),
      store_(std::move(store)),
      queues_(std::max(options.max_in_flight, 1U)),
      seen_(SeenBytes(options)) {}

Status DiskFrontier::CheckFree(const std::string& folder) {
  FileSystem& fs = PosixFileSystem();
  return fs.Exists(folder) ? Lock(fs, folder).status() : OkStatus();
}

Result<std::unique_ptr<DiskFrontier>> DiskFrontier::Open(const std::string& folder, const DiskFrontierOptions& options) {
  FileSystem& fs = PosixFileSystem();
  ASSIGN_OR_RETURN(std::unique_ptr<FileLock> lock, Hold(fs, folder));
  const FrontierStoreOptions of_store{options.memory_bytes - SeenBytes(options), options.env};
  ASSIGN_OR_RETURN(std::unique_ptr<FrontierStore> store, FrontierStore::Open(JoinPath(folder, kStoreFolder), of_store));
  std::unique_ptr<DiskFrontier> frontier(new DiskFrontier(options, std::move(lock), std::move(store)));
  RETURN_IF_ERROR(frontier->Load());
  return frontier;
}

Status DiskFrontier::Load() {
  std::string bytes;
  ASSIGN_OR_RETURN(const bool found, store_->Get(FrontierTable::kQueues, {}, bytes));
  if (found) {
    ASSIGN_OR_RETURN(record_, DecodeFrontierRecord(bytes));
  } else {
    Batch batch(*store_);
    batch.Put(FrontierTable::kQueues, {}, EncodeFrontierRecord(record_));
    RETURN_IF_ERROR(store_->Write(batch));
  }
  Status status;
  const auto load = [&](std::string_view key, std::string_view value) {
    const Result<QueueId> queue = ParseQueueKey(key);
    Result<QueueRecord> record = DecodeQueueRecord(value);
    status = !queue.ok() ? queue.status() : record.status();
    if (status.ok() && *queue != queues_.size()) status = DataLossError("the frontier has lost a queue; restore the state of the crawl from a copy");
    if (!status.ok()) return false;
    totals_.queues_waiting += record->waiting > 0 ? 1 : 0;
    totals_.waiting += record->waiting;
    totals_.scheduled += record->scheduled;
    totals_.done += record->done;
    totals_.completed += record->completed;
    queues_.Add(*std::move(record));
    heads_.push_back(kFirstPlace);
    return true;
  };
  RETURN_IF_ERROR(store_->Scan(FrontierTable::kQueues, QueueKey(0), QueueKey(UINT32_MAX), load));
  RETURN_IF_ERROR(status);
  RETURN_IF_ERROR(FindFirstDue(schedule_));
  RETURN_IF_ERROR(FindFirstDue(retries_));
  return CountRetries();
}

}  // namespace sakuin::crawler
