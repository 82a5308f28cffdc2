// html_bytes.h: the classes of bytes that the states of the HTML tokenizer tell
// apart, and the loop that skips the bytes that mean themselves.
//
//   SkipPlainHtml("one & two", 0, '<', '&')   4
//
// Thread-safe: constants and pure functions.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sakuin::text {

enum HtmlByteClass : uint8_t {
  kHtmlSpace = 1,  // \t \n \f \r and the blank
  kHtmlSlash = 2,
  kHtmlClose = 4,  // >
  kHtmlEquals = 8,
  kHtmlAmp = 16,
  kHtmlOdd = 32,     // NUL and what is not ASCII
  kHtmlLower = 64,   // a-z
  kHtmlUpper = 128,  // A-Z
  kHtmlLetter = kHtmlLower | kHtmlUpper,
};

inline constexpr std::array<uint8_t, 256> kHtmlByteClasses = [] {
  std::array<uint8_t, 256> classes{};
  for (const uint8_t c : {'\t', '\n', '\f', '\r', ' '}) classes[c] = kHtmlSpace;
  for (size_t c = 'a'; c <= 'z'; ++c) classes[c] = kHtmlLower;
  for (size_t c = 'A'; c <= 'Z'; ++c) classes[c] = kHtmlUpper;
  for (size_t c = 0x80; c < 256; ++c) classes[c] = kHtmlOdd;
  classes[0] = kHtmlOdd;
  classes['/'] = kHtmlSlash;
  classes['>'] = kHtmlClose;
  classes['='] = kHtmlEquals;
  classes['&'] = kHtmlAmp;
  return classes;
}();

inline uint8_t HtmlClassOf(char c) { return kHtmlByteClasses[static_cast<uint8_t>(c)]; }
inline bool IsHtml(char c, uint8_t classes) { return (HtmlClassOf(c) & classes) != 0; }
inline bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsHighByte(char c) { return (static_cast<uint8_t>(c) & 0x80) != 0; }

// Where the first blank from `at` on is; text.size() when there is none.
inline size_t FindHtmlSpace(std::string_view text, size_t at = 0) {
  while (at < text.size() && !IsHtml(text[at], kHtmlSpace)) ++at;
  return at;
}

// What a run of text goes over besides plain ASCII: bytes that are not ASCII are checked one by one unless they are known to be UTF-8.
enum class HtmlHighBytes : uint8_t { kStop, kPass };

namespace html_internal {

// Eight bytes at a time: a byte is zero where it was the one looked for, and the
// lowest bit that (x - 1) & ~x leaves at 0x80 is that of the first zero byte.
inline size_t SkipPlainByEights(std::string_view text, size_t at, char stop, char other_stop, HtmlHighBytes high) {
  static_assert(std::endian::native == std::endian::little);
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHigh = kOnes * 0x80;
  const uint64_t first = kOnes * static_cast<uint8_t>(stop);
  const uint64_t second = kOnes * static_cast<uint8_t>(other_stop);
  const uint64_t stopping = high == HtmlHighBytes::kStop ? kHigh : 0;
  const char* const bytes = text.data();
  const size_t size = text.size();
  for (; at + 8 <= size; at += 8) {
    uint64_t eight;
    std::memcpy(&eight, bytes + at, 8);
    const auto zero = [](uint64_t x) { return (x - kOnes) & ~x; };
    const uint64_t found = zero(eight ^ first) | zero(eight ^ second) | zero(eight ^ (kOnes * '\r')) | zero(eight) | (eight & stopping);
    if ((found & kHigh) != 0) return at + static_cast<size_t>(std::countr_zero(found & kHigh)) / 8;
  }
  for (; at < size; ++at) {
    const char c = bytes[at];
    if (c == stop || c == other_stop || c == '\r' || c == '\0' || (IsHighByte(c) && high == HtmlHighBytes::kStop)) break;
  }
  return at;
}

}  // namespace html_internal

// The first place from `at` on with one of the two stops, a carriage return, a
// NUL or, for kStop, a byte that is not ASCII; text.size() when there is none.
inline size_t SkipPlainHtml(std::string_view text, size_t at, char stop, char other_stop, HtmlHighBytes high = HtmlHighBytes::kStop) {
#if defined(__SSE2__)
  const __m128i first = _mm_set1_epi8(stop);
  const __m128i second = _mm_set1_epi8(other_stop);
  const __m128i carriage_return = _mm_set1_epi8('\r');
  const __m128i stopping = _mm_set1_epi8(high == HtmlHighBytes::kStop ? '\x80' : '\0');
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i stops = _mm_or_si128(_mm_cmpeq_epi8(bytes, first), _mm_cmpeq_epi8(bytes, second));
    const __m128i controls = _mm_or_si128(_mm_cmpeq_epi8(bytes, carriage_return), _mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
    const __m128i found = _mm_or_si128(_mm_or_si128(stops, controls), _mm_and_si128(bytes, stopping));
    const auto places = static_cast<uint32_t>(_mm_movemask_epi8(found));
    if (places != 0) return at + static_cast<size_t>(std::countr_zero(places));
  }
#endif
  return html_internal::SkipPlainByEights(text, at, stop, other_stop, high);
}

}  // namespace sakuin::text
