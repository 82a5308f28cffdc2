#include "crawler/frontier_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <array>
#include <vector>

namespace sakuin::crawler {
namespace {

// By FrontierTable; RocksDB wants one that is called default.
constexpr std::array<const char*, 6> kTables = {"urls", "waiting", "schedule", "default", "retries", "notes"};

rocksdb::Slice Slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view View(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

Status FromRocksDb(const rocksdb::Status& status) {
  if (status.ok()) return OkStatus();
  const std::string message = "the frontier's files: " + status.ToString();
  if (status.IsNoSpace() || status.IsMemoryLimit()) return ResourceExhaustedError(message + "; make room, then go on with the same state");
  if (status.IsCorruption()) return DataLossError(message + "; restore the state of the crawl from a copy, or begin a new one");
  const std::string advice = "; if it stays so, restore the state of the crawl from a copy, or begin a new one";
  if (status.IsNotFound() || status.IsPathNotFound()) return NotFoundError(message + advice);
  if (status.IsInvalidArgument()) return FailedPreconditionError(message + advice);
  return UnavailableError(message + advice);
}

// What is wrong comes as a status. A log of RocksDB's own is one more file that a full disk can fail, and then the library ends the process.
class NoLog : public rocksdb::Logger {
 public:
  NoLog() : Logger(rocksdb::FATAL_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*values*/) override {}
};

rocksdb::DBOptions DatabaseOptions(const FrontierStoreOptions& options, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::DBOptions database;
  if (options.env != nullptr) database.env = options.env;
  database.create_if_missing = true;
  database.create_missing_column_families = true;
  // Half of the memory for what is not yet in sorted files, and it is counted as part of the cache.
  database.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(options.memory_bytes / 2, cache);
  database.max_total_wal_size = std::min<uint64_t>(options.memory_bytes / 2, uint64_t{32} << 20);  // how much is read again after a crash
  database.avoid_flush_during_recovery = true;                                                    // then opening writes little
  // Batches are gathered, and written by Sync and before a new log begins.
  database.manual_wal_flush = true;
  // What was synced is whole; behind it, power loss may leave anything.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  database.track_and_verify_wals_in_manifest = true;
  database.max_open_files = 256;
  database.max_file_opening_threads = 1;
  database.max_background_jobs = 2;
  database.max_bgerror_resume_count = 0;  // what has failed stays so until it is opened again
  database.skip_stats_update_on_db_open = true;
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
  database.info_log = std::make_shared<NoLog>();
  return database;
}

rocksdb::ColumnFamilyOptions TableOptions(FrontierTable table, const FrontierStoreOptions& options, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = cache;
  blocks.block_size = size_t{8} << 10;
  blocks.format_version = 5;
  blocks.cache_index_and_filter_blocks = true;  // within the memory that is given
  blocks.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  if (table == FrontierTable::kUrls || table == FrontierTable::kNotes) {
    blocks.filter_policy.reset(rocksdb::NewRibbonFilterPolicy(10));
    blocks.partition_filters = true;
  }
  rocksdb::ColumnFamilyOptions family;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  family.write_buffer_size = std::max<size_t>(options.memory_bytes / 4, size_t{1} << 20);
  family.level_compaction_dynamic_level_bytes = true;
  family.compression = rocksdb::kLZ4Compression;
  family.bottommost_compression = rocksdb::kZSTD;
  return family;
}

}  // namespace

struct FrontierStore::Impl {
  ~Impl() {
    for (rocksdb::ColumnFamilyHandle* table : tables) (void)database->DestroyColumnFamilyHandle(table);
    if (database != nullptr) (void)database->Close();
  }

  rocksdb::ColumnFamilyHandle* Table(FrontierTable table) const { return tables[static_cast<size_t>(table)]; }

  std::shared_ptr<rocksdb::Cache> cache;
  std::unique_ptr<rocksdb::DB> database;
  std::vector<rocksdb::ColumnFamilyHandle*> tables;
};

struct FrontierStore::Batch::Impl {
  const FrontierStore::Impl& store;
  rocksdb::WriteBatch changes;
  rocksdb::Status status;  // of the first change that was refused

  void Took(const rocksdb::Status& taken) {
    if (status.ok()) status = taken;
  }
};

FrontierStore::Batch::Batch(const FrontierStore& store) : impl_(new Impl{*store.impl_, rocksdb::WriteBatch(), rocksdb::Status()}) {}
FrontierStore::Batch::~Batch() = default;

void FrontierStore::Batch::Put(FrontierTable table, std::string_view key, std::string_view value) {
  impl_->Took(impl_->changes.Put(impl_->store.Table(table), Slice(key), Slice(value)));
}

void FrontierStore::Batch::Delete(FrontierTable table, std::string_view key) {
  impl_->Took(impl_->changes.Delete(impl_->store.Table(table), Slice(key)));
}

void FrontierStore::Batch::DeleteRange(FrontierTable table, std::string_view begin, std::string_view end) {
  impl_->Took(impl_->changes.DeleteRange(impl_->store.Table(table), Slice(begin), Slice(end)));
}

FrontierStore::FrontierStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

// What is in memory becomes files, so that the next opening has nothing to read again. An error loses nothing.
FrontierStore::~FrontierStore() { (void)impl_->database->Flush(rocksdb::FlushOptions(), impl_->tables); }

Result<std::unique_ptr<FrontierStore>> FrontierStore::Open(const std::string& folder, const FrontierStoreOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->cache = rocksdb::NewLRUCache(options.memory_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (size_t i = 0; i < kTables.size(); ++i) {
    families.emplace_back(kTables[i], TableOptions(static_cast<FrontierTable>(i), options, impl->cache));
  }
  rocksdb::DB* database = nullptr;
  RETURN_IF_ERROR(FromRocksDb(rocksdb::DB::Open(DatabaseOptions(options, impl->cache), folder, families, &impl->tables, &database)));
  impl->database.reset(database);
  return std::unique_ptr<FrontierStore>(new FrontierStore(std::move(impl)));
}

Result<bool> FrontierStore::Get(FrontierTable table, std::string_view key, std::string& value) const {
  const rocksdb::Status status = impl_->database->Get({}, impl_->Table(table), Slice(key), &value);
  if (status.IsNotFound()) return false;
  RETURN_IF_ERROR(FromRocksDb(status));
  return true;
}

Status FrontierStore::Scan(FrontierTable table, std::string_view begin, std::string_view end, const Visitor& visitor) const {
  const rocksdb::Slice bound = Slice(end);
  rocksdb::ReadOptions read;
  read.iterate_upper_bound = &bound;
  const std::unique_ptr<rocksdb::Iterator> at(impl_->database->NewIterator(read, impl_->Table(table)));
  for (at->Seek(Slice(begin)); at->Valid() && visitor(View(at->key()), View(at->value())); at->Next()) {
  }
  return FromRocksDb(at->status());
}

Status FrontierStore::Write(Batch& batch) {
  RETURN_IF_ERROR(FromRocksDb(batch.impl_->status));
  return FromRocksDb(impl_->database->Write({}, &batch.impl_->changes));
}

Status FrontierStore::Sync() { return FromRocksDb(impl_->database->FlushWAL(true)); }

uint64_t FrontierStore::MemoryBytes() const {
  uint64_t readers = 0;  // what stands outside of the cache
  for (rocksdb::ColumnFamilyHandle* table : impl_->tables) {
    uint64_t bytes = 0;
    if (impl_->database->GetIntProperty(table, rocksdb::DB::Properties::kEstimateTableReadersMem, &bytes)) readers += bytes;
  }
  return impl_->cache->GetUsage() + readers;
}

}  // namespace sakuin::crawler
