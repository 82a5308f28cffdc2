#include "index/stored.h"

#include <algorithm>

#include "base/compression.h"

namespace sakuin::index {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 14;

}  // namespace

StoredWriter::StoredWriter(FileSystem& fs, const std::string& prefix) : blocks_(fs, prefix + "-stored.tmp") {}

Status StoredWriter::Add(std::string_view bytes) {
  if (ends_.empty()) {
    first_docs_.push_back(documents_);
    starts_.push_back(blocks_.size());
  }
  block_.append(bytes);
  ends_.push_back(block_.size());
  ++documents_;
  return block_.size() >= kBlockBytes ? FinishBlock() : OkStatus();
}

Status StoredWriter::FinishBlock() {
  if (ends_.empty()) return OkStatus();
  std::string raw;
  AppendPacked(ends_, raw);
  raw += block_;
  AppendVarint(blocks_.tail(), raw.size());
  Compress(raw, blocks_.tail());
  block_.clear();
  if (block_.capacity() > 4 * kBlockBytes) block_.shrink_to_fit();
  ends_.clear();
  return blocks_.Settle();
}

Status StoredWriter::AddSections(SegmentFileWriter& file) {
  RETURN_IF_ERROR(FinishBlock());
  std::string index;
  AppendPacked(first_docs_, index);
  AppendPacked(starts_, index);
  RETURN_IF_ERROR(file.Add(SectionKind::kStoredIndex, kNoField, index));
  return file.Add(SectionKind::kStored, kNoField, blocks_);
}

Result<StoredReader> StoredReader::Open(const SegmentFileView& file) {
  StoredReader reader;
  reader.file_ = &file;
  ASSIGN_OR_RETURN(const std::string_view index, file.CheckedSection(SectionKind::kStoredIndex, kNoField));
  ByteReader in(index);
  if (!PackedNumbers::Read(in, reader.first_docs_) || !PackedNumbers::Read(in, reader.starts_) ||
      reader.first_docs_.size() != reader.starts_.size()) {
    return DataLossError(file.path() + ": the index of stored documents cannot be decoded; the segment is damaged");
  }
  reader.blocks_ = file.Section(SectionKind::kStored, kNoField);
  return reader;
}

Status StoredReader::Read(DocId doc, std::string& out) const {
  StoredCursor cursor(*this);
  ASSIGN_OR_RETURN(const std::string_view bytes, cursor.Read(doc));
  out.assign(bytes);
  return OkStatus();
}

Status StoredCursor::Load(uint64_t block) {
  const PackedNumbers& starts = reader_->starts_;
  const uint64_t begin = starts[block];
  const uint64_t end = block + 1 < starts.size() ? starts[block + 1] : reader_->blocks_.size();
  if (begin > end || end > reader_->blocks_.size()) return DataLossError("a block of stored documents lies outside its section");
  const std::string_view bytes = reader_->blocks_.substr(begin, end - begin);
  RETURN_IF_ERROR(reader_->file_->Check(bytes));
  ByteReader in(bytes);
  const uint64_t size = in.ReadVarint();
  if (!in.ok()) return DataLossError("a block of stored documents ends too early");
  RETURN_IF_ERROR(Decompress(in.ReadBytes(in.remaining()), size, raw_));
  ByteReader raw(raw_);
  if (!PackedNumbers::Read(raw, ends_)) return DataLossError("a block of stored documents cannot be decoded");
  data_ = raw.ReadBytes(raw.remaining());
  block_ = block;
  return OkStatus();
}

Result<std::string_view> StoredCursor::Read(DocId doc) {
  const PackedNumbers& first_docs = reader_->first_docs_;
  uint64_t low = 0;  // the last block that begins at `doc` or before
  uint64_t high = first_docs.size();
  while (high - low > 1) {
    const uint64_t middle = low + (high - low) / 2;
    (first_docs[middle] <= doc ? low : high) = middle;
  }
  if (high == 0) return NotFoundError("no documents are stored");
  if (low != block_) RETURN_IF_ERROR(Load(low));
  const uint64_t i = doc - first_docs[low];
  if (i >= ends_.size()) return DataLossError("a stored document is missing from its block");
  const uint64_t begin = i == 0 ? 0 : ends_[i - 1];
  if (begin > ends_[i] || ends_[i] > data_.size()) return DataLossError("a stored document lies outside its block");
  return data_.substr(begin, ends_[i] - begin);
}

}  // namespace sakuin::index
