// ascii.h: the byte classes and copies of the fast paths for ASCII words.
//
// Thread-safe: constants and pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sakuin::text::ascii {

enum ByteClass : uint8_t {
  kOther = 0,
  kLetter = 1,
  kDigit = 2,
  kUnderscore = 4,
  kJoiner = 8,   // . ' , : ; may join, + # may belong: look closer
  kHigh = 16,    // not ASCII
  kBlank = 32,
};
inline constexpr uint8_t kWord = kLetter | kDigit | kUnderscore;

inline constexpr std::array<uint8_t, 256> kClasses = [] {
  std::array<uint8_t, 256> classes{};
  for (int c = 'a'; c <= 'z'; ++c) classes[static_cast<size_t>(c)] = classes[static_cast<size_t>(c - 32)] = kLetter;
  for (int c = '0'; c <= '9'; ++c) classes[static_cast<size_t>(c)] = kDigit;
  classes['_'] = kUnderscore;
  for (const uint8_t c : {'.', '\'', ',', ':', ';', '+', '#'}) classes[c] = kJoiner;
  for (const uint8_t c : {' ', '\t', '\n', '\r', '\v', '\f'}) classes[c] = kBlank;
  for (size_t c = 0x80; c < 256; ++c) classes[c] = kHigh;
  return classes;
}();

inline uint8_t ClassOf(char c) { return kClasses[static_cast<uint8_t>(c)]; }

// Eight bytes at once: A-Z become a-z. REQUIRES: all bytes are ASCII.
inline uint64_t LowerEight(uint64_t bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  const uint64_t above = bytes + kOnes * (0x80 - 'A');   // high bit set: >= 'A'
  const uint64_t beyond = bytes + kOnes * (0x7F - 'Z');  // high bit set: > 'Z'
  return bytes | (((above ^ beyond) & (kOnes * 0x80)) >> 2);
}

// Whether one of eight bytes is not ASCII.
inline bool HasHigh(const char* from) {
  uint64_t eight;
  std::memcpy(&eight, from, 8);
  return (eight & 0x8080808080808080) != 0;
}

// Copies `size` ASCII bytes in lower case; may write up to 7 bytes more.
// Reads nothing behind from + size.
inline void CopyLower(const char* from, size_t size, char* to) {
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t eight;
    std::memcpy(&eight, from + i, 8);
    eight = LowerEight(eight);
    std::memcpy(to + i, &eight, 8);
  }
  for (; i < size; ++i) {
    const char c = from[i];
    to[i] = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
  }
}

// The same where 8 bytes behind from + size - 1 may be read: the text goes on, or `slack` says so.
inline void CopyLowerOverreading(const char* from, size_t size, char* to) {
  for (size_t i = 0; i < size; i += 8) {
    uint64_t eight;
    std::memcpy(&eight, from + i, 8);
    eight = LowerEight(eight & 0x7F7F7F7F7F7F7F7F);
    std::memcpy(to + i, &eight, 8);
  }
}

}  // namespace sakuin::text::ascii
