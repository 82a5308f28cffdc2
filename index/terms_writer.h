// terms_writer.h: the sorted, front-coded dictionary of one field.
// Specification: docs/index_format.md, chapter "Dictionary".
//
//   TermsWriter terms(fs, prefix, /*positions=*/true);
//   terms.Add("apple", entry);                  // ascending bytes
//   RETURN_IF_ERROR(terms.AddSections(file, field));
//
// Blocks of 32 words; each begins with the bases of its offsets, so that a word
// costs only sizes. The top level holds eight bytes of every block's first word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "index/postings_writer.h"
#include "index/segment_file_writer.h"
#include "index/spill_buffer.h"

namespace sakuin::index {

inline constexpr uint32_t kTermsPerBlock = 32;

class TermsWriter {
 public:
  TermsWriter(FileSystem& fs, const std::string& prefix, bool positions);

  // REQUIRES: `term` after the one before, in byte order.
  Status Add(std::string_view term, const TermEntry& entry);
  uint64_t count() const { return count_; }

  Status AddSections(SegmentFileWriter& file, FieldId field);

 private:
  void StartBlock(std::string_view term, const TermEntry& entry);

  bool has_positions_;
  SpillBuffer blocks_;
  std::string prefixes_;  // u64 per block: first eight bytes of its first word, big end first
  std::string offsets_;   // u64 per block
  std::string previous_;
  uint64_t count_ = 0;
};

// The first eight bytes of a word as a number that sorts as the bytes do.
uint64_t TermPrefix(std::string_view term);

}  // namespace sakuin::index
