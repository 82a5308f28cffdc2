// Characters that fold by themselves are read quickly: as text/folded_text.h reads them, with each run of white space as one blank.
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

bool IsBlank(char32_t c) { return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0x1680 || c == 0x2028 || c == 0x2029; }

// The slow way: which of the folded characters stand together, by their places.
std::vector<Seen> WithRunsOfBlanks(const std::vector<Seen>& seen) {
  std::vector<Seen> merged;
  int feeds = 0;
  bool in_run = false;
  for (size_t i = 0; i < seen.size(); ++i) {
    const bool joined = (i > 0 && seen[i - 1].start == seen[i].start) || (i + 1 < seen.size() && seen[i + 1].start == seen[i].start);
    const bool blank = IsBlank(seen[i].code_point) && !joined;
    if (!blank || !in_run) {
      merged.push_back(seen[i]);
      feeds = 0;
    }
    in_run = blank;
    if (!blank) continue;
    feeds += seen[i].code_point == '\n' ? 1 : seen[i].code_point == 0x2029 ? 2 : 0;
    merged.back() = {feeds > 1 ? kParagraphBreak : U' ', merged.back().start, seen[i].end};
  }
  return merged;
}

// Emoji, of which folded_text keeps the first character only, are left out, and the dot that İ leaves.
std::vector<Seen> AsFolded(std::string_view text) {
  std::vector<text::Unit> units;
  text::FoldStretch(text::CodePointTable::For(text::FoldKind::kPlain), text, 0, text.size(), units);
  std::vector<Seen> seen;
  constexpr char32_t kEmoji = 0xE000;  // between blanks it counts
  for (const text::Unit& unit : units) {
    const bool dot = unit.code_point == 0x307 && !seen.empty() && seen.back().code_point == U'i' && seen.back().start == unit.start;
    if (!dot) seen.push_back({unit.word_class == text::WordClass::kEmoji ? kEmoji : unit.code_point, unit.start, unit.end});
  }
  std::vector<Seen> merged = WithRunsOfBlanks(seen);
  std::erase_if(merged, [](const Seen& each) { return each.code_point == kEmoji; });
  return merged;
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
  constexpr std::array<std::string_view, 46> kParts = {
      "a",  "B",  "ab c", "1", "#", "é", "e", "\xCC\x81", "\xCC\x87", "İ", "i", "ß", "ﬁ", "ｶ", "ﾞ", "カ", "゛", "東京",
      "한", "ᄒ",  "ᅡ",    "ᆫ", "½", "👩", "\xE2\x80\x8D", "🚀", "\xEF\xB8\x8F", "\xE2\x83\xA3", "🇰", "🇷", "\xC2\xAD", "\xFF", "𠮷", "\xE2\x80\x8B",
      " ", " ", "\n", "\n", "\t", "\r\n", "\xC2\xA0", "\xE3\x80\x80", "\xC2\x85", "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9"};
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t i = random() % 12; i > 0; --i) text += kParts[random() % kParts.size()];
    ASSERT_EQ(AsUnits(text), AsFolded(text)) << text;
  }
}

TEST(FoldedUnitsTest, WhiteSpaceIsOneBlankHoweverItIsWritten) {
  for (const std::string_view blank : {" ", "  ", "\t", "\n", " \n ", "\r\n\t", "\xC2\xA0", " \xC2\xA0 ", "\xE3\x80\x80", "\xE2\x80\x89\xE3\x80\x80", "\xE2\x80\xA8", "\f\v"}) {
    const std::string text = "a" + std::string(blank) + "b";
    EXPECT_EQ(AsUnits(text), (std::vector<Seen>{{U'a', 0, 1}, {U' ', 1, 1 + blank.size()}, {U'b', 1 + blank.size(), 2 + blank.size()}})) << text;
  }
}

TEST(FoldedUnitsTest, TwoLineFeedsEndAParagraphWhereParagraphsCount) {
  for (const std::string_view text : {"\n\n", "\r\n\r\n", " \n \t\n", "\n\n\n \n", "\xE2\x80\xA9", "\n\xE3\x80\x80\n"}) {
    FoldedUnits paragraphs;
    paragraphs.Append(text);
    ASSERT_EQ(paragraphs.size(), 1U) << text;
    EXPECT_EQ(paragraphs[0].code_point, kParagraphBreak) << text;
    FoldedUnits page(Paragraphs::kDoNotCount);
    page.Append(text);
    ASSERT_EQ(page.size(), 1U) << text;
    EXPECT_EQ(page[0].code_point, U' ') << text;
  }
  FoldedUnits again;
  again.Append("\n");
  again.Clear();
  again.Append(" \n");
  EXPECT_EQ(again[0].code_point, U' ') << "of another text";
}

TEST(FoldedUnitsTest, ARunGoesOnInTheNextText) {
  SourceMap map;
  map.AddVerbatim(2, 0);       // "a "
  map.AddDecoded(2, 2, 8);     // &nbsp;
  map.AddVerbatim(3, 8);       // " \n" and "b"
  FoldedUnits units;
  units.Append("a ", 0, map);
  units.Append("\xC2\xA0 \nb", 2, map);
  ASSERT_EQ(units.size(), 3U);
  EXPECT_EQ(units[1].start, 1U);
  EXPECT_EQ(units[1].end(), 10U);
}

TEST(FoldedUnitsTest, EndlessWhiteSpaceIsManyUnits) {
  FoldedUnits units;
  units.Append(std::string(10 * kMostBlankBytes, ' '));
  EXPECT_EQ(units.size(), 10U);
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
