// length_code.h: document lengths in one byte, rounded down, for bounds; exact
// lengths are stored beside them and decide every score.
//
// Lengths below 32 are exact; above, 16 steps an octave (at most 6 % too short).
// The code grows with the length: LengthOfCode(CodeOfLength(n)) <= n.
#pragma once

#include <bit>
#include <cstdint>

namespace sakuin::index {

inline constexpr uint8_t kNoLength = 255;  // no such document

inline constexpr uint8_t CodeOfLength(uint32_t length) {
  if (length < 32) return static_cast<uint8_t>(length);
  const uint32_t exponent = static_cast<uint32_t>(std::bit_width(length)) - 5;  // at least 1
  const uint32_t code = 16 * exponent + (length >> exponent);                   // mantissa is 16 .. 31
  return code < kNoLength ? static_cast<uint8_t>(code) : kNoLength - 1;
}

inline constexpr uint32_t LengthOfCode(uint8_t code) {
  if (code < 32) return code;
  const uint32_t exponent = (code - 16U) / 16;
  return (code - 16 * exponent) << exponent;
}

static_assert(LengthOfCode(CodeOfLength(31)) == 31 && LengthOfCode(CodeOfLength(32)) == 32 && LengthOfCode(CodeOfLength(1000)) <= 1000);

// Four classes of length, numbered 0 (short) to 3 (long), that travel with every
// posting: a document of class c is at least minimum[c] long.
struct LengthClasses {
  uint32_t minimum[4] = {0, 0, 0, 0};

  uint32_t ClassOf(uint32_t length) const { return (length >= minimum[1]) + (length >= minimum[2]) + (length >= minimum[3]); }
};

}  // namespace sakuin::index
