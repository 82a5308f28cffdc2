// segment_verifier.h: reads all of a segment, decoding every list of postings to
// its end, and says what is wrong with it: damage, and what fits its checksums
// but not itself.
//
//   VerifySegment(*segment, schema, problems);   // appends one sentence per problem
//
// Reads the whole file; needs memory for one list. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "index/schema.h"
#include "index/segment_reader.h"

namespace sakuin::indexer {

// Problems of a segment that are listed before the rest is left out.
inline constexpr size_t kMaxProblemsOfSegment = 20;

void VerifySegment(const index::SegmentReader& segment, const index::Schema& schema, std::vector<std::string>& problems);

}  // namespace sakuin::indexer
