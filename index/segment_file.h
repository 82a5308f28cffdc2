// segment_file.h: a segment's file, mapped: finds its sections and never hands
// out a damaged byte unnoticed.
//
//   ASSIGN_OR_RETURN(auto file, SegmentFileView::Open(fs, path));
//   std::string_view terms = file->Section(SectionKind::kTerms, field);
//   RETURN_IF_ERROR(file->Check(terms.substr(at, size)));      // before its bytes are believed
//
// Opening checks header, footer, table of contents and the page checksums' own
// checksum: milliseconds, whatever the size. Check() verifies the 64 KiB pages
// under a range the first time they are asked for. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/format.h"

namespace sakuin::index {

class SegmentFileView {
 public:
  // DATA_LOSS when the file is not a whole segment; INVALID_ARGUMENT for a format of another version.
  static Result<std::unique_ptr<SegmentFileView>> Open(FileSystem& fs, const std::string& path);

  // The section's bytes, not yet checked; empty when there is none.
  std::string_view Section(SectionKind kind, FieldId field) const;
  bool Has(SectionKind kind, FieldId field) const { return Find(kind, field) != nullptr; }

  // DATA_LOSS when a page under `range` is damaged. REQUIRES: `range` lies inside this file.
  Status Check(std::string_view range) const;

  // Section() and Check() of all of it.
  Result<std::string_view> CheckedSection(SectionKind kind, FieldId field) const;

  // Reads everything: every section against its checksum and every page against its own.
  Status VerifyAll() const;

  // Advice to the memory manager: `range` is not needed for now.
  void Release(std::string_view range) const;

  uint64_t bytes() const { return file_->bytes().size(); }
  uint64_t checksum() const { return checksum_; }  // of the table of contents
  const std::string& path() const { return path_; }

  const std::vector<SectionEntry>& sections() const { return entries_; }

 private:
  SegmentFileView(std::unique_ptr<MappedFile> file, std::string path);
  Status ReadFooter();
  Status ReadTableOfContents(std::string_view toc);
  Status Damaged(const std::string& what) const;
  Status CheckPage(size_t page) const;
  const SectionEntry* Find(SectionKind kind, FieldId field) const;

  std::unique_ptr<MappedFile> file_;
  std::string path_;
  uint64_t checksum_ = 0;
  uint64_t paged_bytes_ = 0;  // bytes under page checksums: all before them
  std::vector<SectionEntry> entries_;
  std::string_view pages_;
  std::unique_ptr<std::atomic<uint8_t>[]> verified_;
};

}  // namespace sakuin::index
