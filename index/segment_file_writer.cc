#include "index/segment_file_writer.h"

#include <algorithm>

#include "base/bytes.h"
#include "index/filename.h"

namespace sakuin::index {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 18;

std::string Header(uint64_t sequence) {
  std::string header(kSegmentMagic, kMagicBytes);
  AppendU32(header, kFormatVersion);
  AppendU32(header, 0);
  AppendU64(header, sequence);
  AppendU64(header, Checksum(header));
  header.resize(kSegmentHeaderBytes, '\0');
  return header;
}

}  // namespace

SegmentFileWriter::SegmentFileWriter(FileSystem& fs, std::string folder, uint64_t sequence)
    : fs_(fs), folder_(std::move(folder)), temporary_(JoinPath(folder_, "segment-" + Hex(sequence) + ".tmp")), sequence_(sequence) {}

SegmentFileWriter::~SegmentFileWriter() {
  if (finished_ || file_ == nullptr) return;
  file_.reset();
  (void)fs_.Remove(temporary_);
}

Result<std::unique_ptr<SegmentFileWriter>> SegmentFileWriter::Create(FileSystem& fs, const std::string& folder, uint64_t sequence) {
  std::unique_ptr<SegmentFileWriter> writer(new SegmentFileWriter(fs, folder, sequence));
  ASSIGN_OR_RETURN(writer->file_, fs.Create(writer->temporary_));
  RETURN_IF_ERROR(writer->Append(Header(sequence)));
  return writer;
}

Status SegmentFileWriter::Append(std::string_view bytes) {
  offset_ += bytes.size();
  for (std::string_view rest = bytes; !rest.empty();) {
    const size_t part = std::min(rest.size(), kPageBytes - page_fill_);
    page_.Update(rest.substr(0, part));
    page_fill_ += part;
    rest.remove_prefix(part);
    if (page_fill_ == kPageBytes) {
      pages_.push_back(page_.Value());
      page_.Reset();
      page_fill_ = 0;
    }
  }
  buffer_.append(bytes);
  return buffer_.size() >= kBufferBytes ? Flush() : OkStatus();
}

Status SegmentFileWriter::Flush() {
  RETURN_IF_ERROR(file_->Append(buffer_));
  buffer_.clear();
  return OkStatus();
}

Status SegmentFileWriter::Pad() {
  const size_t missing = (kSectionAlignment - offset_ % kSectionAlignment) % kSectionAlignment;
  return Append(std::string(missing, '\0'));
}

Status SegmentFileWriter::Begin(SectionKind kind, FieldId field) {
  RETURN_IF_ERROR(Pad());
  section_.Reset();
  entries_.push_back({kind, field, offset_, 0, 0});
  return OkStatus();
}

Status SegmentFileWriter::Grow(std::string_view bytes) {
  section_.Update(bytes);
  return Append(bytes);
}

void SegmentFileWriter::End() {
  entries_.back().size = offset_ - entries_.back().offset;
  entries_.back().checksum = section_.Value();
}

Status SegmentFileWriter::Add(SectionKind kind, FieldId field, std::string_view bytes) {
  RETURN_IF_ERROR(Begin(kind, field));
  RETURN_IF_ERROR(Grow(bytes));
  End();
  return OkStatus();
}

Status SegmentFileWriter::Add(SectionKind kind, FieldId field, SpillBuffer& bytes) {
  RETURN_IF_ERROR(Begin(kind, field));
  RETURN_IF_ERROR(bytes.Drain([this](std::string_view part) { return Grow(part); }));
  End();
  return OkStatus();
}

void SegmentFileWriter::Alias(FieldId field, FieldId alias) {
  const size_t count = entries_.size();
  for (size_t i = 0; i < count; ++i) {
    if (entries_[i].field != field || entries_[i].kind >= SectionKind::kColumn) continue;
    entries_.push_back(entries_[i]);
    entries_.back().field = alias;
  }
}

std::string SegmentFileWriter::TableOfContents() const {
  std::string toc;
  AppendU64(toc, sequence_);
  AppendU32(toc, static_cast<uint32_t>(entries_.size()));
  for (const SectionEntry& entry : entries_) {
    AppendU32(toc, static_cast<uint32_t>(entry.kind));
    AppendU32(toc, entry.field);
    AppendU64(toc, entry.offset);
    AppendU64(toc, entry.size);
    AppendU64(toc, entry.checksum);
  }
  return toc;
}

Result<SegmentFileInfo> SegmentFileWriter::Finish() {
  RETURN_IF_ERROR(Pad());
  if (page_fill_ > 0) pages_.push_back(page_.Value());
  std::string pages;
  for (const uint64_t page : pages_) AppendU64(pages, page);
  RETURN_IF_ERROR(Add(SectionKind::kPageChecksums, kNoField, pages));

  const std::string toc = TableOfContents();
  const uint64_t toc_offset = offset_;
  const uint64_t toc_checksum = Checksum(toc);
  std::string footer;
  AppendU64(footer, toc_offset);
  AppendU64(footer, toc.size());
  AppendU64(footer, toc_checksum);
  AppendU32(footer, kFormatVersion);
  AppendU32(footer, 0);
  AppendU64(footer, Checksum(footer));
  footer.append(kFooterMagic, kMagicBytes);
  RETURN_IF_ERROR(Append(toc));
  RETURN_IF_ERROR(Append(footer));
  RETURN_IF_ERROR(Flush());
  RETURN_IF_ERROR(file_->Sync());
  RETURN_IF_ERROR(file_->Close());

  SegmentFileInfo info{Hex(toc_checksum), offset_, toc_checksum};
  RETURN_IF_ERROR(fs_.Rename(temporary_, JoinPath(folder_, SegmentFile(info.name))));
  finished_ = true;
  return info;
}

}  // namespace sakuin::index
