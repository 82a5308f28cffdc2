#include "text/html_entities.h"

#include <gtest/gtest.h>

namespace sakuin::text {
namespace {

TEST(HtmlEntities, AllNamesOfTheStandard) {
  EXPECT_EQ(CountHtmlEntityNames(), kHtmlEntityNames);
  const HtmlEntityMatch match = MatchHtmlEntity("notit;", true);
  EXPECT_EQ(match.bytes, 3);
  EXPECT_EQ(match.text(), "\u00AC");
  EXPECT_FALSE(match.semicolon);
  EXPECT_TRUE(MatchHtmlEntity("noti", false).wait);
  EXPECT_FALSE(MatchHtmlEntity("notix", false).wait);
  EXPECT_EQ(MatchHtmlEntity("NotEqualTilde;", true).text(), "\u2242\u0338");
  EXPECT_EQ(MatchHtmlEntity("CounterClockwiseContourIntegral;", true).bytes, kMaxHtmlEntityBytes);
  EXPECT_EQ(MatchHtmlEntity("Acy", true).bytes, 0);
  EXPECT_EQ(MatchHtmlEntity(std::string_view("lt\0;", 4), true).bytes, 2);
  EXPECT_EQ(MatchHtmlEntity("\xE3", true).bytes, 0);
}

TEST(HtmlEntities, AWholeText) {
  const auto decoded = [](std::string_view text) {
    std::string out;
    AppendHtmlDecoded(out, text);
    return out;
  };
  EXPECT_EQ(decoded("a &lt; b &eacute;&#33;"), "a < b é!");
  EXPECT_EQ(decoded("&amp &copy2020 &notit; &AMP; & &; &#; &#x; &bogus; &hellip &hellip;"), "& ©2020 ¬it; & & &; &#; &#x; &bogus; &hellip …");
  EXPECT_EQ(decoded("&#12354;&#x3042;&#X1F600;&#128;&#0;&#xD800;&#99999999999;&#65"), "ああ\U0001F600€\uFFFD\uFFFD\uFFFDA");
  EXPECT_EQ(decoded("&thetasym;&Alpha;&zwnj;"), "ϑΑ\u200C");
}

}  // namespace
}  // namespace sakuin::text
