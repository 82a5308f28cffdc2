// segment_file_writer.h: puts the sections of a segment into one file, with
// checksums of every page and section, a table of contents and a footer.
//
//   ASSIGN_OR_RETURN(auto file, SegmentFileWriter::Create(fs, folder, sequence));
//   RETURN_IF_ERROR(file->Add(SectionKind::kTerms, field, bytes));
//   ASSIGN_OR_RETURN(SegmentFileInfo info, file->Finish());     // synced and renamed
//
// It knows no section's contents. Without Finish() nothing but a temporary file
// remains, which the destructor removes. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/checksum.h"
#include "base/file.h"
#include "base/status.h"
#include "index/format.h"
#include "index/spill_buffer.h"

namespace sakuin::index {

struct SegmentFileInfo {
  std::string name;       // 16 hex digits: the checksum of its table of contents
  uint64_t bytes = 0;     // size of the file
  uint64_t checksum = 0;  // of the table of contents, which holds the checksums of all sections
};

class SegmentFileWriter {
 public:
  // `sequence` is different for every segment of an index, so that equal
  // contents never give equal names.
  static Result<std::unique_ptr<SegmentFileWriter>> Create(FileSystem& fs, const std::string& folder, uint64_t sequence);
  ~SegmentFileWriter();

  Status Add(SectionKind kind, FieldId field, std::string_view bytes);
  Status Add(SectionKind kind, FieldId field, SpillBuffer& bytes);

  // Gives every section of `field` a second entry under `alias`: the same bytes, two names.
  void Alias(FieldId field, FieldId alias);

  Result<SegmentFileInfo> Finish();

 private:
  SegmentFileWriter(FileSystem& fs, std::string folder, uint64_t sequence);
  Status Append(std::string_view bytes);
  Status Pad();
  Status Flush();
  Status Begin(SectionKind kind, FieldId field);
  Status Grow(std::string_view bytes);
  void End();
  std::string TableOfContents() const;

  FileSystem& fs_;
  std::string folder_;
  std::string temporary_;
  uint64_t sequence_;
  std::unique_ptr<WritableFile> file_;
  std::string buffer_;
  uint64_t offset_ = 0;
  size_t page_fill_ = 0;
  RunningChecksum page_;
  RunningChecksum section_;
  std::vector<uint64_t> pages_;
  std::vector<SectionEntry> entries_;
  bool finished_ = false;
};

}  // namespace sakuin::index
