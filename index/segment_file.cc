#include "index/segment_file.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/checksum.h"
#include "index/filename.h"

namespace sakuin::index {

SegmentFileView::SegmentFileView(std::unique_ptr<MappedFile> file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

Status SegmentFileView::Damaged(const std::string& what) const {
  return DataLossError(path_ + " is damaged: " + what + "; restore it from a backup or index its documents again");
}

Result<std::unique_ptr<SegmentFileView>> SegmentFileView::Open(FileSystem& fs, const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<MappedFile> file, fs.Map(path));
  std::unique_ptr<SegmentFileView> view(new SegmentFileView(std::move(file), path));
  RETURN_IF_ERROR(view->ReadFooter());
  return view;
}

Status SegmentFileView::ReadFooter() {
  const std::string_view all = file_->bytes();
  if (all.size() < kSegmentHeaderBytes + kFooterBytes) {
    return Damaged("expected at least " + std::to_string(kSegmentHeaderBytes + kFooterBytes) + " bytes, found " + std::to_string(all.size()));
  }
  if (all.substr(0, kMagicBytes) != std::string_view(kSegmentMagic, kMagicBytes)) return Damaged("it does not begin as a segment does");
  const std::string_view bytes = all.substr(all.size() - kFooterBytes);
  if (bytes.substr(kFooterBytes - kMagicBytes) != std::string_view(kFooterMagic, kMagicBytes)) {
    return Damaged("it does not end as a segment does (cut short?)");
  }
  ByteReader footer(bytes);
  const uint64_t toc_offset = footer.ReadU64();
  const uint64_t toc_size = footer.ReadU64();
  checksum_ = footer.ReadU64();
  const uint32_t version = footer.ReadU32();
  footer.ReadU32();
  if (footer.ReadU64() != Checksum(bytes.substr(0, kFooterBytes - kMagicBytes - 8))) return Damaged("its footer's checksum does not fit");
  if (version != kFormatVersion) {
    return InvalidArgumentError(path_ + " has format version " + std::to_string(version) + ", this program reads version " +
                                std::to_string(kFormatVersion) + "; use the program that wrote it, or index again");
  }
  if (toc_offset > all.size() || toc_size > all.size() - toc_offset) return Damaged("its table of contents lies outside");
  const std::string_view toc = all.substr(toc_offset, toc_size);
  if (Checksum(toc) != checksum_) return Damaged("the checksum of its table of contents does not fit");
  return ReadTableOfContents(toc);
}

Status SegmentFileView::ReadTableOfContents(std::string_view toc) {
  ByteReader reader(toc);
  reader.ReadU64();  // sequence
  const uint32_t count = reader.ReadU32();
  for (uint32_t i = 0; i < count && reader.ok(); ++i) {
    SectionEntry entry{};
    entry.kind = static_cast<SectionKind>(reader.ReadU32());
    entry.field = reader.ReadU32();
    entry.offset = reader.ReadU64();
    entry.size = reader.ReadU64();
    entry.checksum = reader.ReadU64();
    if (entry.offset > bytes() || entry.size > bytes() - entry.offset) return Damaged("a section lies outside");
    entries_.push_back(entry);
  }
  if (!reader.ok()) return Damaged("its table of contents ends too early");
  const SectionEntry* pages = Find(SectionKind::kPageChecksums, kNoField);
  if (pages == nullptr) return Damaged("it has no page checksums");
  paged_bytes_ = pages->offset;
  pages_ = file_->bytes().substr(pages->offset, pages->size);
  const size_t page_count = (paged_bytes_ + kPageBytes - 1) / kPageBytes;
  if (pages_.size() != page_count * 8 || Checksum(pages_) != pages->checksum) return Damaged("its page checksums do not fit");
  for (const SectionEntry& entry : entries_) {
    if (&entry != pages && entry.offset + entry.size > paged_bytes_) return Damaged("a section lies outside the pages");
  }
  verified_ = std::make_unique<std::atomic<uint8_t>[]>(page_count);
  return OkStatus();
}

const SectionEntry* SegmentFileView::Find(SectionKind kind, FieldId field) const {
  for (const SectionEntry& entry : entries_) {
    if (entry.kind == kind && entry.field == field) return &entry;
  }
  return nullptr;
}

std::string_view SegmentFileView::Section(SectionKind kind, FieldId field) const {
  const SectionEntry* entry = Find(kind, field);
  return entry == nullptr ? std::string_view() : file_->bytes().substr(entry->offset, entry->size);
}

Status SegmentFileView::CheckPage(size_t page) const {
  const size_t begin = page * kPageBytes;
  const std::string_view bytes = file_->bytes().substr(begin, std::min<uint64_t>(kPageBytes, paged_bytes_ - begin));
  if (Checksum(bytes) != LoadUnaligned<uint64_t>(pages_.data() + page * 8)) {
    return Damaged("the page at byte " + std::to_string(begin) + " does not fit its checksum");
  }
  verified_[page].store(1, std::memory_order_relaxed);
  return OkStatus();
}

Status SegmentFileView::Check(std::string_view range) const {
  if (range.empty()) return OkStatus();
  const size_t begin = static_cast<size_t>(range.data() - file_->bytes().data());
  const size_t last = (begin + range.size() - 1) / kPageBytes;
  for (size_t page = begin / kPageBytes; page <= last; ++page) {
    if (verified_[page].load(std::memory_order_relaxed) != 0) continue;
    RETURN_IF_ERROR(CheckPage(page));
  }
  return OkStatus();
}

Result<std::string_view> SegmentFileView::CheckedSection(SectionKind kind, FieldId field) const {
  const std::string_view section = Section(kind, field);
  RETURN_IF_ERROR(Check(section));
  return section;
}

Status SegmentFileView::VerifyAll() const {
  for (size_t page = 0; page * kPageBytes < paged_bytes_; ++page) RETURN_IF_ERROR(CheckPage(page));
  for (const SectionEntry& entry : entries_) {
    if (Checksum(file_->bytes().substr(entry.offset, entry.size)) != entry.checksum) {
      return Damaged("section " + std::to_string(static_cast<uint32_t>(entry.kind)) + " does not fit its checksum");
    }
  }
  return OkStatus();
}

void SegmentFileView::Release(std::string_view range) const {
  if (!range.empty()) file_->Release(static_cast<uint64_t>(range.data() - file_->bytes().data()), range.size());
}

}  // namespace sakuin::index
