#include "searcher/query_lexer.h"

#include <gtest/gtest.h>

namespace sakuin::searcher {
namespace {

TEST(QueryLexer, ExampleOfTheHeader) {
  EXPECT_EQ(WordEnd("c++ (fox)", 0), 3U);
  EXPECT_EQ(Unescape("a\\ b\\:c"), "a b:c");
}

TEST(QueryLexer, BlanksOfEveryLength) {
  for (const std::string blank :
       {" ", "\t", "\n", "\r", "\v", "\f", "\u00A0", "\u0085", "\u1680", "\u2003", "\u2028", "\u202F", "\u205F", "\u3000"}) {
    EXPECT_EQ(BlankLength("a" + blank + "b", 1), blank.size());
    EXPECT_EQ(SkipBlanks(blank + blank + "b", 0), 2 * blank.size());
  }
  for (const std::string other : {"a", "\u200B", "\u200D", "\u3001", "\xE3\x80", "\xE2", "\xC2", "\x1F"}) EXPECT_EQ(BlankLength(other, 0), 0U);
  EXPECT_EQ(BlankLength("", 0), 0U);
}

TEST(QueryLexer, QuotesCloseTheirKind) {
  EXPECT_EQ(FindQuote("a \xE2\x80\x9D b\" c", 0, QuoteKind::kStraight), 7U);
  EXPECT_EQ(FindQuote("a \" b\xE2\x80\x9C c", 0, QuoteKind::kCurly), 5U);
  EXPECT_EQ(FindQuote("a \\\" b\" c", 0, QuoteKind::kStraight), 6U);
  EXPECT_EQ(FindQuote("a \\\\\" b", 0, QuoteKind::kStraight), 4U);
  EXPECT_EQ(FindQuote("a", 0, QuoteKind::kStraight), std::string_view::npos);
}

TEST(QueryLexer, OnlySignsBlanksAndQuotesAreEscaped) {
  EXPECT_EQ(EscapeLength("\\*", 0), 2U);
  EXPECT_EQ(EscapeLength("\\\\", 0), 2U);
  EXPECT_EQ(EscapeLength("\\\u3000", 0), 4U);
  EXPECT_EQ(EscapeLength("\\\u201C", 0), 4U);
  EXPECT_EQ(EscapeLength("\\d", 0), 0U);
  EXPECT_EQ(EscapeLength("\\", 0), 0U);
  EXPECT_EQ(Unescape("C:\\dir\\"), "C:\\dir\\");
  EXPECT_EQ(UnescapeQuoted("\\* \\\" \\\\ \\\u201D"), "\\* \" \\ \u201D");
}

TEST(QueryLexer, LastBareSign) {
  EXPECT_EQ(FindLastBare("a^b^c", '^'), 3U);
  EXPECT_EQ(FindLastBare("a^b\\^c", '^'), 1U);
  EXPECT_EQ(FindLastBare("a\\^c", '^'), std::string_view::npos);
}

TEST(QueryLexer, WhatASignCanStandBefore) {
  for (const std::string text : {"a", "5", "_", "\"a\"", "(a)", "/a/", "*", "[1 TO 2]", ".net", "#a", "\u6771", "\u201Ca\u201D"}) {
    EXPECT_TRUE(CanFollowSign(text, 0));
  }
  for (const std::string text : {"", " ", "\u3000", "+", "-", ")", ">", "=", ":", "^", "~", "!"}) EXPECT_FALSE(CanFollowSign(text, 0));
}

}  // namespace
}  // namespace sakuin::searcher
