#include "crawler/simhash.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/checksum.h"
#include "text/utf8.h"

namespace sakuin::crawler {
namespace {

bool IsAsciiWord(char32_t c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Punctuation and blanks outside of ASCII that pages are full of. Others count as letters, which does no harm.
bool IsForeignMark(char32_t c) {
  return (c >= 0x80 && c <= 0xBF) || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x206F) || (c >= 0x2190 && c <= 0x2BFF) ||
         (c >= 0x3000 && c <= 0x303F) || (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) || c == 0xFFFD;
}

// Characters of writing in which blanks do not part words, or long ones of many parts.
bool StandsAlone(char32_t c) {
  return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) || (c >= 0x3040 && c <= 0x30FF) ||
         (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

uint64_t Mix(uint64_t x) {
  x = (x ^ x >> 33) * 0xFF51AFD7ED558CCD;
  x = (x ^ x >> 33) * 0xC4CEB9FE1A85EC53;
  return x ^ x >> 33;
}

// Behind the letters and digits of ASCII from `at` on. REQUIRES: ASCII in lower case.
// Sixteen at once, as words are short: no branch depends on how long one is.
size_t AsciiWordEnd(std::string_view text, size_t at) {
#if defined(__SSE2__)
  const auto within = [](__m128i bytes, char low, char high) {  // bytes that are not ASCII are below zero
    return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(low - 1))),
                         _mm_cmplt_epi8(bytes, _mm_set1_epi8(static_cast<char>(high + 1))));
  };
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i of_word = _mm_or_si128(within(bytes, 'a', 'z'), within(bytes, '0', '9'));
    const auto others = ~static_cast<uint32_t>(_mm_movemask_epi8(of_word)) & 0xFFFF;
    if (others != 0) return at + static_cast<size_t>(std::countr_zero(others));
  }
#endif
  while (at < text.size() && IsAsciiWord(static_cast<uint8_t>(text[at]))) ++at;
  return at;
}

// The different ones among many hashes, found by open addressing: they are mixed well, so the first bits are places.
class Distinct {
 public:
  // REQUIRES: at most `most` calls of IsNew.
  explicit Distinct(size_t most) : shift_(63 - static_cast<int>(std::bit_width(most))), places_(size_t{1} << (64 - shift_)) {}

  bool IsNew(uint64_t hash) {
    if (hash == 0) return !std::exchange(has_zero_, true);
    size_t place = hash >> shift_;
    while (places_[place] != 0 && places_[place] != hash) place = (place + 1) & (places_.size() - 1);
    return std::exchange(places_[place], hash) == 0;
  }

 private:
  const int shift_;
  std::vector<uint64_t> places_;  // 0: free
  bool has_zero_ = false;
};

// How often each of 64 bits is set in many numbers. The counters stand upright: bit b of planes_[i] is bit i of the counter of bit b,
// so that one operation works on all; eight numbers are made one for a higher plane before a carry has to run.
class BitCounter {
 public:
  void Add(uint64_t number) {
    waiting_[count_++ % 8] = number;
    if (count_ % 8 == 0) AddEight();
  }

  // A number with the bits that are set in more than half.
  uint64_t Majority() {
    for (size_t i = 0; i < count_ % 8; ++i) Carry(waiting_[i], 0);
    uint64_t out = 0;
    for (size_t bit = 0; bit < 64; ++bit) out |= uint64_t{2 * CountOf(bit) > count_ ? 1u : 0u} << bit;
    return out;
  }

 private:
  // Leaves in `sum` the lowest bits of the sum of three, and returns the bits above.
  static uint64_t AddThree(uint64_t& sum, uint64_t a, uint64_t b) {
    const uint64_t different = sum ^ a;
    const uint64_t above = (sum & a) | (different & b);
    sum = different ^ b;
    return above;
  }

  void AddEight() {
    const auto& w = waiting_;
    uint64_t twos[4];
    for (size_t i = 0; i < 4; ++i) twos[i] = AddThree(planes_[0], w[2 * i], w[2 * i + 1]);
    const uint64_t fours = AddThree(planes_[1], twos[0], twos[1]);
    const uint64_t more_fours = AddThree(planes_[1], twos[2], twos[3]);
    Carry(AddThree(planes_[2], fours, more_fours), 3);
  }

  void Carry(uint64_t bits, size_t plane) {
    for (; bits != 0; ++plane) bits &= ~(planes_[plane] ^= bits);
  }

  uint64_t CountOf(size_t bit) const {
    uint64_t count = 0;
    const auto used = static_cast<size_t>(std::bit_width(count_));
    for (size_t plane = 0; plane < used; ++plane) count |= (planes_[plane] >> bit & 1) << plane;
    return count;
  }

  std::array<uint64_t, 64> planes_ = {};
  std::array<uint64_t, 8> waiting_ = {};
  uint64_t count_ = 0;
};

// Follows the words of a text: a hash over all, and the shingles.
class Words {
 public:
  // REQUIRES: ASCII in lower case. Words are parts of `text`, which must live as long.
  explicit Words(std::string_view text) : text_(text) {
    shingles_.reserve(text.size() / 5);  // about as many as English has
    for (size_t at = 0; at < text_.size();) at = ReadFrom(at);
    EndWord(text_.size());
  }

  TextFingerprint Finish() const {
    Distinct seen(shingles_.size());
    BitCounter bits;
    size_t different = 0;
    for (const uint64_t shingle : shingles_) {
      if (!seen.IsNew(shingle)) continue;
      bits.Add(shingle);
      ++different;
    }
    TextFingerprint out;
    out.content = {Mix(low_), Mix(high_ ^ count_)};
    out.shingles = static_cast<uint32_t>(std::min<size_t>(different, UINT32_MAX));
    out.simhash = bits.Majority();
    return out;
  }

 private:
  // Goes over letters of a word of ASCII, or over one other character. Returns what is behind.
  size_t ReadFrom(size_t at) {
    size_t end = AsciiWordEnd(text_, at);
    if (end > at) return end;
    if (static_cast<uint8_t>(text_[at]) < 0x80) {
      EndWord(at);
      return word_ = at + 1;
    }
    const text::DecodedCodePoint c = text::DecodeUtf8(text_, at);
    end = at + c.bytes;
    if (IsForeignMark(c.value)) {
      EndWord(at);
      word_ = end;
    } else if (StandsAlone(c.value)) {
      EndWord(at);
      AddWord(text_.substr(at, c.bytes), true);
      word_ = end;
    }
    return end;
  }

  void EndWord(size_t at) {
    if (at > word_) AddWord(text_.substr(word_, at - word_), false);
  }

  void AddWord(std::string_view word, bool alone) {
    const uint64_t hash = Checksum(word);
    low_ = Mix(low_ ^ hash);
    high_ = Mix(high_ + std::rotl(hash, 23)) ^ 0x9E3779B97F4A7C15;
    ++count_;
    if (alone && alone_) {
      shingles_.push_back(Mix(last_ * 3 + hash));
    } else if (count_ > 2) {
      shingles_.push_back(Mix(Mix(before_ * 5 + last_) * 7 + hash));
    }
    before_ = last_;
    last_ = hash;
    alone_ = alone;
  }

  const std::string_view text_;
  size_t word_ = 0;  // where the word in the making begins
  uint64_t low_ = 1;
  uint64_t high_ = 2;
  uint64_t count_ = 0;
  uint64_t before_ = 0;  // the word before the last
  uint64_t last_ = 0;
  bool alone_ = false;  // the last was a character by itself
  std::vector<uint64_t> shingles_;
};

}  // namespace

TextFingerprint FingerprintOf(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return Words(lowered).Finish();
}

}  // namespace sakuin::crawler
