// segment_writer.h: makes one segment, from whatever has documents in order and
// postings in term order: a flush of the indexer or a merge.
//
//   ASSIGN_OR_RETURN(auto writer, SegmentWriter::Create(fs, folder, sequence));
//   for (...) RETURN_IF_ERROR(writer->AddDocument(key, version, stored));
//   RETURN_IF_ERROR(writer->StartField(id, options, lengths, exists));
//   for (terms ascending) {
//     writer->StartTerm(term);
//     for (documents ascending) writer->AddPosting(doc, positions);
//     RETURN_IF_ERROR(writer->FinishTerm());
//   }
//   RETURN_IF_ERROR(writer->FinishField());
//   RETURN_IF_ERROR(writer->AddColumn(id, column));
//   ASSIGN_OR_RETURN(SegmentEntry entry, writer->Finish());
//
// All documents first, then fields. What is large goes through temporary files,
// so memory is a few bytes a document and field. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/column.h"
#include "index/manifest.h"
#include "index/postings_writer.h"
#include "index/segment_file_writer.h"
#include "index/stored.h"
#include "index/terms_writer.h"

namespace sakuin::index {

class SegmentWriter {
 public:
  static Result<std::unique_ptr<SegmentWriter>> Create(FileSystem& fs, const std::string& folder, uint64_t sequence);

  Status AddDocument(std::string_view key, uint64_t version, std::string_view stored);
  uint32_t documents() const { return static_cast<uint32_t>(key_ends_.size()); }

  // `lengths`: tokens per document, 0 where it has none. `exists`: bit per
  // document that has a value, in 64-bit words; empty when lengths say it all.
  Status StartField(FieldId field, bool positions, std::vector<uint32_t> lengths, std::span<const uint64_t> exists);
  Status StartTerm(std::string_view term);
  void AddPosting(DocId doc, std::span<const uint32_t> positions) { postings_->Add(doc, positions); }
  void AddPosting(DocId doc, uint32_t frequency) { postings_->Add(doc, frequency); }
  Status FinishTerm();
  Status FinishField();

  // The postings of `field` are those of `alias` too (a document's only text field is all its text).
  void Alias(FieldId field, FieldId alias);

  Status AddColumn(FieldId field, ColumnBuilder& column) { return column.AddSections(*file_, field, documents()); }
  Status AddColumn(FieldId field, StringColumnBuilder& column) { return column.AddSections(*file_, field, documents()); }

  // Durable under its final name when OK. Name, sizes and statistics are filled in; shard and deletes are the caller's.
  Result<SegmentEntry> Finish();

 private:
  SegmentWriter(FileSystem& fs, const std::string& folder, uint64_t sequence);
  Status WriteDocuments();
  Status WriteLengths();

  FileSystem& fs_;
  std::string prefix_;  // of temporary files
  std::unique_ptr<SegmentFileWriter> file_;
  bool documents_written_ = false;

  std::string keys_;
  std::vector<uint64_t> key_ends_;
  std::vector<uint64_t> versions_;
  bool has_versions_ = false;
  std::unique_ptr<StoredWriter> stored_;

  FieldId field_ = kNoField;
  bool positions_ = false;
  std::vector<uint32_t> lengths_;
  LengthClasses classes_;
  std::string term_;
  std::optional<TermsWriter> terms_;
  std::optional<PostingsWriter> postings_;
  std::vector<FieldStatistics> statistics_;
};

}  // namespace sakuin::index
