// block_kernels.h: the inner loops of the search for candidates, over one block
// of postings or one window of sums, in the fastest form the machine has.
//
//   ExpandBounds(impacts, n, table, bounds);                 // a nibble per posting to a bound per posting
//   kept = KeepAtLeast(docs, bounds, n, base, least, at, bound);
//   FindAll(docs, base, at, count, places);                  // where in the block each document stands
//
// All forms give identical values (base/cpu.h); the scalar ones are the
// reference. Pure functions: thread-safe.
#pragma once

#include <cstdint>

#include "index/block_codec.h"
#include "index/types.h"

namespace sakuin::searcher {

inline constexpr uint32_t kAbsentPlace = index::kBlockSize;  // of a document that is not in the block
inline constexpr uint32_t kKernelRoom = 16;                  // what outputs need beyond the values they hold

// bounds[i] = table[nibble i of impacts], low nibbles first. REQUIRES: n <= kBlockSize;
// `bounds` has kBlockSize + kKernelRoom values, of which those from n on are undefined afterwards.
void ExpandBounds(const uint8_t* impacts, uint32_t n, const float* table, float* bounds);

// Appends, in order, docs[i] - base and bounds[i] where bounds[i] >= least; returns how many.
// Both outputs have room for n + kKernelRoom values.
uint32_t KeepAtLeast(const uint32_t* docs, const float* bounds, uint32_t n, index::DocId base, float least, uint32_t* at, float* bound);

// Appends, in order, first + i and sums[i] where sums[i] >= least, for i < 64, and makes all 64 sums 0.
uint32_t DrainSums(float* sums, uint32_t first, float least, uint32_t* at, float* bound);

// places[i] = the place of base + at[i] in `docs`, or kAbsentPlace. REQUIRES: `docs` are kBlockSize
// ascending values, kNoMoreDocs behind the last; the last document is not before any that is asked for.
void FindAll(const uint32_t* docs, index::DocId base, const uint32_t* at, uint32_t count, uint8_t* places);

}  // namespace sakuin::searcher
