// block_cursor.h: a list of postings and its block that was decoded last. The
// matcher of a word and the search for candidates share one, so that a block is
// decoded once for both.
//
//   BlockCursor cursor(std::move(list), field, segment.documents());
//   const uint32_t* docs = cursor.Docs(block);      // docs[size] and beyond: kNoMoreDocs
//   uint32_t tf = cursor.Frequency(block, i);       // of docs[i]
//
// Owns the list. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "index/length_code.h"
#include "index/postings_reader.h"
#include "index/segment_reader.h"

namespace sakuin::searcher {

class BlockCursor {
 public:
  // `documents` of the segment.
  BlockCursor(std::unique_ptr<index::PostingsList> list, const index::FieldReader& field, uint32_t documents)
      : list_(std::move(list)), lengths_(field.lengths), classes_(field.classes), documents_(documents) {}

  index::PostingsList& list() { return *list_; }
  const index::PostingsList& list() const { return *list_; }
  // REQUIRES: doc < documents(); a damaged list may hold others.
  uint32_t Length(index::DocId doc) const { return lengths_[doc]; }
  uint32_t documents() const { return documents_; }
  const index::LengthClasses& classes() const { return classes_; }

  const uint32_t* Docs(uint32_t block) {
    if (docs_block_ != block) {
      list_->DecodeDocs(block, docs_);
      std::fill(docs_ + list_->SizeOfBlock(block), docs_ + index::kBlockSize + 1, index::kNoMoreDocs);
      docs_block_ = block;
      postings_read_ += list_->SizeOfBlock(block);
    }
    return docs_;
  }

  const uint32_t* Frequencies(uint32_t block) {
    if (frequencies_block_ != block) {
      list_->DecodeFrequencies(block, frequencies_);
      frequencies_block_ = block;
    }
    return frequencies_;
  }

  // Of one posting. Cheapest where Docs(block) was asked for last.
  uint32_t Frequency(uint32_t block, uint32_t place) {
    return frequencies_block_ == block ? frequencies_[place] : list_->DecodeFrequency(block, place);
  }

  // The first document of a block is not known without decoding; none is before this.
  index::DocId EarliestDoc(uint32_t block) const {
    const index::DocId before = list_->DocBefore(block);
    return before == index::kBeforeFirst ? 0 : before + 1;
  }

  // Postings decoded so far.
  uint64_t postings_read() const { return postings_read_; }

 private:
  std::unique_ptr<index::PostingsList> list_;
  index::Lengths lengths_;
  index::LengthClasses classes_;
  uint32_t documents_;
  uint64_t postings_read_ = 0;
  uint32_t docs_block_ = UINT32_MAX;
  uint32_t frequencies_block_ = UINT32_MAX;
  uint32_t docs_[index::kDecodeRoom];
  uint32_t frequencies_[index::kBlockSize];
};

}  // namespace sakuin::searcher
