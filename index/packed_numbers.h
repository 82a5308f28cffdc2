// packed_numbers.h: an array of numbers in as few bits each as the largest needs,
// read at random. Specification: docs/index_format.md, chapter "Packed numbers".
//
//   AppendPacked(std::array<uint64_t, 3>{7, 9, 7}, bytes);
//   PackedNumbers view;
//   ByteReader in(bytes);
//   if (PackedNumbers::Read(in, view)) view[1];   // 9
//
// Widths are 0, 1, 2, 4, 8, 16, 32 or 64 bits, so that a number never crosses a
// word. The smallest number is subtracted from all. A view is thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sakuin::index {

void AppendPacked(std::span<const uint64_t> numbers, std::string& out);

class PackedNumbers {
 public:
  PackedNumbers() = default;  // empty

  // False, and `view` unchanged, when the bytes are no packed numbers.
  static bool Read(ByteReader& in, PackedNumbers& view);

  uint64_t size() const { return size_; }
  // REQUIRES: i < size().
  uint64_t operator[](uint64_t i) const {
    const uint64_t bit = i << shift_;
    if (mask_ == 0) return minimum_;
    return minimum_ + (shift_ == 6 ? LoadUnaligned<uint64_t>(data_ + bit / 8) : Narrow(bit));
  }
  const char* data() const { return data_; }
  std::string_view bytes() const { return {data_, (static_cast<size_t>(size_) * width() + 7) / 8}; }
  uint32_t width() const { return mask_ == 0 ? 0 : 1U << shift_; }
  uint64_t minimum() const { return minimum_; }

 private:
  uint64_t Narrow(uint64_t bit) const {
    switch (shift_) {
      case 3: return static_cast<uint8_t>(data_[bit / 8]);
      case 4: return LoadUnaligned<uint16_t>(data_ + bit / 8);
      case 5: return LoadUnaligned<uint32_t>(data_ + bit / 8);
      default: return static_cast<uint8_t>(data_[bit / 8]) >> bit % 8 & mask_;
    }
  }

  uint64_t size_ = 0;
  uint64_t minimum_ = 0;
  uint64_t mask_ = 0;    // 0: width 0
  uint32_t shift_ = 0;   // log2 of the width
  const char* data_ = nullptr;
};

}  // namespace sakuin::index
