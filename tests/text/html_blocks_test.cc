// Blanks of a page are collapsed in bulk: as a loop over single bytes would.

#include "text/html_blocks.h"

#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "text/html_bytes.h"
#include "text/html_page.h"
#include "text/html_regions.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

std::string RandomText(std::mt19937& random) {
  constexpr std::string_view kParts[] = {"word", "a", " ", " ", "  ", "\n", "\r\n", "\t", "\f", "\x01", "\x1F", "é", "あ",
                                       "longer-than-eight", "\x7F"};
  std::string text;
  for (size_t parts = random() % 12; parts > 0; --parts) text += kParts[random() % std::size(kParts)];
  if (random() % 10 == 0) text.insert(random() % (text.size() + 1), 1, '\0');
  return text;
}

void AppendSlowly(std::string& out, std::string_view text) {
  for (const char c : text) {
    const bool blank = IsHtml(c, kHtmlSpace);
    if (c == '\0' || (blank && (out.empty() || out.back() == ' ' || out.back() == '\n'))) continue;
    out += blank ? ' ' : c;
  }
}

TEST(HtmlBlockTextTest, TheExampleOfTheHeader) {
  HtmlBlockText text;
  text.Append("one  two", 0);
  text.Break();
  text.Append("three", 0);
  text.Break();
  EXPECT_EQ(text.text(), "one two\nthree\n");
  ASSERT_EQ(text.blocks().size(), 2u);
  EXPECT_EQ(text.blocks()[1].begin, 8u);
  EXPECT_EQ(text.blocks()[1].end, 13u);
}

TEST(HtmlBlockTextTest, CollapsesAsALoopOverBytes) {
  for (uint32_t seed = 1; seed <= 20000; ++seed) {
    std::mt19937 random(seed);
    HtmlBlockText text;
    std::string expected;
    for (size_t pieces = random() % 5; pieces > 0; --pieces) {
      const std::string piece = RandomText(random);
      text.Append(piece, 0);
      AppendSlowly(expected, piece);
    }
    ASSERT_EQ(text.text(), expected) << "seed " << seed;
  }
}

TEST(HtmlBlockTextTest, GrowsAndKeepsVerbatimText) {
  HtmlBlockText text;
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    text.Append("  as it\n  stands ", kRegionVerbatim);
    expected += "  as it\n  stands ";
  }
  EXPECT_EQ(text.text(), expected);
}

TEST(CollapsedTextTest, CutsWhatALoopOverBytesGives) {
  for (uint32_t seed = 1; seed <= 20000; ++seed) {
    std::mt19937 random(seed);
    const std::string text = RandomText(random);
    const size_t limit = random() % 40;
    std::string expected;
    for (const char c : text) {
      const bool blank = IsHtml(c, kHtmlSpace);
      if (!blank || !(expected.empty() || expected.back() == ' ')) expected += blank ? ' ' : c;
    }
    if (expected.size() > limit + 1) expected.resize(limit + 1);
    while (expected.ends_with(' ')) expected.pop_back();
    expected = CutAtCharacter(expected, limit);
    ASSERT_EQ(CollapsedText(text, limit), expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace sakuin::text
