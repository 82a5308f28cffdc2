// shared_segments.h: the segments of an index, and the lock under which the
// threads of its writer (lanes, merges, the caller's) share them.
//
//   const std::lock_guard lock(shared.mutex);
//   RETURN_IF_ERROR(shared.set->Add(std::move(flushed), shard));
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/file.h"
#include "index/schema.h"
#include "indexer/segment_set.h"

namespace sakuin::indexer {

struct SharedSegments {
  FileSystem& fs;
  const std::string folder;
  mutable std::mutex mutex;
  // Guarded by mutex:
  std::unique_ptr<SegmentSet> set = nullptr;
  std::shared_ptr<const index::Schema> schema = nullptr;  // knows every field of every segment
};

}  // namespace sakuin::indexer
