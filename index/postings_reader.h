// postings_reader.h: the postings of one term, as blocks to decode. A posting is
// decoded here and nowhere else. Specification: docs/index_format.md, "Postings".
//
//   ASSIGN_OR_RETURN(std::unique_ptr<PostingsList> list, OpenPostings(sections, entry));
//   for (uint32_t b = 0; b < list->blocks(); ++b) {
//     list->DecodeDocs(b, docs);              // docs[0 .. list->SizeOfBlock(b))
//     list->DecodeFrequencies(b, frequencies);
//   }
//   RETURN_IF_ERROR(list->status());          // damage found late, once, after the loop
//
// A list is a view of a segment, which must outlive it; it is not thread-safe,
// but any number of lists may be open on one term. Opening checks the page
// checksums under the whole list; decoding is bounded besides, so that wrong
// bytes end in status(), never outside the list: documents ascend and are the
// segment's, frequencies are above 0, whatever the bytes. A list of one block is decoded
// when it is opened. No scores here: block facts are raw (format.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/status.h"
#include "index/block_codec.h"
#include "index/format.h"
#include "index/postings_writer.h"
#include "index/segment_file.h"

namespace sakuin::index {

// The sections of one field that hold postings, and how many documents the segment has.
struct PostingsSections {
  const SegmentFileView* file = nullptr;
  std::string_view postings;
  std::string_view block_last_doc;
  std::string_view block_offset;
  std::string_view block_facts;
  std::string_view position_offset;
  std::string_view positions;
  uint32_t documents = 0;
};

class PostingsList {
 public:
  const TermEntry& entry() const { return entry_; }
  uint32_t document_frequency() const { return entry_.document_frequency; }
  uint32_t blocks() const { return blocks_; }
  uint32_t SizeOfBlock(uint32_t block) const { return block + 1 < blocks_ ? kBlockSize : entry_.document_frequency - block * kBlockSize; }

  // Last document of a block; ascending. The first block whose last document is
  // at least `target`, searching from block `from` by doubling steps; blocks()
  // when there is none.
  DocId LastDoc(uint32_t block) const { return last_doc_[block]; }
  uint32_t FindBlock(uint32_t from, DocId target) const;
  // The document before a block: base of its gaps; kBeforeFirst for block 0.
  DocId DocBefore(uint32_t block) const { return block == 0 ? kBeforeFirst : last_doc_[block - 1]; }

  // Raw facts for bounds. REQUIRES: has_facts(); lists of one block have none, being decoded already.
  bool has_facts() const { return facts_ != nullptr; }
  const BlockFacts& facts(uint32_t block) const { return facts_[block]; }

  // Nibbles of a block, two a byte, low first: frequency class (0: once, 1: twice,
  // 2: three times, 3: more) in two bits, length class in two. Null where a list is short.
  const uint8_t* Impacts(uint32_t block) const;

  // Writes SizeOfBlock(block) documents; `docs` has kDecodeRoom values. On
  // damage all are kNoMoreDocs and status() says why.
  void DecodeDocs(uint32_t block, uint32_t* docs);
  // As above for term frequencies (on damage 1). Cheapest right after DecodeDocs of the same block.
  void DecodeFrequencies(uint32_t block, uint32_t* frequencies);

  // The frequency of one posting, cheaper than all of a block. Cheapest after DecodeDocs of the same block.
  uint32_t DecodeFrequency(uint32_t block, uint32_t place);

  // Before a PositionsReader (positions_reader.h) is used: checks the bytes of the positions.
  Status PreparePositions() const { return file_->Check(position_bytes_); }

  const Status& status() const { return status_; }

 private:
  friend class PositionsReader;
  friend Result<std::unique_ptr<PostingsList>> OpenPostings(const PostingsSections& sections, const TermEntry& entry);

  struct ShortList {  // decoded when opened
    uint32_t docs[kDecodeRoom];
    uint32_t frequencies[kBlockSize];
  };

  std::string_view BlockBytes(uint32_t block) const;
  Status Fits(uint32_t documents) const;
  Status OpenBlocks(const PostingsSections& sections);
  Status OpenShort(const PostingsSections& sections);
  Status DecodeShortBlock(std::string_view bytes);
  Status DecodeShortVarints(std::string_view bytes);
  static bool ReadFrequencies(const uint8_t* impacts, std::string_view exceptions, uint32_t n, uint32_t* frequencies);
  bool FindExceptions(uint32_t block, std::string_view& bytes);
  std::string_view PositionBytes(uint32_t block, ShortForm& form) const;
  void Damage(std::string_view what);

  const SegmentFileView* file_ = nullptr;
  TermEntry entry_;
  uint32_t blocks_ = 0;
  std::string_view bytes_;            // of the list
  std::string_view position_bytes_;   // of its positions
  const uint32_t* last_doc_ = nullptr;
  const uint32_t* offset_ = nullptr;
  const uint32_t* position_offset_ = nullptr;
  const BlockFacts* facts_ = nullptr;
  std::unique_ptr<ShortList> short_;
  uint32_t docs_block_ = UINT32_MAX;  // block whose documents took docs_size_ bytes
  size_t docs_size_ = 0;
  Status status_;
};

// DATA_LOSS when the list's bytes are damaged or do not fit `entry`.
Result<std::unique_ptr<PostingsList>> OpenPostings(const PostingsSections& sections, const TermEntry& entry);

}  // namespace sakuin::index
