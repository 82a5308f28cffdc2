// merger.h: several segments of one shard become one; deleted documents go.
//
//   ASSIGN_OR_RETURN(MergedSegment merged, MergeSegments(fs, folder, sequence, parts, options));
//
// Documents keep the order of the parts and of their numbers. Everything streams:
// memory is a few bytes a document, plus one posting list's block per part. The
// parts are views of a snapshot and stay as they are; the caller puts the new
// segment into a manifest. Thread-safe for different sequences.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/manifest.h"
#include "index/schema.h"
#include "index/snapshot.h"

namespace sakuin::indexer {

struct MergeOptions {
  const std::atomic<bool>* cancel = nullptr;  // asked now and then; CANCELLED when it turns true
  uint64_t bytes_per_second = 0;              // 0: as fast as it goes
};

// Where the documents of the parts went: new_docs[part][doc]; kNoMoreDocs for deleted ones.
struct MergedSegment {
  index::SegmentEntry entry;
  std::vector<std::vector<index::DocId>> new_docs;
};

// REQUIRES: at least one document of the parts is not deleted.
Result<MergedSegment> MergeSegments(FileSystem& fs, const std::string& folder, uint64_t sequence, const std::vector<index::Snapshot::Part>& parts,
                                    const index::Schema& schema, const MergeOptions& options);

}  // namespace sakuin::indexer
