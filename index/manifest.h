// manifest.h: what an index consists of in one generation.
//
//   ASSIGN_OR_RETURN(Manifest manifest, ReadCurrentManifest(fs, folder));
//   manifest.generation++;
//   RETURN_IF_ERROR(CommitManifest(fs, folder, manifest));    // atomic and durable
//
// CURRENT holds one line, `sakuin 1 <manifest's name> <its checksum> <checksum
// of the line so far>`, and is swapped last: before the swap the old generation
// is whole, after it the new one. Plain values; const use is thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/schema.h"

namespace sakuin::index {

// Of the documents that are not deleted, for scoring.
struct FieldStatistics {
  uint64_t documents = 0;     // that have a token in the field
  uint64_t total_length = 0;  // tokens

  bool operator==(const FieldStatistics&) const = default;
};

inline constexpr uint64_t kSeveralAnalyzers = 1;

struct SegmentEntry {
  std::string name;  // 16 hex digits
  uint64_t bytes = 0;
  uint64_t checksum = 0;
  uint32_t shard = 0;
  uint32_t documents = 0;
  uint32_t deleted = 0;
  uint64_t deletes_generation = 0;  // of its file of deletes; 0: none
  uint64_t deletes_checksum = 0;
  std::vector<FieldStatistics> statistics;  // by FieldId; may be shorter than the schema
  // By FieldId: fingerprint of the analyzer that cut the field's texts; 0 when
  // there are none, kSeveralAnalyzers when parts of a merge differed.
  std::vector<uint64_t> analyzers;

  bool operator==(const SegmentEntry&) const = default;
};

struct Manifest {
  uint64_t generation = 0;
  uint64_t next_sequence = 1;  // of the next segment
  uint64_t first_journal = 0;  // journals from this number on are not yet in the segments
  Schema schema;
  std::vector<SegmentEntry> segments;

  uint64_t documents() const;  // that are not deleted
  // A sentence about the first text field of which a segment has texts that an
  // analyzer of another fingerprint cut; empty when there is none.
  std::string WhatIsCutOtherwise(const std::function<uint64_t(const Field&)>& fingerprint_of) const;

  std::string Encode() const;
  static Result<Manifest> Decode(std::string_view bytes);
};

// Whether an index is in the folder, sound or not: a manifest, or a CURRENT as indexes have it (other programs have files of this name,
// too). A folder that is not there holds none. Touches nothing.
Result<bool> HoldsIndex(FileSystem& fs, const std::string& folder);

// OK for a folder that holds an index, or that one may be made in: it is not there, empty but for incidental names (filename.h), or all in
// it is of an index (of a writer that was killed, for instance). FAILED_PRECONDITION names a file that is not. Touches nothing.
Status CheckFolderForIndex(FileSystem& fs, const std::string& folder);

// NOT_FOUND when the folder holds no index, FAILED_PRECONDITION when its CURRENT is
// of something else, DATA_LOSS when the index is damaged. Without
// CURRENT a manifest of generation 1 is current when it is the only one: what a
// first commit leaves that ended early, or a folder whose CURRENT was lost. With
// any other manifest the index is damaged. A writer may commit meanwhile: what is
// read is the generation before or after.
Result<Manifest> ReadCurrentManifest(FileSystem& fs, const std::string& folder);

Status CommitManifest(FileSystem& fs, const std::string& folder, const Manifest& manifest);

}  // namespace sakuin::index
