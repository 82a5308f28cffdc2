// Characters that fold by themselves are read quickly: as text/folded_text.h reads them.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "keyword_linker/folded_units.h"

namespace sakuin::keyword_linker {
namespace {

struct Seen {
  char32_t code_point;
  uint64_t start;
  uint64_t end;
  bool operator==(const Seen&) const = default;
};

// Emoji, of which folded_text keeps the first character only, are left out, and the dot that İ leaves.
std::vector<Seen> AsFolded(std::string_view text) {
  std::vector<text::Unit> units;
  text::FoldStretch(text::CodePointTable::For(text::FoldKind::kPlain), text, 0, text.size(), units);
  std::vector<Seen> seen;
  for (const text::Unit& unit : units) {
    const bool dot = unit.code_point == 0x307 && !seen.empty() && seen.back().code_point == U'i' && seen.back().start == unit.start;
    if (unit.word_class != text::WordClass::kEmoji && !dot) seen.push_back({unit.code_point, unit.start, unit.end});
  }
  return seen;
}

std::vector<Seen> AsUnits(std::string_view text) {
  FoldedUnits units;
  units.Append(text);
  std::vector<Seen> seen;
  for (size_t i = 0; i < units.size(); ++i) {
    if (units[i].word_class != text::WordClass::kEmoji) seen.push_back({units[i].code_point, units[i].start, units[i].end()});
  }
  return seen;
}

TEST(FoldedUnitsTest, AreThoseOfTheFoldedText) {
  constexpr std::array<std::string_view, 34> kParts = {
      "a",  "B",  "ab c", "1", "#", "é", "e", "\xCC\x81", "\xCC\x87", "İ", "i", "ß", "ﬁ", "ｶ", "ﾞ", "カ", "゛", "東京",
      "한", "ᄒ",  "ᅡ",    "ᆫ", "½", "👩", "\xE2\x80\x8D", "🚀", "\xEF\xB8\x8F", "\xE2\x83\xA3", "🇰", "🇷", "\xC2\xAD", "\xFF", "𠮷", "\xE2\x80\x8B"};
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t i = random() % 12; i > 0; --i) text += kParts[random() % kParts.size()];
    ASSERT_EQ(AsUnits(text), AsFolded(text)) << text;
  }
}

TEST(FoldedUnitsTest, RunsOfAnotherSourceHaveItsPlaces) {
  SourceMap map;
  map.AddVerbatim(2, 10);        // "ca" at [10,12)
  map.AddDecoded(2, 12, 20);     // both stand for the same eight bytes
  map.AddVerbatim(2, 20);
  FoldedUnits units;
  units.Append("caxyef", 0, map);
  ASSERT_EQ(units.size(), 6U);
  EXPECT_EQ(units[1].start, 11U);
  EXPECT_EQ(units[2].start, 12U);
  EXPECT_EQ(units[2].end(), 20U);
  EXPECT_EQ(units[3].end(), 20U);
  EXPECT_EQ(units[5].start, 21U);
  EXPECT_EQ(units[5].end(), 22U);
}

}  // namespace
}  // namespace sakuin::keyword_linker
