// utf8.h: one code point in, one code point out; nothing else.
//
//   for (size_t at = 0; at < text.size();) {
//     const DecodedCodePoint c = DecodeUtf8(text, at);   // c.bytes >= 1
//     at += c.bytes;
//   }
//
// What is not UTF-8 (stray or missing continuation bytes, overlong forms,
// surrogates, above U+10FFFF) is read as U+FFFD, one per maximal wrong part,
// as the Unicode standard recommends. Pure functions: thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace sakuin::text {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;
inline constexpr size_t kMaxUtf8Bytes = 4;

struct DecodedCodePoint {
  char32_t value = 0;
  uint8_t bytes = 0;   // of the text that it covers
  bool valid = true;   // false: value is U+FFFD standing for bytes that are not UTF-8
};

namespace utf8_internal {

// The character of three bytes at `at` (kana, Han, Hangul and more); 0: there is
// none, or the text ends behind it.
inline char32_t ThreeBytesAt(std::string_view text, size_t at) {
  if (text.size() - at < sizeof(uint32_t)) return 0;
  const uint32_t bytes = LoadUnaligned<uint32_t>(text.data() + at);
  const char32_t c = (bytes & 0xF) << 12 | (bytes >> 8 & 0x3F) << 6 | (bytes >> 16 & 0x3F);
  const bool is_surrogate = c - 0xD800 < 0x800;
  return (bytes & 0xC0C0F0) == 0x8080E0 && c >= 0x800 && !is_surrogate ? c : 0;
}

// How many bytes a sequence with this first byte has (0: not a first byte) and
// which second bytes are allowed.
struct Lead {
  uint8_t length;
  uint8_t second_low;
  uint8_t second_high;
};

inline constexpr Lead LeadOf(uint8_t byte) {
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace utf8_internal

// REQUIRES: at < text.size().
inline DecodedCodePoint DecodeUtf8(std::string_view text, size_t at) {
  const uint8_t first = static_cast<uint8_t>(text[at]);
  if (first < 0x80) return {first, 1, true};
  if (const char32_t wide = utf8_internal::ThreeBytesAt(text, at); wide != 0) return {wide, 3, true};
  const utf8_internal::Lead lead = utf8_internal::LeadOf(first);
  if (lead.length == 0) return {kReplacementCharacter, 1, false};
  char32_t value = first & (0x7Fu >> lead.length);
  for (uint8_t i = 1; i < lead.length; ++i) {
    const uint8_t byte = at + i < text.size() ? static_cast<uint8_t>(text[at + i]) : uint8_t{0};
    const bool fits = i == 1 ? byte >= lead.second_low && byte <= lead.second_high : (byte & 0xC0) == 0x80;
    if (!fits) return {kReplacementCharacter, i, false};
    value = (value << 6) | (byte & 0x3Fu);
  }
  return {value, lead.length, true};
}

// Writes 1 to 4 bytes; returns how many. REQUIRES: a Unicode scalar value.
inline size_t EncodeUtf8(char32_t value, char* to) {
  if (value < 0x80) {
    to[0] = static_cast<char>(value);
    return 1;
  }
  if (value < 0x800) {
    to[0] = static_cast<char>(0xC0 | (value >> 6));
    to[1] = static_cast<char>(0x80 | (value & 0x3F));
    return 2;
  }
  if (value < 0x10000) {
    to[0] = static_cast<char>(0xE0 | (value >> 12));
    to[1] = static_cast<char>(0x80 | ((value >> 6) & 0x3F));
    to[2] = static_cast<char>(0x80 | (value & 0x3F));
    return 3;
  }
  to[0] = static_cast<char>(0xF0 | (value >> 18));
  to[1] = static_cast<char>(0x80 | ((value >> 12) & 0x3F));
  to[2] = static_cast<char>(0x80 | ((value >> 6) & 0x3F));
  to[3] = static_cast<char>(0x80 | (value & 0x3F));
  return 4;
}

inline void AppendUtf8(std::string& out, char32_t value) {
  char bytes[kMaxUtf8Bytes];
  out.append(bytes, EncodeUtf8(value, bytes));
}

inline bool IsContinuationByte(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

// The longest prefix of at most `limit` bytes that does not end inside a character. REQUIRES: valid UTF-8.
inline std::string_view CutAtCharacter(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && IsContinuationByte(text[limit])) --limit;
  return text.substr(0, limit);
}

// Number of code points. REQUIRES: valid UTF-8.
inline size_t CountCodePoints(std::string_view text) {
  size_t count = 0;
  for (const char byte : text) count += IsContinuationByte(byte) ? 0 : 1;
  return count;
}

}  // namespace sakuin::text
