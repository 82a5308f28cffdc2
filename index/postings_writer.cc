#include "index/postings_writer.h"

#include <algorithm>
#include <cassert>

#include "base/bytes.h"

namespace sakuin::index {

PostingsWriter::PostingsWriter(FileSystem& fs, const std::string& prefix, std::span<const uint32_t> lengths, const LengthClasses& classes,
                               bool positions)
    : lengths_(lengths),
      classes_(classes),
      has_positions_(positions),
      postings_(fs, prefix + "-postings.tmp"),
      positions_(fs, prefix + "-positions.tmp"),
      block_last_doc_(fs, prefix + "-last-docs.tmp"),
      block_offset_(fs, prefix + "-offsets.tmp"),
      block_facts_(fs, prefix + "-facts.tmp"),
      position_offset_(fs, prefix + "-position-offsets.tmp") {}

void PostingsWriter::StartTerm() {
  entry_ = TermEntry{};
  entry_.postings_offset = postings_.size();
  entry_.positions_offset = positions_.size();
  entry_.first_block = rows_;
  n_ = 0;
  gaps_.clear();
  base_ = kBeforeFirst;
  in_blocks_ = false;
}

void PostingsWriter::Add(DocId doc, std::span<const uint32_t> positions) {
  AddPosting(doc, static_cast<uint32_t>(positions.size()));
  if (!has_positions_) return;
  uint32_t previous = 0;
  for (const uint32_t position : positions) {
    gaps_.push_back(position - previous);
    previous = position;
  }
}

void PostingsWriter::Add(DocId doc, uint32_t frequency) {
  assert(!has_positions_);
  AddPosting(doc, frequency);
}

void PostingsWriter::AddPosting(DocId doc, uint32_t frequency) {
  if (n_ == kBlockSize) FinishBlock();
  docs_[n_] = doc;
  frequencies_[n_] = frequency;
  ++n_;
  ++entry_.document_frequency;
  entry_.total_frequency += frequency;
}

BlockFacts PostingsWriter::FactsOfBlock() const {
  BlockFacts facts{{kNoLength, kNoLength, kNoLength, kNoLength}, 0};
  for (uint32_t i = 0; i < n_; ++i) {
    const uint32_t frequency = frequencies_[i];
    uint8_t& shortest = facts.shortest[std::min(frequency, 4U) - 1];
    shortest = std::min(shortest, CodeOfLength(lengths_[docs_[i]]));
    facts.largest_frequency = std::max(facts.largest_frequency, static_cast<uint8_t>(std::min(frequency, 255U)));
  }
  return facts;
}

void PostingsWriter::AppendBlock(DocId base, std::string& out) const {
  for (uint32_t i = 0; i < n_; i += 2) {
    const auto nibble = [&](uint32_t j) {
      return j < n_ ? (std::min(frequencies_[j], 4U) - 1) | classes_.ClassOf(lengths_[docs_[j]]) << 2 : 0;
    };
    AppendU8(out, static_cast<uint8_t>(nibble(i) | nibble(i + 1) << 4));
  }
  EncodeDocs(docs_, n_, base, out);
  for (uint32_t i = 0; i < n_; ++i) {
    if (frequencies_[i] >= 4) AppendVarint(out, frequencies_[i] - 4);
  }
}

void PostingsWriter::AppendVarints(std::string& out) const {
  uint32_t previous = kBeforeFirst;
  for (uint32_t i = 0; i < n_; ++i) {
    AppendVarint(out, uint64_t{docs_[i] - previous - 1} << 1 | (frequencies_[i] > 1 ? 1 : 0));
    if (frequencies_[i] > 1) AppendVarint(out, frequencies_[i] - 2);
    previous = docs_[i];
  }
}

// Positions of the open block: chunks of up to 128 gaps, so that no more than one chunk is decoded in vain.
void PostingsWriter::AppendPositionChunks(std::string& out) const {
  for (size_t at = 0; at < gaps_.size(); at += kBlockSize) {
    EncodeValues(gaps_.data() + at, static_cast<uint32_t>(std::min<size_t>(kBlockSize, gaps_.size() - at)), out);
  }
}

void PostingsWriter::FinishBlock() {
  in_blocks_ = true;
  AppendU32(block_last_doc_.tail(), docs_[n_ - 1]);
  AppendU32(block_offset_.tail(), static_cast<uint32_t>(postings_.size() - entry_.postings_offset));
  const BlockFacts facts = FactsOfBlock();
  block_facts_.tail().append(reinterpret_cast<const char*>(&facts), sizeof(facts));
  if (has_positions_) {
    AppendU32(position_offset_.tail(), static_cast<uint32_t>(positions_.size() - entry_.positions_offset));
    AppendPositionChunks(positions_.tail());
    gaps_.clear();
  }
  ++rows_;
  AppendBlock(base_, postings_.tail());
  base_ = docs_[n_ - 1];
  n_ = 0;
}

void PostingsWriter::AppendShortList() {
  std::string block;
  AppendBlock(kBeforeFirst, block);
  std::string varints;
  AppendVarints(varints);
  const bool as_varints = varints.size() <= block.size();
  AppendU8(postings_.tail(), static_cast<uint8_t>(as_varints ? ShortForm::kVarints : ShortForm::kBlock));
  postings_.tail().append(as_varints ? varints : block);
}

void PostingsWriter::AppendShortPositions() {
  std::string chunks;
  AppendPositionChunks(chunks);
  std::string varints;
  for (const uint32_t gap : gaps_) AppendVarint(varints, gap);
  const bool as_varints = varints.size() <= chunks.size();
  AppendU8(positions_.tail(), static_cast<uint8_t>(as_varints ? ShortForm::kVarints : ShortForm::kBlock));
  positions_.tail().append(as_varints ? varints : chunks);
}

Result<TermEntry> PostingsWriter::FinishTerm() {
  assert(n_ > 0);
  if (in_blocks_) {
    FinishBlock();
  } else {
    entry_.single_doc = docs_[0];
    if (n_ > 1) AppendShortList();
    if (has_positions_) AppendShortPositions();
  }
  entry_.postings_size = postings_.size() - entry_.postings_offset;
  entry_.positions_size = positions_.size() - entry_.positions_offset;
  if (entry_.postings_size > UINT32_MAX || entry_.positions_size > UINT32_MAX) {
    return ResourceExhaustedError("the postings of one word exceed 4 GiB in one segment; index with more shards");
  }
  for (SpillBuffer* buffer : {&postings_, &positions_, &block_last_doc_, &block_offset_, &block_facts_, &position_offset_}) {
    RETURN_IF_ERROR(buffer->Settle());
  }
  return entry_;
}

Status PostingsWriter::AddSections(SegmentFileWriter& file, FieldId field) {
  RETURN_IF_ERROR(file.Add(SectionKind::kPostings, field, postings_));
  RETURN_IF_ERROR(file.Add(SectionKind::kBlockLastDoc, field, block_last_doc_));
  RETURN_IF_ERROR(file.Add(SectionKind::kBlockOffset, field, block_offset_));
  RETURN_IF_ERROR(file.Add(SectionKind::kBlockFacts, field, block_facts_));
  if (!has_positions_) return OkStatus();
  RETURN_IF_ERROR(file.Add(SectionKind::kPositionOffset, field, position_offset_));
  return file.Add(SectionKind::kPositions, field, positions_);
}

}  // namespace sakuin::index
