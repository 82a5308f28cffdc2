#include "index/terms_reader.h"

#include <algorithm>

#include "index/terms_writer.h"

namespace sakuin::index {

Result<TermsReader> TermsReader::Open(const SegmentFileView& file, FieldId field, bool positions) {
  TermsReader reader;
  reader.file_ = &file;
  reader.has_positions_ = positions;
  ASSIGN_OR_RETURN(const std::string_view top, file.CheckedSection(SectionKind::kTermIndex, field));
  reader.terms_ = file.Section(SectionKind::kTerms, field);
  if (top.empty()) return reader;
  if (top.size() < 8 || top.size() % 16 != 8) return DataLossError(file.path() + ": the top level of a dictionary has an odd size");
  reader.count_ = LoadUnaligned<uint64_t>(top.data());
  const size_t blocks = top.size() / 16;
  reader.prefixes_ = top.substr(8, blocks * 8);
  reader.offsets_ = top.substr(8 + blocks * 8);
  if ((reader.count_ + kTermsPerBlock - 1) / kTermsPerBlock != blocks) return DataLossError(file.path() + ": a dictionary does not have its words");
  return reader;
}

std::string_view TermsReader::BlockBytes(uint64_t block) const {
  const uint64_t begin = LoadUnaligned<uint64_t>(offsets_.data() + block * 8);
  const uint64_t end = block + 1 < blocks() ? LoadUnaligned<uint64_t>(offsets_.data() + (block + 1) * 8) : terms_.size();
  if (begin > end || end > terms_.size()) return {};
  return terms_.substr(begin, end - begin);
}

std::string_view TermsReader::FirstTerm(uint64_t block) const {
  const std::string_view bytes = BlockBytes(block);
  if (!file_->Check(bytes).ok()) return {};
  ByteReader in(bytes);
  in.ReadVarint();
  in.ReadVarint();
  if (has_positions_) in.ReadVarint();
  in.ReadVarint();  // shares nothing
  return in.ReadLengthPrefixed();
}

uint64_t TermsReader::BlockFor(std::string_view term) const {
  const uint64_t prefix = TermPrefix(term);
  uint64_t low = 0;  // blocks before `low` begin before `term`, blocks from `high` on after it
  uint64_t high = blocks();
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    const uint64_t first = PrefixOf(middle);
    const bool begins_after = first != prefix ? first > prefix : FirstTerm(middle) > term;
    if (begins_after) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low == 0 ? 0 : low - 1;
}

Result<std::optional<TermEntry>> TermsReader::Find(std::string_view term) const {
  TermsCursor cursor(*this);
  cursor.Seek(term);
  RETURN_IF_ERROR(cursor.status());
  if (!cursor.valid() || cursor.term() != term) return std::optional<TermEntry>();
  return std::optional<TermEntry>(cursor.entry());
}

void TermsCursor::Fail() {
  valid_ = false;
  left_ = 0;
  if (status_.ok()) status_ = DataLossError(reader_->file_->path() + ": a block of the dictionary cannot be decoded; the segment is damaged");
}

bool TermsCursor::EnterBlock(uint64_t block) {
  block_ = block;
  valid_ = false;
  if (block >= reader_->blocks()) return false;
  const std::string_view bytes = reader_->BlockBytes(block);
  if (Status status = reader_->file_->Check(bytes); !status.ok()) {
    status_ = status;
    return false;
  }
  in_ = ByteReader(bytes);
  next_postings_ = in_.ReadVarint();
  next_row_ = in_.ReadVarint();
  next_positions_ = reader_->has_positions_ ? in_.ReadVarint() : 0;
  left_ = std::min<uint64_t>(kTermsPerBlock, reader_->count_ - block * kTermsPerBlock);
  term_.clear();
  return true;
}

void TermsCursor::Seek(std::string_view target) {
  status_ = OkStatus();
  if (!EnterBlock(reader_->BlockFor(target))) return;
  Next();
  while (valid_ && term_ < target) Next();
}

void TermsCursor::Next() {
  if (left_ == 0 && !EnterBlock(block_ + 1)) {
    valid_ = false;
    return;
  }
  --left_;
  const uint64_t shared = in_.ReadVarint();
  const std::string_view rest = in_.ReadLengthPrefixed();
  entry_.document_frequency = in_.ReadVarint32();
  entry_.total_frequency = entry_.document_frequency + in_.ReadVarint();
  const uint64_t doc_or_size = in_.ReadVarint();
  const bool single = entry_.document_frequency == 1;
  entry_.single_doc = single ? static_cast<DocId>(doc_or_size) : 0;
  entry_.postings_size = single ? 0 : doc_or_size;
  entry_.positions_size = reader_->has_positions_ ? in_.ReadVarint() : 0;
  const bool wrapped = entry_.total_frequency < entry_.document_frequency || (single && doc_or_size > UINT32_MAX);
  if (!in_.ok() || shared > term_.size() || entry_.document_frequency == 0 || wrapped) return Fail();
  term_.resize(shared);
  term_.append(rest);
  entry_.postings_offset = next_postings_;
  entry_.positions_offset = next_positions_;
  entry_.first_block = next_row_;
  next_postings_ += entry_.postings_size;
  next_positions_ += entry_.positions_size;
  if (entry_.document_frequency > kBlockSize) next_row_ += entry_.blocks();
  valid_ = true;
}

}  // namespace sakuin::index
