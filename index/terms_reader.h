// terms_reader.h: looks words up in the dictionary of one field, and walks it.
//
//   ASSIGN_OR_RETURN(TermsReader terms, TermsReader::Open(file, field, /*positions=*/true));
//   ASSIGN_OR_RETURN(std::optional<TermEntry> entry, terms.Find("apple"));
//
//   TermsCursor cursor(terms);
//   for (cursor.Seek("ap"); cursor.valid(); cursor.Next()) Use(cursor.term(), cursor.entry());
//   RETURN_IF_ERROR(cursor.status());
//
// A lookup is a binary search in the top level (eight bytes a block of 32 words)
// and a walk through one block. A reader is immutable and thread-safe; a cursor
// is not. Both are views of the segment's file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/status.h"
#include "index/postings_writer.h"
#include "index/segment_file.h"

namespace sakuin::index {

class TermsReader {
 public:
  TermsReader() = default;  // no words

  static Result<TermsReader> Open(const SegmentFileView& file, FieldId field, bool positions);

  uint64_t count() const { return count_; }
  // Nothing when the word is not there; DATA_LOSS when its block is damaged.
  Result<std::optional<TermEntry>> Find(std::string_view term) const;

 private:
  friend class TermsCursor;

  uint64_t blocks() const { return prefixes_.size() / 8; }
  uint64_t PrefixOf(uint64_t block) const { return LoadUnaligned<uint64_t>(prefixes_.data() + block * 8); }
  std::string_view BlockBytes(uint64_t block) const;
  // First word of a block; empty when damaged (the cursor finds out).
  std::string_view FirstTerm(uint64_t block) const;
  // The last block whose first word is not after `term`; 0 when all are.
  uint64_t BlockFor(std::string_view term) const;

  const SegmentFileView* file_ = nullptr;
  bool has_positions_ = false;
  uint64_t count_ = 0;
  std::string_view prefixes_;
  std::string_view offsets_;
  std::string_view terms_;
};

class TermsCursor {
 public:
  // `reader` must outlive the cursor. Stands nowhere until Seek or Rewind.
  explicit TermsCursor(const TermsReader& reader) : reader_(&reader) {}

  // To the first word that is not before `target`. Forward or back.
  void Seek(std::string_view target);
  void Rewind() { Seek({}); }
  // REQUIRES: valid().
  void Next();

  bool valid() const { return valid_; }
  std::string_view term() const { return term_; }  // until the next move
  const TermEntry& entry() const { return entry_; }
  const Status& status() const { return status_; }

 private:
  bool EnterBlock(uint64_t block);
  void Fail();

  const TermsReader* reader_;
  uint64_t block_ = 0;
  uint64_t left_ = 0;  // words of the block not yet read
  ByteReader in_{std::string_view()};
  uint64_t next_postings_ = 0;
  uint64_t next_row_ = 0;
  uint64_t next_positions_ = 0;
  std::string term_;
  TermEntry entry_;
  bool valid_ = false;
  Status status_;
};

}  // namespace sakuin::index
