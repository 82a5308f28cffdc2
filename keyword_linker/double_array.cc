#include "keyword_linker/double_array.h"

#include <algorithm>
#include <bit>

namespace sakuin::keyword_linker {
namespace {

constexpr uint32_t kSmallestBlock = 64;
constexpr int kTries = 64;      // before a dense region is given up
constexpr int kStride = 16;     // free slots passed over then

}  // namespace

DoubleArray::DoubleArray(uint32_t codes) : block_(std::max(kSmallestBlock, std::bit_ceil(codes + 1))) {
  Grow();
  Take(0);
  base_used_[0] = true;  // of states without children
}

void DoubleArray::Grow() {
  const size_t before = taken_.size();
  const size_t size = before + block_;
  taken_.resize(size);
  base_used_.resize(size);
  next_.resize(size);
  previous_.resize(size);
  for (size_t i = before; i < size; ++i) {
    previous_[i] = i == before ? last_ : static_cast<uint32_t>(i - 1);
    next_[i] = i + 1 == size ? kEnd : static_cast<uint32_t>(i + 1);
  }
  (last_ == kEnd ? first_ : next_[last_]) = static_cast<uint32_t>(before);
  last_ = static_cast<uint32_t>(size - 1);
}

void DoubleArray::Take(uint32_t slot) {
  taken_[slot] = true;
  const uint32_t before = previous_[slot];
  const uint32_t after = next_[slot];
  (before == kEnd ? first_ : next_[before]) = after;
  (after == kEnd ? last_ : previous_[after]) = before;
  if (sparse_ == slot) sparse_ = after;
}

bool DoubleArray::Fits(uint32_t base, std::span<const uint32_t> codes) const {
  if (base_used_[base]) return false;
  return std::none_of(codes.begin(), codes.end(), [&](uint32_t code) { return taken_[base ^ code]; });
}

uint32_t DoubleArray::FirstToTry(size_t family) const { return family == 1 || sparse_ == kEnd ? first_ : sparse_; }

uint32_t DoubleArray::Place(std::span<const uint32_t> codes) {
  int tries = 0;
  for (uint32_t slot = FirstToTry(codes.size());;) {
    if (slot == kEnd) {
      slot = static_cast<uint32_t>(taken_.size());
      Grow();
    }
    const uint32_t base = slot ^ codes[0];
    if (Fits(base, codes)) {
      base_used_[base] = true;
      for (const uint32_t code : codes) Take(base ^ code);
      return base;
    }
    slot = next_[slot];
    if (codes.size() == 1 || ++tries < kTries) continue;
    for (int i = 0; i < kStride && slot != kEnd; ++i) slot = next_[slot];
    sparse_ = slot;
    tries = kTries / 2;
  }
}

}  // namespace sakuin::keyword_linker
