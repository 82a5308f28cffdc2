// segment_reader.h: one segment, open for reading: keys, fields, columns, stored documents.
//
//   ASSIGN_OR_RETURN(auto segment, SegmentReader::Open(fs, folder, entry));
//   ASSIGN_OR_RETURN(const FieldReader* field, segment->OpenField(schema.IdOf("body")));
//   ASSIGN_OR_RETURN(auto term, field->terms.Find("apple"));
//   ASSIGN_OR_RETURN(auto list, OpenPostings(field->postings, *term));
//
// Opening reads a few hundred bytes; a field or column is opened when it is
// first asked for, and kept. Thread-safe; views last as long as the reader.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"
#include "base/status.h"
#include "index/column.h"
#include "index/length_code.h"
#include "index/manifest.h"
#include "index/packed_numbers.h"
#include "index/postings_reader.h"
#include "index/segment_file.h"
#include "index/stored.h"
#include "index/terms_reader.h"
#include "index/types.h"

namespace sakuin::index {

// Exact lengths of one field, by document.
class Lengths {
 public:
  Lengths() = default;
  Lengths(const char* data, uint32_t width) : data_(data), width_(width) {}
  uint32_t operator[](DocId doc) const {
    if (width_ == 2) return LoadUnaligned<uint16_t>(data_ + size_t{doc} * 2);
    if (width_ == 1) return static_cast<uint8_t>(data_[doc]);
    return width_ == 0 ? 0 : LoadUnaligned<uint32_t>(data_ + size_t{doc} * 4);
  }
  uint32_t width() const { return width_; }
  const char* data() const { return data_; }

 private:
  const char* data_ = nullptr;
  uint32_t width_ = 0;  // bytes; 0: no document has the field
};

struct FieldReader {
  bool positions = false;
  FieldStatistics statistics;  // of all documents, deleted ones too
  LengthClasses classes;
  Lengths lengths;
  TermsReader terms;
  PostingsSections postings;
  std::string_view exists;  // bit per document; empty when lengths say it all

  bool Exists(DocId doc) const {
    return exists.empty() ? lengths[doc] > 0 : (static_cast<uint8_t>(exists[doc / 8]) >> doc % 8 & 1) != 0;
  }
};

class SegmentReader {
 public:
  // DATA_LOSS when the file is damaged or is not the one that `entry` names.
  static Result<std::unique_ptr<SegmentReader>> Open(FileSystem& fs, const std::string& folder, const SegmentEntry& entry);

  uint32_t documents() const { return documents_; }
  std::string_view key(DocId doc) const;
  uint32_t key_rank(DocId doc) const { return static_cast<uint32_t>(key_ranks_[doc]); }
  DocId doc_of_rank(uint32_t rank) const { return static_cast<DocId>(key_order_[rank]); }
  uint64_t version(DocId doc) const { return versions_.size() == 0 ? 0 : versions_[doc]; }
  // The first rank whose key is not before `key`; documents() when none is.
  uint32_t LowerBoundOfKey(std::string_view key) const;

  // Null when no document of the segment has a token of the field.
  Result<const FieldReader*> OpenField(FieldId field) const;
  // An empty column when no document has a value.
  Result<const Column*> OpenColumn(FieldId field) const;
  const StoredReader& stored() const { return stored_; }

  // True when the two fields are one under two names (SegmentWriter::Alias).
  bool SameSections(FieldId a, FieldId b) const;

  const SegmentFileView& file() const { return *file_; }

 private:
  SegmentReader() = default;
  Status OpenDocuments();
  Result<std::unique_ptr<FieldReader>> ReadField(FieldId field) const;

  std::unique_ptr<SegmentFileView> file_;
  uint32_t documents_ = 0;
  PackedNumbers key_ends_;
  PackedNumbers key_ranks_;
  PackedNumbers key_order_;
  PackedNumbers versions_;
  std::string_view keys_;
  StoredReader stored_;

  // Opened by whoever asks first, without the lock while bytes are read and checked.
  template <typename T, typename OpenFunction>
  Result<const T*> OpenOnce(std::map<FieldId, std::unique_ptr<T>>& opened, FieldId field, OpenFunction open) const;

  mutable std::mutex mutex_;
  mutable std::map<FieldId, std::unique_ptr<FieldReader>> fields_;
  mutable std::map<FieldId, std::unique_ptr<Column>> columns_;
};

}  // namespace sakuin::index
