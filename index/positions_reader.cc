#include "index/positions_reader.h"

#include <algorithm>
#include <numeric>

namespace sakuin::index {

void PositionsReader::EnterBlock(PostingsList& list, uint32_t block, const uint32_t* frequencies) {
  list_ = &list;
  frequencies_ = frequencies;
  ShortForm form = ShortForm::kBlock;
  rest_ = list_->PositionBytes(block, form);
  varints_ = form == ShortForm::kVarints;
  total_ = std::accumulate(frequencies, frequencies + list_->SizeOfBlock(block), uint64_t{0});
  decoded_ = begin_ = 0;
  place_ = 0;
  // A run of equal gaps takes a few bytes for 128: fewer bytes than this cannot hold them.
  if (total_ > list_->entry().total_frequency || total_ / kBlockSize > rest_.size()) total_ = 0;
  if (gaps_.size() < total_ + kDecodeRoom) gaps_.resize(total_ + kDecodeRoom);
}

bool PositionsReader::DecodeUpTo(uint64_t end) {
  if (end > total_) return false;
  if (varints_ && decoded_ < end) {
    ByteReader reader(rest_);
    while (decoded_ < total_) gaps_[decoded_++] = reader.ReadVarint32();
    return reader.ok();
  }
  while (decoded_ < end) {
    const auto count = static_cast<uint32_t>(std::min<uint64_t>(kBlockSize, total_ - decoded_));
    const size_t used = rest_.empty() ? 0 : DecodeValues(rest_.data(), rest_.data() + rest_.size(), count, gaps_.data() + decoded_);
    if (used == 0) return false;
    rest_.remove_prefix(used);
    decoded_ += count;
  }
  return true;
}

std::span<const uint32_t> PositionsReader::Positions(uint32_t place) {
  if (place < place_) {
    place_ = 0;
    begin_ = 0;
  }
  begin_ = std::accumulate(frequencies_ + place_, frequencies_ + place, begin_);
  place_ = place;
  const uint32_t count = frequencies_[place];
  if (!DecodeUpTo(begin_ + count)) {
    total_ = 0;  // nothing more of this block
    list_->Damage("a block of positions cannot be decoded");
    return {};
  }
  positions_.resize(count);
  uint32_t position = 0;
  for (uint32_t i = 0; i < count; ++i) positions_[i] = position += gaps_[begin_ + i];
  return positions_;
}

}  // namespace sakuin::index
