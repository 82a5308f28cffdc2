#include "classifier/units.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sakuin::classifier {
namespace {

using namespace std::string_literals;

std::vector<Unit> UnitsOf(std::string_view text) {
  std::vector<Unit> units;
  CutUnits(text, units);
  return units;
}

std::vector<std::string> PiecesOf(const std::string& text) {
  std::vector<Unit> units;
  std::vector<UnitSpan> spans;
  CutUnits(text, units, &spans);
  EXPECT_EQ(units.size(), spans.size());
  std::vector<std::string> pieces;
  for (const UnitSpan& span : spans) pieces.push_back(text.substr(span.begin, span.end - span.begin));
  return pieces;
}

using Pieces = std::vector<std::string>;

TEST(Units, AreWordsCharactersAndSigns) {
  EXPECT_EQ(PiecesOf("Free prize!! 영화"), (Pieces{"Free", "prize", "!!", "영", "화"}));
  EXPECT_EQ(PiecesOf("영화 좋다"), (Pieces{"영", "화", " ", "좋", "다"}));
  EXPECT_EQ(PiecesOf("don't e-mail a_b"), (Pieces{"don", "'", "t", "e", "-", "mail", "a_b"}));
  EXPECT_EQ(PiecesOf("naïve café, 漢字x"), (Pieces{"naïve", "café", ",", "漢", "字", "x"}));
  EXPECT_EQ(PiecesOf(""), Pieces{});
  EXPECT_EQ(PiecesOf(" \t\n"), Pieces{});
}

TEST(Units, AreFolded) {
  EXPECT_EQ(UnitsOf("FREE Prize"), UnitsOf("free prize"));
  EXPECT_EQ(UnitsOf("ＦＲＥＥ café"), UnitsOf("free CAFE"));
  EXPECT_EQ(UnitsOf("ｶﾞ"), UnitsOf("ガ"));
  EXPECT_NE(UnitsOf("!"), UnitsOf("!!"));
  EXPECT_EQ(UnitsOf("!!"), UnitsOf("!!!!"));
}

TEST(Units, TellKindsApart) {
  EXPECT_EQ(KindOf(UnitsOf("a").front()), UnitKind::kWord);
  EXPECT_EQ(KindOf(UnitsOf("가").front()), UnitKind::kCharacter);
  EXPECT_EQ(KindOf(UnitsOf("?").front()), UnitKind::kSign);
}

// A word is the same whether it is read by the fast path for ASCII or, behind a letter that is not, by the careful one.
TEST(Units, FastAndCarefulPathsAgree) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (size_t size = random() % 40; size > 0; --size) text += static_cast<char>(33 + random() % 94);
    std::vector<Unit> fast = UnitsOf(text);
    std::vector<Unit> careful = UnitsOf("é," + text + " ");
    ASSERT_GE(careful.size(), 1U);
    if (!text.empty() && text.front() == ',') continue;  // joins the comma in front
    ASSERT_EQ(fast, std::vector<Unit>(careful.begin() + 2, careful.end())) << text;
  }
}

// Long stretches of ASCII are cut at once, short ones byte by byte.
TEST(Units, LongAndShortStretchesAgree) {
  std::mt19937 random(9);
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    std::vector<Unit> expected;
    for (size_t pieces = random() % 60; pieces > 0; --pieces) {
      std::string piece;
      for (size_t size = random() % 20; size > 0; --size) piece += "aB9_z!!.-~\x7f\x01"[random() % 12];
      const bool careful = random() % 40 == 0;  // up to the next blank, and a 0 is none
      if (careful) piece += "é";
      for (const Unit unit : UnitsOf(piece)) expected.push_back(unit);
      text += piece + " \t\r\n\0"s[random() % (careful ? 4 : 5)];
    }
    ASSERT_EQ(UnitsOf(text), expected) << "round " << round << ": " << text;
    std::vector<Unit> units;
    std::vector<UnitSpan> spans;
    CutUnits(text, units, &spans);
    ASSERT_EQ(units.size(), spans.size());
    for (size_t i = 0; i < units.size(); ++i) ASSERT_EQ(UnitsOf(text.substr(spans[i].begin, spans[i].end - spans[i].begin)).front(), units[i]);
  }
}

TEST(Units, HashReadsNothingBehindTheText) {
  for (size_t size = 1; size < 40; ++size) {
    const std::string word(size, 'q');
    const std::vector<char> exact(word.begin(), word.end());  // on the heap, for sanitizers
    EXPECT_EQ(UnitsOf({exact.data(), size}), UnitsOf(word + "        ")) << size;
  }
}

TEST(Units, AnyBytesAreSurvived) {
  EXPECT_EQ(UnitsOf(std::string("a\0b", 3)), UnitsOf("a b"));
  EXPECT_FALSE(UnitsOf("\xff\xfe").empty());
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    std::string text(random() % 200, '\0');
    for (char& c : text) c = static_cast<char>(random());
    std::vector<Unit> units;
    std::vector<UnitSpan> spans;
    CutUnits(text, units, &spans);
    ASSERT_EQ(units, UnitsOf(text));
    for (const UnitSpan& span : spans) ASSERT_TRUE(span.begin < span.end && span.end <= text.size());
  }
}

TEST(Units, LongTextsAreLinear) {
  std::string text;
  while (text.size() < (size_t{4} << 20)) text += "영화관람";  // no blank anywhere
  EXPECT_EQ(UnitsOf(text).size(), text.size() / 3);
  EXPECT_EQ(UnitsOf(std::string(size_t{4} << 20, 'x')).size(), 1U);
}

// A word of ASCII that a letter past ASCII ends is cut where stretches end, and each piece is what it is alone. (Whoever
// looked for that letter from each piece on would take minutes.)
TEST(Units, LongWordsBeforeALetterPastAsciiAreLinear) {
  const size_t size = size_t{1} << 26;
  std::string text(size, 'x');
  text += "é ";
  std::vector<Unit> units;
  std::vector<UnitSpan> spans;
  CutUnits(text, units, &spans);
  ASSERT_EQ(units.size(), spans.size());
  size_t at = 0;
  for (size_t i = 0; i < units.size(); ++i) {
    ASSERT_EQ(spans[i].begin, at);
    at = spans[i].end;
    ASSERT_LE(at - spans[i].begin, size_t{1} << 14);
    if (i % 1000 == 0) {
      ASSERT_EQ(UnitsOf(text.substr(spans[i].begin, at - spans[i].begin)).front(), units[i]);
    }
  }
  EXPECT_EQ(at, size + 2);
}

TEST(Units, LongWordsBetweenLettersPastAsciiAreLinear) {
  std::string text;
  for (int i = 0; i < 8; ++i) text += "é" + std::string(size_t{1} << 20, 'x') + "!" + std::string(size_t{1} << 20, 'y');
  const size_t units = UnitsOf(text).size();
  EXPECT_GT(units, text.size() >> 16);
  EXPECT_LT(units, text.size() >> 12);
}

}  // namespace
}  // namespace sakuin::classifier
