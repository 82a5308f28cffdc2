// units.h: a text as the sequence of units that features are made of: words in
// lower case, single characters of Chinese, Japanese and Korean, and signs.
//
//   std::vector<Unit> units;
//   CutUnits("Free prize!! 영화", units);   // free prize !! 영 화
//
// A unit is a hash of 62 bits with its kind in the two lowest bits: what it was
// is not kept, so a model does not hold the texts it has learned from. Words and
// characters are folded as FoldKind::kAccents folds them (case, width, accents);
// a sign that is repeated is one unit, another one than the sign alone. A blank
// behind a Korean, Japanese or Chinese character is a sign, elsewhere nothing.
// Bytes that are not UTF-8 are signs. A function of the text alone, linear, and
// the same on every machine. Thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sakuin::classifier {

enum class UnitKind : uint8_t { kWord = 0, kCharacter = 1, kSign = 2 };

using Unit = uint64_t;

inline UnitKind KindOf(Unit unit) { return static_cast<UnitKind>(unit & 3); }

// Bytes [begin, end) of the text.
struct UnitSpan {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Two numbers as one, every bit of which depends on every bit of both.
inline uint64_t MixHash(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a ^ 0x9E3779B97F4A7C15u) * (b ^ 0xD1B54A32D192ED03u);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// An odd number that nobody who writes a file can know: another one in each process. Tables in memory place by it, so that
// no units can be made up which all meet in one place; nothing that is written or said depends on it.
uint64_t ProcessSeed();

// Replaces `units`, and `spans` when it is given, by those of the text, of which only the first 4 GiB are read.
void CutUnits(std::string_view text, std::vector<Unit>& units, std::vector<UnitSpan>* spans = nullptr);

}  // namespace sakuin::classifier
