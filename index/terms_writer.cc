#include "index/terms_writer.h"

#include <algorithm>
#include <cassert>

#include "base/bytes.h"

namespace sakuin::index {

uint64_t TermPrefix(std::string_view term) {
  uint64_t prefix = 0;
  for (size_t i = 0; i < 8; ++i) prefix = prefix << 8 | (i < term.size() ? static_cast<uint8_t>(term[i]) : 0);
  return prefix;
}

TermsWriter::TermsWriter(FileSystem& fs, const std::string& prefix, bool positions)
    : has_positions_(positions), blocks_(fs, prefix + "-terms.tmp") {}

void TermsWriter::StartBlock(std::string_view term, const TermEntry& entry) {
  AppendU64(prefixes_, TermPrefix(term));
  AppendU64(offsets_, blocks_.size());
  std::string& out = blocks_.tail();
  AppendVarint(out, entry.postings_offset);
  AppendVarint(out, entry.first_block);
  if (has_positions_) AppendVarint(out, entry.positions_offset);
  previous_.clear();
}

Status TermsWriter::Add(std::string_view term, const TermEntry& entry) {
  assert(count_ == 0 || previous_ < term);
  if (count_ % kTermsPerBlock == 0) {
    RETURN_IF_ERROR(blocks_.Settle());
    StartBlock(term, entry);
  }
  std::string& out = blocks_.tail();
  const size_t shared = static_cast<size_t>(std::mismatch(previous_.begin(), previous_.end(), term.begin(), term.end()).first - previous_.begin());
  AppendVarint(out, shared);
  AppendLengthPrefixed(out, term.substr(shared));
  AppendVarint(out, entry.document_frequency);
  AppendVarint(out, entry.total_frequency - entry.document_frequency);
  AppendVarint(out, entry.document_frequency == 1 ? entry.single_doc : entry.postings_size);
  if (has_positions_) AppendVarint(out, entry.positions_size);
  previous_ = term;
  ++count_;
  return OkStatus();
}

Status TermsWriter::AddSections(SegmentFileWriter& file, FieldId field) {
  std::string top;
  AppendU64(top, count_);
  top += prefixes_;
  top += offsets_;
  RETURN_IF_ERROR(file.Add(SectionKind::kTermIndex, field, top));
  return file.Add(SectionKind::kTerms, field, blocks_);
}

}  // namespace sakuin::index
