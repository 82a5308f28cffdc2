// segment_set.h: the segments of an index as its writer sees them: which there
// are, which of their documents are deleted, and how a new generation is made.
//
//   ASSIGN_OR_RETURN(auto set, SegmentSet::Open(fs, folder));
//   RETURN_IF_ERROR(set->Delete(shard, sorted_keys));      // in memory
//   RETURN_IF_ERROR(set->Add(flushed, shard));
//   RETURN_IF_ERROR(set->Commit(schema, first_journal));   // durable: a new generation
//
// Not thread-safe: the index writer's mutex guards it.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/deletes.h"
#include "index/manifest.h"
#include "index/segment_reader.h"
#include "index/snapshot.h"
#include "indexer/inverter.h"
#include "indexer/merger.h"

namespace sakuin::indexer {

class SegmentSet {
 public:
  struct Counts {
    uint64_t updated = 0;  // documents that a newer one replaced
    uint64_t deleted = 0;
  };

  // An empty set when the folder holds no index yet.
  static Result<std::unique_ptr<SegmentSet>> Open(FileSystem& fs, const std::string& folder);

  const index::Manifest& manifest() const { return manifest_; }
  uint64_t TakeSequence() { return manifest_.next_sequence++; }

  // A new segment: what it supersedes in itself and in the older segments of its shard is deleted.
  Status Add(FlushedSegment flushed, uint32_t shard);

  // Deletes the documents of these keys in all segments of a shard.
  Status Delete(uint32_t shard, const std::vector<std::string>& keys);

  // All as it is now, committed or not, with the schema it was written by. Reads nothing.
  std::shared_ptr<const index::Snapshot> TakeSnapshot(const index::Schema& schema) const;

  // The segments at these places as parts to merge, with what is deleted now.
  std::vector<index::Snapshot::Part> Parts(const std::vector<size_t>& places) const;
  // Takes the merged segment in for its parts; deletes that came meanwhile are
  // carried over. Nothing has changed unless OK.
  Status Replace(const std::vector<index::Snapshot::Part>& parts, MergedSegment merged);
  // Drops segments in which everything is deleted.
  void DropEmpty();

  // Writes deletes and manifest, swaps the pointer, removes files that nothing
  // names. After an error either generation may be the one on disk, and the next
  // Commit writes everything again.
  Status Commit(const index::Schema& schema, uint64_t first_journal);

  // Removes what no generation names: leftovers of a writer that was killed. Only
  // while no segment is being written.
  void RemoveLeftovers();

  const Counts& counts() const { return counts_; }
  bool changed() const { return changed_; }

 private:
  struct OpenSegment {
    std::shared_ptr<const index::SegmentReader> reader;
    index::DeletedDocs deleted;
    bool deletes_changed = false;
  };

  SegmentSet(FileSystem& fs, std::string folder) : fs_(fs), folder_(std::move(folder)) {}
  Status OpenSegments();
  void NoteCommitted();
  Status TakeBackFailedFirst();
  Status DeleteDoc(size_t place, index::DocId doc);
  static Status MarkDeleted(OpenSegment& open, index::SegmentEntry& entry, index::DocId doc);
  Status SupersedeOlder(size_t newest, const std::vector<bool>& gone);
  void Drop(size_t place);
  void RemoveOldGenerations();

  FileSystem& fs_;
  std::string folder_;
  index::Manifest manifest_;
  std::vector<OpenSegment> open_;  // parallel to manifest_.segments
  std::set<std::string> committed_;   // segments that the generation on disk names, or may name
  std::vector<std::string> dropped_;  // of them those that go after the next commit
  Counts counts_;
  bool changed_ = false;
};

}  // namespace sakuin::indexer
