#include "relevance/qrels.h"

#include <gtest/gtest.h>

namespace sakuin::relevance {
namespace {

Qrels Parse(std::string_view text) {
  Result<Qrels> qrels = ParseQrels(text, "q.txt");
  EXPECT_TRUE(qrels.ok()) << qrels.status().ToString();
  return qrels.ok() ? *std::move(qrels) : Qrels();
}

TEST(Qrels, ExampleOfTheHeader) {
  const Qrels qrels = Parse("101 0 doc-7 2\n101 0 doc-9 0\n");
  const QueryJudgments* judgments = qrels.Find("101");
  ASSERT_NE(judgments, nullptr);
  EXPECT_EQ(judgments->Grade("doc-7"), 2);
  EXPECT_EQ(judgments->Grade("doc-9"), 0);
  EXPECT_EQ(judgments->Grade("doc-8"), std::nullopt);
  EXPECT_EQ(qrels.Find("102"), nullptr);
}

TEST(Qrels, CountsGrades) {
  const Qrels qrels = Parse("b 0 d1 2\na 0 d1 1\nb 0 d2 -1\nb 0 d3 0\nb 0 d4 2\nb 0 d5 1\n");
  ASSERT_EQ(qrels.queries().size(), 2u);
  const QueryJudgments& b = qrels.queries()[0];
  EXPECT_EQ(b.query(), "b");
  EXPECT_EQ(b.size(), 5u);
  EXPECT_EQ(b.relevant(), 3u);
  EXPECT_EQ(b.not_relevant(), 1u);
  EXPECT_EQ(b.positive_grades().begin()->first, 2);
  EXPECT_EQ(b.positive_grades().begin()->second, 2u);
  EXPECT_EQ(qrels.largest_grade(), 2);
  EXPECT_EQ(qrels.IndexOf("a"), 1u);
}

TEST(Qrels, WhiteSpaceCommentsAndLineEndsDoNotCount) {
  const Qrels qrels = Parse("\xEF\xBB\xBF# comment\r\n\r\n  1\t0   문서-1\v1  \r\n \t \n1 Q0 d2 -3");
  ASSERT_EQ(qrels.queries().size(), 1u);
  EXPECT_EQ(qrels.Find("1")->Grade("문서-1"), 1);
  EXPECT_EQ(qrels.Find("1")->Grade("d2"), -3);
}

TEST(Qrels, EmptyTextHasNoQueries) { EXPECT_TRUE(Parse("").queries().empty()); }

TEST(Qrels, TheSameJudgmentTwiceIsHarmless) {
  const Qrels qrels = Parse("1 0 d 1\n1 0 d 1\n");
  EXPECT_EQ(qrels.Find("1")->relevant(), 1u);
}

TEST(Qrels, ErrorsNameFileLineExpectedAndFound) {
  struct Case {
    std::string text;
    std::string message;
  };
  const Case cases[] = {
      {"1 0 d 1\n\n1 0 d2\n", "q.txt:3: expected 4 fields \"query iteration document grade\", found 3: \"1 0 d2\""},
      {"query-id\tcorpus-id\tscore\n", "q.txt:1: expected 4 fields \"query iteration document grade\", found 3: \"query-id corpus-id score\""},
      {"1 0 d 1 x\n", "q.txt:1: expected 4 fields \"query iteration document grade\", found 5: \"1 0 d 1 x\""},
      {"1 0 d 1.0\n", "q.txt:1: expected a whole number as grade (fourth field), found \"1.0\""},
      {"1 0 d 99999999999\n", "q.txt:1: expected a whole number as grade (fourth field), found \"99999999999\""},
      {"1 0 d 1\n1 0 d 2\n", "q.txt:2: expected one grade for document \"d\" of query \"1\", found 2 after 1"},
      {std::string("1 0 d\0 1\n", 9), "q.txt:1: expected text, found a NUL byte: is this a qrels file?"},
  };
  for (const Case& c : cases) {
    const Result<Qrels> qrels = ParseQrels(c.text, "q.txt");
    ASSERT_FALSE(qrels.ok()) << c.text;
    EXPECT_EQ(qrels.status().code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(qrels.status().message(), c.message);
  }
}

TEST(Qrels, AMessageIsShortAndPrintable) {
  const Result<Qrels> qrels = ParseQrels("\x1B[31m" + std::string(1'000'000, 'x'), "q.txt");
  ASSERT_FALSE(qrels.ok());
  EXPECT_LT(qrels.status().message().size(), 300u);
  EXPECT_EQ(qrels.status().message().find('\x1B'), std::string_view::npos);
}

}  // namespace
}  // namespace sakuin::relevance
