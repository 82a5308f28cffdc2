#include "classifier/ascii_edges.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "text/ascii.h"

namespace sakuin::classifier {

#if defined(__SSE2__)

namespace {

__m128i Load(const char* bytes) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)); }

// Bytes from `low` to `high`. REQUIRES: all bytes and bounds are ASCII.
__m128i Within(__m128i bytes, char low, char high) {
  return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(low - 1))),
                       _mm_cmplt_epi8(bytes, _mm_set1_epi8(static_cast<char>(high + 1))));
}

__m128i Equal(__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); }

uint64_t Bits(__m128i bytes) { return static_cast<uint32_t>(_mm_movemask_epi8(bytes)); }

}  // namespace

AsciiEdges::Classes AsciiEdges::ClassesOf(const char* bytes, char before) {
  Classes classes;
  for (size_t i = 0; i < kBytes; i += 16) {
    const __m128i now = Load(bytes + i);
    const __m128i letter = Within(_mm_or_si128(now, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i word = _mm_or_si128(_mm_or_si128(letter, Within(now, '0', '9')), Equal(now, '_'));
    const __m128i blank = _mm_or_si128(_mm_or_si128(Equal(now, ' '), Equal(now, 0)), Within(now, '\t', '\r'));
    classes.words |= Bits(word) << i;
    classes.blanks |= Bits(blank) << i;
    const __m128i shifted = _mm_or_si128(_mm_slli_si128(now, 1), _mm_cvtsi32_si128(i == 0 ? before : bytes[i - 1]));
    classes.repeated |= Bits(_mm_cmpeq_epi8(now, shifted)) << i;
  }
  return classes;
}

#else

AsciiEdges::Classes AsciiEdges::ClassesOf(const char* bytes, char before) {
  Classes classes;
  for (size_t i = 0; i < kBytes; ++i) {
    const uint64_t bit = uint64_t{1} << i;
    const uint8_t c = text::ascii::ClassOf(bytes[i]);
    if (c & text::ascii::kWord) classes.words |= bit;
    if ((c & text::ascii::kBlank) || bytes[i] == 0) classes.blanks |= bit;
    if (bytes[i] == (i == 0 ? before : bytes[i - 1])) classes.repeated |= bit;
  }
  return classes;
}

#endif

void AsciiEdges::Take(const char* bytes) {
  const Classes classes = ClassesOf(bytes, before_);
  const uint64_t words = classes.words;
  const uint64_t signs = ~(words | classes.blanks);
  const uint64_t words_before = words << 1 | word_open_;
  const uint64_t signs_before = signs << 1 | sign_open_;
  starts_ = (words & ~words_before) | (signs & ~classes.repeated);
  ends_ = (words_before & ~words) | (signs_before & ~classes.repeated);
  before_ = bytes[kBytes - 1];
  word_open_ = words >> 63;
  sign_open_ = signs >> 63;
}

}  // namespace sakuin::classifier
