#include "searcher/query_parser.h"

#include <gtest/gtest.h>

#include <random>

namespace sakuin::searcher {
namespace {

std::string Canonical(const std::string& text) {
  const Result<ParsedQuery> parsed = ParseQuery(text);
  return parsed.ok() ? ToString(parsed->query) : parsed.status().ToString();
}

TEST(QueryParser, OperatorsBindAsTheDocumentSays) {
  EXPECT_EQ(Canonical("fox OR bread AND flour"), Canonical("fox OR (+bread +flour)"));
  EXPECT_EQ(Canonical("brown NOT dog"), Canonical("brown -dog"));
  EXPECT_EQ(Canonical("title:(brown OR lazy)"), Canonical("title:brown title:lazy"));
  EXPECT_NE(Canonical("and"), "");
}

TEST(QueryParser, SignsInsideWordsAreWords) {
  for (const char* text : {"C++", "don't", "a-b", "foo.bar@example.com", "50%", "R&D", "AC/DC"}) {
    const Result<ParsedQuery> parsed = ParseQuery(text);
    ASSERT_TRUE(parsed.ok()) << text;
    const auto* words = parsed->query.As<WordsQuery>();
    ASSERT_NE(words, nullptr) << text;
    EXPECT_EQ(words->text, text);
  }
}

TEST(QueryParser, AnUnfinishedQuoteIsSearchedAndSaid) {
  const Result<ParsedQuery> lenient = ParseQuery("alpha \"beta");
  ASSERT_TRUE(lenient.ok());
  EXPECT_FALSE(lenient->warnings.empty());
  ParseOptions strict;
  strict.strict = true;
  EXPECT_EQ(ParseQuery("alpha \"beta", strict).status().code(), StatusCode::kInvalidArgument);
}

// Whatever a person types, there is an answer, and its canonical form means the same.
TEST(QueryParser, NeverFailsOnRandomInput) {
  std::mt19937 random(23);
  const std::string pieces[] = {"fox", " ", "\"", "(", ")", "+", "-", "AND ", "OR ", "NOT ", "a:", "*", "~2", "^3", "[1 TO 2]", "/x/", "\\", "東京", "\xFF", ">=5", "{", "?"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (uint32_t n = random() % 12; n > 0; --n) text += pieces[random() % std::size(pieces)];
    const Result<ParsedQuery> parsed = ParseQuery(text);
    ASSERT_TRUE(parsed.ok()) << text;
    ParseOptions deeper;
    deeper.max_depth = 1000;
    const Result<ParsedQuery> again = ParseQuery(ToString(parsed->query), deeper);
    ASSERT_TRUE(again.ok()) << text;
    EXPECT_TRUE(SameMeaning(parsed->query, again->query)) << text << " -> " << ToString(parsed->query) << " -> " << ToString(again->query);
  }
}

TEST(QueryParser, TenThousandDeepIsNoDepth) {
  const Result<ParsedQuery> parsed = ParseQuery(std::string(10'000, '(') + "alpha" + std::string(10'000, ')'));
  ASSERT_TRUE(parsed.ok());
  EXPECT_FALSE(parsed->warnings.empty());
}

}  // namespace
}  // namespace sakuin::searcher
