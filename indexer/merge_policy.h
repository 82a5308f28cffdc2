// merge_policy.h: which segments to merge next: tiers of similar size.
//
// Segments of a shard are sorted by live documents into tiers, each ten times
// the one before; eight of one tier become one of the next, so a document is
// rewritten about log10(documents) times. A segment more than half deleted is
// merged by itself. Pure function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "index/manifest.h"

namespace sakuin::indexer {

// Places in manifest.segments, of one shard, in ascending order; empty when
// nothing is to be done. `optimize`: until every shard has one segment without
// deletes. Otherwise the merged segment has at most `most_documents`.
std::vector<size_t> ChooseMerge(const index::Manifest& manifest, bool optimize, uint64_t most_documents = UINT64_MAX);

}  // namespace sakuin::indexer
