#include "base/ascii.h"

#include <gtest/gtest.h>

namespace sakuin {
namespace {

TEST(AsciiTest, OnlyLettersHaveACase) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(LowerAscii(c), byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : c) << byte;
  }
  EXPECT_TRUE(EqualsIgnoringCase("Content-TYPE", "content-type"));
  EXPECT_FALSE(EqualsIgnoringCase("a[", "a{"));
  EXPECT_FALSE(EqualsIgnoringCase("a", "aa"));
  EXPECT_TRUE(EqualsIgnoringCase("", ""));
  EXPECT_EQ(LowerAscii("A\xC3\x84z[9"), "a\xC3\x84z[9");
}

TEST(AsciiTest, StartsWithIgnoringCase) {
  EXPECT_TRUE(StartsWithIgnoringCase("TEXT/html", "text/"));
  EXPECT_TRUE(StartsWithIgnoringCase("a", ""));
  EXPECT_FALSE(StartsWithIgnoringCase("tex", "text"));
  EXPECT_FALSE(StartsWithIgnoringCase(" text", "text"));
}

TEST(AsciiTest, TrimTakesBlanksFromBothEnds) {
  EXPECT_EQ(Trim("\r\n a\tb \t"), "a\tb");
  EXPECT_EQ(Trim(" \t\r\n\v\f"), "");
  EXPECT_EQ(Trim(""), "");
  EXPECT_EQ(Trim("\n a ", " "), "\n a");
}

}  // namespace
}  // namespace sakuin
