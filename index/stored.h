// stored.h: what a search shows of documents: bytes by document, in compressed blocks.
// Specification: docs/index_format.md, chapter "Stored documents".
//
//   StoredWriter writer(fs, prefix);              ASSIGN_OR_RETURN(auto reader, StoredReader::Open(file));
//   RETURN_IF_ERROR(writer.Add("{\"a\":1}"));     std::string json;
//   RETURN_IF_ERROR(writer.AddSections(file));    RETURN_IF_ERROR(reader.Read(doc, json));
//
// Reading one document decompresses one block of about 16 KiB. A reader is
// immutable and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "index/packed_numbers.h"
#include "index/segment_file.h"
#include "index/segment_file_writer.h"
#include "index/spill_buffer.h"
#include "index/types.h"

namespace sakuin::index {

class StoredWriter {
 public:
  StoredWriter(FileSystem& fs, const std::string& prefix);

  // The next document's bytes, for documents 0, 1, 2, ...
  Status Add(std::string_view bytes);
  Status AddSections(SegmentFileWriter& file);

 private:
  Status FinishBlock();

  SpillBuffer blocks_;
  std::string block_;                 // raw bytes of the open block
  std::vector<uint64_t> ends_;        // of the documents in the open block
  uint32_t documents_ = 0;
  std::vector<uint64_t> first_docs_;  // per block
  std::vector<uint64_t> starts_;      // per block, in the section
};

class StoredReader {
 public:
  StoredReader() = default;
  static Result<StoredReader> Open(const SegmentFileView& file);

  // Replaces `out`.
  Status Read(DocId doc, std::string& out) const;

 private:
  friend class StoredCursor;

  const SegmentFileView* file_ = nullptr;
  PackedNumbers first_docs_;
  PackedNumbers starts_;
  std::string_view blocks_;
};

// Reads documents in ascending order, decompressing each block once. Not thread-safe.
class StoredCursor {
 public:
  explicit StoredCursor(const StoredReader& reader) : reader_(&reader) {}
  // The view holds until the next call.
  Result<std::string_view> Read(DocId doc);

 private:
  Status Load(uint64_t block);

  const StoredReader* reader_;
  uint64_t block_ = UINT64_MAX;
  std::string raw_;
  PackedNumbers ends_;
  std::string_view data_;
};

}  // namespace sakuin::index
