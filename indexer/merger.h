// merger.h: several segments of one shard become one; deleted documents go.
//
//   ASSIGN_OR_RETURN(MergedSegment merged, MergeSegments(fs, folder, sequence, parts, schema, options));
//
// Documents keep the order of the parts and of their numbers, unless one is asked
// for (document_order.h). Everything streams: memory is a few bytes a document,
// plus one posting list's block per part; in another order, one whole posting
// list and MergeOptions::memory_bytes of stored documents. The parts are views of
// a snapshot and stay as they are; the caller puts the new segment into a
// manifest. Thread-safe for different sequences.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
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
  // Old numbers in their new order; empty: as they come. REQUIRES: one part, all its documents, each once.
  std::span<const index::DocId> order;
  size_t memory_bytes = size_t{64} << 20;     // of stored documents that wait for their place in `order`
  std::function<void(uint64_t bytes)> progress;  // bytes read so far, of about the parts' size
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
