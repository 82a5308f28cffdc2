// query_word.h and query_leaf_parser.h by the examples of their headers; the
// language as a whole is tried in query_parser_test.cc.
#include "searcher/query_word.h"

#include <gtest/gtest.h>

#include "searcher/query_leaf_parser.h"

namespace sakuin::searcher {
namespace {

TEST(QueryWord, WildcardsAsTheHeaderSays) {
  const Pattern pattern = ClassifyPattern("fox*", false);
  EXPECT_EQ(pattern.kind, PatternKind::kPrefix);
  EXPECT_EQ(pattern.stem, "fox");
  EXPECT_EQ(NormalizePattern("f**\\-x"), "f*-x");
  EXPECT_EQ(NormalizePattern("f\\*x"), "f\\*x");
}

TEST(QueryWord, AQuestionMarkAtTheEndIsPunctuation) {
  EXPECT_EQ(ClassifyPattern("fox?", false).kind, PatternKind::kNone);
  EXPECT_EQ(ClassifyPattern("fox?", true).kind, PatternKind::kWildcard);
  EXPECT_EQ(ClassifyPattern("f?x?", false).kind, PatternKind::kWildcard);
  EXPECT_EQ(ClassifyPattern("**", false).kind, PatternKind::kStarsOnly);
}

TEST(QueryWord, Weights) {
  using State = BoostReading::State;
  EXPECT_EQ(ReadBoost("2.5").state, State::kGood);
  EXPECT_EQ(ReadBoost("2.5").value, 2.5F);
  EXPECT_EQ(ReadBoost("1e99").state, State::kClamped);
  for (const char* text : {"0", "-1", "nan", "Infinity"}) EXPECT_EQ(ReadBoost(text).state, State::kIgnored) << text;
  for (const char* text : {"", "+", "x", "2x"}) EXPECT_EQ(ReadBoost(text).state, State::kNotANumber) << text;
}

TEST(QueryWord, Edits) {
  EXPECT_EQ(ReadCount("12"), 12U);
  EXPECT_EQ(ReadCount("99999999999"), UINT32_MAX);
  EXPECT_FALSE(ReadCount("1x").has_value());
  EXPECT_EQ(AutomaticEdits("fünfe"), 1) << "five characters, six bytes";
  EXPECT_EQ(AutomaticEdits("sechse"), 2);
}

TEST(QueryLeaf, ExampleOfTheHeader) {
  QueryCursor at("fox^2 rest");
  LeafParser leaves(at);
  const Query fox = leaves.ParseWord({"", 0});
  EXPECT_EQ(ToString(fox), "fox^2");
  EXPECT_EQ(at.pos, 5U);
  EXPECT_TRUE(at.log.Finish().empty());
}

TEST(QueryLeaf, WhatIsNotWrittenInFullIsLeftWhereItIs) {
  for (const char* text : {"[1 TO", "[1 2]", "/usr/bin", "//", ">"}) {
    QueryCursor at(text);
    LeafParser leaves(at);
    std::optional<Query> out;
    EXPECT_FALSE(leaves.TryRange({"", 0}, out)) << text;
    EXPECT_FALSE(leaves.TryRegexp({"", 0}, out)) << text;
    EXPECT_FALSE(leaves.TryEmoticon({"", 0}, out)) << text;
    EXPECT_EQ(at.pos, 0U) << text;
    EXPECT_FALSE(out.has_value()) << text;
  }
}

}  // namespace
}  // namespace sakuin::searcher
