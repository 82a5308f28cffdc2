// index_writer.h: start here. Documents become immutable segments, durably.
//
//   ASSIGN_OR_RETURN(auto writer, IndexWriter::Open(fs, folder, options));
//   RETURN_IF_ERROR(writer->Add(std::move(document)));     // upsert by key
//   RETURN_IF_ERROR(writer->Delete("key"));
//   RETURN_IF_ERROR(writer->Sync());                       // with a journal: all so far is durable
//   ASSIGN_OR_RETURN(auto snapshot, writer->Refresh());    // all so far, to search in this process
//   RETURN_IF_ERROR(writer->Commit());                     // all so far is searchable (and durable)
//
// One writer per index at a time: a second gets UNAVAILABLE. A folder with files of
// something else is FAILED_PRECONDITION, and stays as it is. Documents
// are spread by key over lanes, one thread and in-memory segment each, so writes
// of one key keep their order. A lane that has used its share of the memory
// budget flushes; while it does, Add waits. Opening replays the journals of a
// writer that ended early. Calls come from one thread.
//
// Segments are merged beside all this (merge_thread.h), in a quarter of the
// memory, at least 8 MB: which bounds the documents of a segment that merges make.
// Writes and commits do not wait for a merge, but for one case: a lane does not
// add to 64 segments of a shard while merges can make them fewer, so that with a
// merge_bytes_per_second too low for what is written, Add and Commit wait.
// Sync with a journal never does. Closing the writer gives up the merge at work.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/document.h"
#include "index/schema.h"
#include "index/snapshot.h"
#include "indexer/annotator.h"

namespace sakuin::indexer {

struct IndexWriterOptions {
  size_t memory_bytes = size_t{1} << 30;
  size_t threads = 0;              // 0: one per processor, at most 8
  bool journal = false;            // writes are durable after Sync(), not only after Commit()
  bool merge = true;               // keep the number of segments small
  uint64_t merge_bytes_per_second = 0;  // that merges beside indexing read; 0: as fast as it goes
  // Adds to an index whose texts another version of their analyzer cut (its code,
  // library or dictionary has changed); without it Add refuses.
  bool mix_analyses = false;
  // For an index with annotated fields; without it Add refuses there.
  AnnotatorFactory annotators;
  // Fields that an index with `dynamic` has besides, new or not: by these types instead of guessed ones. An empty analyzer is the index's.
  std::vector<index::Field> more_fields;
  // For an index that does not exist yet:
  index::Schema schema;            // EmptySchema() with what is asked for
  // Where it is given, in the place of `schema`. Called at most once, when the folder is locked and known to hold no index.
  std::function<Result<index::Schema>()> new_schema{};
};

struct OptimizeOptions {
  // Gives similar documents neighbouring numbers: a smaller index and faster
  // answers, the same to the last digit. Where memory_bytes does not suffice, the
  // documents stay as they are and warnings() says so.
  bool reorder = false;
  // How far the step named by `what` is; `total` bytes make it whole. Called by one thread at a time.
  std::function<void(const char* what, uint64_t done, uint64_t total)> progress;
};

struct WriterCounts {
  uint64_t added = 0;    // documents taken
  uint64_t updated = 0;  // of them, or of the index, that a newer one replaced
  uint64_t deleted = 0;
  uint64_t merges = 0;   // beside indexing
  uint64_t invalid_bytes = 0;
};

// What a lane of one thread may gather before it flushes: half of the memory by
// threads, but at most 2 GiB, since its words have addresses of 32 bits.
constexpr size_t LaneBytes(size_t memory_bytes, size_t threads) {
  return std::clamp<size_t>(memory_bytes / 2 / threads, size_t{1} << 20, size_t{1} << 31);
}

class IndexWriter {
 public:
  static Result<std::unique_ptr<IndexWriter>> Open(FileSystem& fs, const std::string& folder, IndexWriterOptions options);
  virtual ~IndexWriter() = default;

  // The document is not taken: INVALID_ARGUMENT when a value does not fit the
  // schema, FAILED_PRECONDITION when it would be cut otherwise than those before,
  // or nobody is there to annotate it.
  virtual Status Add(index::Document document) = 0;
  virtual Status Delete(const std::string& key) = 0;
  virtual Status Sync() = 0;
  // All so far as a snapshot to search in this process, without making it
  // durable: other processes do not see it, and it is lost without a journal when
  // this one dies. Segments that were open stay open and are not read again; the
  // snapshot stays as it is whatever is written, merged or closed later.
  virtual Result<std::shared_ptr<const index::Snapshot>> Refresh() = 0;
  // May also tell that a merge has failed (a full disk) since the last call; what
  // was written is committed then, too, and the merge is tried again.
  virtual Status Commit() = 0;
  // Commits, and waits until there is nothing more to merge.
  virtual Status WaitForMerges() = 0;
  // Commits, and leaves one segment per shard. As fast as it goes.
  virtual Status Optimize(const OptimizeOptions& options) = 0;
  Status Optimize() { return Optimize({}); }

  virtual WriterCounts counts() const = 0;
  virtual const index::Schema& schema() const = 0;
  virtual uint64_t documents() const = 0;   // as of the last commit
  virtual uint64_t generation() const = 0;
  virtual std::vector<std::string> warnings() const = 0;
};

// Brings in what a killed writer left in its journals. Does nothing, and touches
// nothing, when there is none or another writer is at work. An error says which
// acknowledged writes the index does not show, and what to do.
Status RecoverIfNeeded(FileSystem& fs, const std::string& folder);

}  // namespace sakuin::indexer
