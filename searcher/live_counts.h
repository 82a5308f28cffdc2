// live_counts.h: how often a word stands in documents that are not deleted.
//
//   ASSIGN_OR_RETURN(LiveCounts counts, CountLive(snapshot, field, "fox"));
//
// The dictionary counts deleted documents too; they are taken off exactly
// (docs/decisions/0007), so that statistics do not depend on merges.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/status.h"
#include "index/snapshot.h"

namespace sakuin::searcher {

struct LiveCounts {
  uint64_t documents = 0;    // that have the word
  uint64_t occurrences = 0;  // in all of them
};

// Cost: a lookup per segment; where there are deletes, the word's postings or at
// most one block per deleted document, whichever is less.
Result<LiveCounts> CountLive(const index::Snapshot& snapshot, index::FieldId field, std::string_view term);

}  // namespace sakuin::searcher
