#include "index/packed_numbers.h"

#include <algorithm>
#include <bit>

namespace sakuin::index {

void AppendPacked(std::span<const uint64_t> numbers, std::string& out) {
  const uint64_t minimum = numbers.empty() ? 0 : *std::min_element(numbers.begin(), numbers.end());
  const uint64_t range = numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end()) - minimum;
  const uint32_t width = range == 0 ? 0 : std::bit_ceil(static_cast<uint32_t>(std::bit_width(range)));
  AppendVarint(out, numbers.size());
  AppendVarint(out, minimum);
  AppendU8(out, static_cast<uint8_t>(width));
  const size_t at = out.size();
  out.resize(at + (numbers.size() * width + 7) / 8);
  for (size_t i = 0; i < numbers.size() && width > 0; ++i) {
    const uint64_t value = numbers[i] - minimum;
    char* to = out.data() + at + i * width / 8;
    if (width >= 8) {
      std::memcpy(to, &value, width / 8);
    } else {
      *to = static_cast<char>(static_cast<uint8_t>(*to) | value << i * width % 8);
    }
  }
}

bool PackedNumbers::Read(ByteReader& in, PackedNumbers& view) {
  PackedNumbers read;
  read.size_ = in.ReadVarint();
  read.minimum_ = in.ReadVarint();
  const uint32_t width = in.ReadU8();
  if (!in.ok() || width > 64 || !(width == 0 || std::has_single_bit(width))) return false;
  if (width > 0 && read.size_ / 8 > in.remaining() / width + 1) return false;
  read.shift_ = width == 0 ? 0 : static_cast<uint32_t>(std::countr_zero(width));
  read.mask_ = width == 0 ? 0 : width == 64 ? UINT64_MAX : (uint64_t{1} << width) - 1;
  read.data_ = in.ReadBytes((read.size_ * width + 7) / 8).data();
  if (!in.ok()) return false;
  view = read;
  return true;
}

}  // namespace sakuin::index
