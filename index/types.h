// types.h: the few names that every file of index/ and its users share.
#pragma once

#include <cstdint>

namespace sakuin::index {

// The number of a document inside one segment: 0 .. documents - 1.
using DocId = uint32_t;

// What a cursor stands on when there is nothing left; larger than any DocId.
inline constexpr DocId kNoMoreDocs = UINT32_MAX;

// A segment holds fewer documents than this.
inline constexpr uint32_t kMaxDocsPerSegment = UINT32_C(1) << 31;

// The number of a field inside a schema; stable for the life of an index.
using FieldId = uint32_t;

// What belongs to a segment and to none of its fields; also "there is no such field".
inline constexpr FieldId kNoField = UINT32_MAX;

}  // namespace sakuin::index
