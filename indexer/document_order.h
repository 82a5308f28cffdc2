// document_order.h: in which order the documents of a segment make it smallest.
//
//   ASSIGN_OR_RETURN(std::vector<DocId> order, OrderOfDocuments(*segment, schema, {.memory_bytes = 256 << 20}));
//   // order[new number] = old number; MergeOptions::order writes the segment so
//
// Similar documents become neighbours (graph_bisection.h), by the words of all
// text (kAllField). Words of few documents are left out first when memory is
// short; then it is RESOURCE_EXHAUSTED.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "index/schema.h"
#include "index/segment_reader.h"
#include "index/types.h"

namespace sakuin::indexer {

struct OrderOptions {
  size_t memory_bytes = size_t{1} << 30;
  ThreadPool* pool = nullptr;
  std::function<void(uint64_t done, uint64_t total)> progress;  // BisectionOptions
};

// The documents' own order when the segment has no text. RESOURCE_EXHAUSTED when
// neither this nor writing the segment anew fits the memory.
Result<std::vector<index::DocId>> OrderOfDocuments(const index::SegmentReader& segment, const index::Schema& schema, const OrderOptions& options);

}  // namespace sakuin::indexer
