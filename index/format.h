// format.h: the constants of the format on disk, in the order of docs/index_format.md.
//
// A segment file:
//
//   header | section | section | ... | page checksums | table of contents | footer
//
// Every section begins on a 64-byte border. Checksums are XXH3-64.
#pragma once

#include <cstddef>
#include <cstdint>

#include "index/types.h"

namespace sakuin::index {

// History of the format:
//   1  2026-11: first.
inline constexpr uint32_t kFormatVersion = 1;

// History of the manifest:
//   1  2026-11: first.
//   2  2026-11: fields whose values a dictionary or a model gives.
inline constexpr uint32_t kManifestVersion = 2;

inline constexpr char kSegmentMagic[] = "SAKUINSG";   // 8 bytes, first of a segment
inline constexpr char kFooterMagic[] = "SAKUINFT";    // 8 bytes, last of a segment
inline constexpr char kDeletesMagic[] = "SAKUINDL";   // 8 bytes, first of a file of deletes
inline constexpr char kManifestMagic[] = "SAKUINMF";  // 8 bytes, first of a manifest
inline constexpr size_t kMagicBytes = 8;

inline constexpr size_t kSegmentHeaderBytes = 64;
inline constexpr size_t kFooterBytes = 48;
inline constexpr size_t kSectionAlignment = 64;
inline constexpr size_t kPageBytes = size_t{1} << 16;  // unit of the checksums that reading verifies

// What a section holds. Numbers are for ever; a section belongs to a field or,
// with field kNoField, to the segment.
enum class SectionKind : uint32_t {
  kDocuments = 1,       // document count and what else is known of all documents
  kKeyOffsets = 2,      // u32 per document and one more: where its key begins
  kKeyBytes = 3,        // keys, one after another
  kKeyRanks = 4,        // u32 per document: its place when sorted by key
  kKeyOrder = 5,        // u32 per rank: the document (the inverse of kKeyRanks)
  kVersions = 6,        // u64 per document; absent when all are 0
  kStoredIndex = 7,     // where the blocks of stored documents are
  kStored = 8,          // compressed blocks of stored documents
  kFieldFacts = 16,     // counts and length classes of a field
  kTermIndex = 17,      // top level of the dictionary
  kTerms = 18,          // front-coded dictionary
  kPostings = 19,       // blocks of documents and frequencies
  kBlockLastDoc = 20,   // u32 per block
  kBlockOffset = 21,    // u32 per block, within its list
  kBlockFacts = 22,     // BlockFacts per block
  kPositionOffset = 23, // u32 per block, within its list's positions
  kPositions = 24,      // positions
  kLengths = 25,        // length of the field in every document
  kExists = 26,         // bit per document: has a value
  kColumn = 32,         // numbers, one or several per document
  kColumnStrings = 33,  // sorted distinct strings, whose ordinals the column holds
  kPageChecksums = 64,  // u64 per page of everything before it
};

// A line of a segment's table of contents: where a section's bytes are, and their checksum.
struct SectionEntry {
  SectionKind kind;
  FieldId field;
  uint64_t offset;
  uint64_t size;
  uint64_t checksum;
};

// Raw facts of a block of postings; no scores, so that the ranking may change
// without indexing again. A searcher derives its bound from them.
struct BlockFacts {
  // For term frequency 1, 2, 3 and 4 or more: code of the shortest document
  // with it (length_code.h), kNoLength when there is none.
  uint8_t shortest[4];
  uint8_t largest_frequency;  // 255: 255 or more
};
static_assert(sizeof(BlockFacts) == 5);

}  // namespace sakuin::index
