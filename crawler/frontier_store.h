// frontier_store.h: six ordered tables of bytes on disk, changed together: RocksDB as the frontier uses it.
//
//   ASSIGN_OR_RETURN(auto store, FrontierStore::Open(folder, {.memory_bytes = 64 << 20}));
//   FrontierStore::Batch batch(*store);
//   batch.Put(FrontierTable::kUrls, UrlKey(queue, url), bytes);
//   RETURN_IF_ERROR(store->Write(batch));      // is seen by Get and Scan
//   RETURN_IF_ERROR(store->Sync());            // survives the end of this process, and power loss
//
// A batch is applied as a whole or not at all, also where power goes, and not without those before it. Thread-safe. The only file of ours
// that knows RocksDB; nothing of it shows here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace rocksdb {
class Env;
}

namespace sakuin::crawler {

enum class FrontierTable : uint8_t { kUrls, kWaiting, kSchedule, kQueues, kRetries, kNotes };

struct FrontierStoreOptions {
  size_t memory_bytes = size_t{64} << 20;  // for blocks, filters and what is not yet in sorted files
  rocksdb::Env* env = nullptr;             // files that fail, for tests
};

class FrontierStore {
 public:
  class Batch {
   public:
    // REQUIRES: `store` outlives this.
    explicit Batch(const FrontierStore& store);
    ~Batch();

    void Put(FrontierTable table, std::string_view key, std::string_view value);
    void Delete(FrontierTable table, std::string_view key);
    void DeleteRange(FrontierTable table, std::string_view begin, std::string_view end);

   private:
    friend class FrontierStore;
    struct Impl;
    std::unique_ptr<Impl> impl_;
  };

  // Takes a key and its value, views until it returns; false ends the scan.
  using Visitor = std::function<bool(std::string_view key, std::string_view value)>;

  // Makes it when it is not there. REQUIRES: nobody else has it open.
  static Result<std::unique_ptr<FrontierStore>> Open(const std::string& folder, const FrontierStoreOptions& options);
  ~FrontierStore();

  // Whether it is there; then `value` is set.
  Result<bool> Get(FrontierTable table, std::string_view key, std::string& value) const;
  // The keys in [begin, end), in order.
  Status Scan(FrontierTable table, std::string_view begin, std::string_view end, const Visitor& visitor) const;

  Status Write(Batch& batch);
  Status Sync();

  uint64_t MemoryBytes() const;  // that RocksDB knows of

 private:
  struct Impl;
  explicit FrontierStore(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace sakuin::crawler
