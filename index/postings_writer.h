// postings_writer.h: turns the postings of one field, term by term, into the
// sections that postings_reader.h reads. Specification: docs/index_format.md,
// chapter "Postings".
//
//   PostingsWriter writer(fs, temporary_prefix, lengths, classes, /*positions=*/true);
//   writer.StartTerm();
//   writer.Add(doc, positions);                 // documents ascending
//   TermEntry entry = writer.FinishTerm();      // goes into the dictionary
//   RETURN_IF_ERROR(writer.AddSections(file, field));
//
// A block of 128 postings holds, in this order: one nibble a posting (two bits of
// frequency, two bits of length class), the documents (block_codec.h), and what
// is above 3 of the frequencies from 4 on. A list of up to 128 postings is one
// block or, where that is smaller, plain varints. Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "index/block_codec.h"
#include "index/format.h"
#include "index/length_code.h"
#include "index/segment_file_writer.h"
#include "index/spill_buffer.h"
#include "index/types.h"

namespace sakuin::index {

// What the dictionary says of a term.
struct TermEntry {
  uint32_t document_frequency = 0;
  uint64_t total_frequency = 0;
  DocId single_doc = 0;          // the document, when there is but one
  uint64_t postings_offset = 0;  // in the postings section; unused for a single document
  uint64_t postings_size = 0;
  uint64_t first_block = 0;      // row of the list's first block; only when it has more than one
  uint64_t positions_offset = 0;
  uint64_t positions_size = 0;

  uint32_t blocks() const { return static_cast<uint32_t>((uint64_t{document_frequency} + kBlockSize - 1) / kBlockSize); }
};

// How a list of at most kBlockSize postings, and the positions of one, are laid out: its first byte.
enum class ShortForm : uint8_t { kBlock = 0, kVarints = 1 };

class PostingsWriter {
 public:
  // `lengths` (of the field, per document) must outlive the writer. `prefix` is
  // the path that names of temporary files begin with.
  PostingsWriter(FileSystem& fs, const std::string& prefix, std::span<const uint32_t> lengths, const LengthClasses& classes, bool positions);

  void StartTerm();
  // REQUIRES: `doc` greater than the one before; `positions` ascending, not
  // empty; without positions in this field, only their number counts.
  void Add(DocId doc, std::span<const uint32_t> positions);
  void Add(DocId doc, uint32_t frequency);  // for a field without positions
  // REQUIRES: at least one posting was added. A failure to spill is reported here.
  Result<TermEntry> FinishTerm();

  Status AddSections(SegmentFileWriter& file, FieldId field);

 private:
  void AddPosting(DocId doc, uint32_t frequency);
  void FinishBlock();
  BlockFacts FactsOfBlock() const;
  void AppendBlock(DocId base, std::string& out) const;
  void AppendVarints(std::string& out) const;
  void AppendShortList();
  void AppendPositionChunks(std::string& out) const;
  void AppendShortPositions();

  std::span<const uint32_t> lengths_;
  LengthClasses classes_;
  bool has_positions_;

  SpillBuffer postings_;
  SpillBuffer positions_;
  SpillBuffer block_last_doc_;
  SpillBuffer block_offset_;
  SpillBuffer block_facts_;
  SpillBuffer position_offset_;
  uint64_t rows_ = 0;

  TermEntry entry_;
  uint32_t n_ = 0;  // postings in the open block
  uint32_t docs_[kBlockSize];
  uint32_t frequencies_[kBlockSize];
  std::vector<uint32_t> gaps_;  // positions of the open block as gaps
  DocId base_ = kBeforeFirst;   // last document of the block before
  bool in_blocks_ = false;      // the list has outgrown one block
};

}  // namespace sakuin::index
