#include "relevance/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace sakuin::relevance {
namespace {

Run Parse(std::string_view text) {
  Result<relevance::Run> run = ParseRun(text, "a.run");
  EXPECT_TRUE(run.ok()) << run.status().ToString();
  return run.ok() ? *std::move(run) : Run();
}

std::vector<std::string> Order(const RankedList& list) {
  std::vector<std::string> order;
  order.reserve(list.documents.size());
  for (const RankedDocument& document : list.documents) order.push_back(document.document);
  return order;
}

std::string Format(const RankedList& list) {
  const Result<std::string> text = FormatRankedList(list, "tag");
  EXPECT_TRUE(text.ok()) << text.status().ToString();
  return text.ok() ? *text : "";
}

TEST(Run, ScoreDescendingThenDocumentDescendingWhateverTheRanksSay) {
  const relevance::Run run = Parse("1 Q0 a 1 2.5 t\n1 Q0 c 2 2.5 t\n2 Q0 x 1 -1e3 t\n1 Q0 b 3 2.5 t\n1 Q0 z 9 +3 t\n");
  ASSERT_EQ(run.lists().size(), 2u);
  EXPECT_EQ(Order(*run.Find("1")), (std::vector<std::string>{"z", "c", "b", "a"}));
  EXPECT_EQ(run.Find("2")->documents[0], (RankedDocument{"x", -1000}));
  EXPECT_EQ(run.Find("3"), nullptr);
}

TEST(Run, TiesCompareBytesNotSignedCharacters) {
  EXPECT_EQ(Order(*Parse("1 Q0 z 1 1 t\n1 Q0 가 1 1 t\n").Find("1")), (std::vector<std::string>{"가", "z"}));
}

TEST(Run, ToleratesCommentsBlankLinesAndWhatFollowsTheTag) {
  EXPECT_EQ(Order(*Parse("# made by us\n\n1 Q0 a 1 1 my run\r\n").Find("1")), (std::vector<std::string>{"a"}));
}

TEST(Run, ErrorsNameThePlace) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"1 Q0 a 1 1 t\n1 Q0 b 2 1\n", "a.run:2: expected 6 fields \"query Q0 document rank score tag\", found 5: \"1 Q0 b 2 1\""},
      {"1 Q0 a 1 nan t\n", "a.run:1: expected a finite number as score (fifth field), found \"nan\""},
      {"1 Q0 a 1 inf t\n", "a.run:1: expected a finite number as score (fifth field), found \"inf\""},
      {"1 Q0 a 1 1,5 t\n", "a.run:1: expected a finite number as score (fifth field), found \"1,5\""},
      {"1 Q0 a 1 3 t\n2 Q0 a 1 3 t\n1 Q0 a 2 2 t\n",
       "a.run:3: expected every document once for query \"1\", found \"a\" again, first on line 1"},
      {std::string("1 Q0 a\0 1 3 t\n", 14), "a.run:1: expected text, found a NUL byte: is this a run file?"},
  };
  for (const auto& [text, message] : cases) {
    const Result<relevance::Run> run = ParseRun(text, "a.run");
    ASSERT_FALSE(run.ok()) << text;
    EXPECT_EQ(run.status().message(), message);
  }
}

TEST(Run, WritesShortestDigitsAndRanksFromOne) {
  EXPECT_EQ(Format({"101", {{"doc-7", 12.25}, {"doc-9", 0.1}}}), "101 Q0 doc-7 1 12.25 tag\n101 Q0 doc-9 2 0.1 tag\n");
}

TEST(Run, TiesInAscendingOrderGetStrictlyDecreasingScores) {
  EXPECT_EQ(Format({"1", {{"a", 2}, {"b", 2}, {"c", 2}}}), "1 Q0 a 1 2 tag\n1 Q0 b 2 1.9999999 tag\n1 Q0 c 3 1.9999998 tag\n");
}

TEST(Run, TiesInTheReadersOrderStayTies) { EXPECT_EQ(Format({"1", {{"b", 2}, {"a", 2}}}), "1 Q0 b 1 2 tag\n1 Q0 a 2 2 tag\n"); }

TEST(Run, ScoresThatOnlyDoublePrecisionTellsApartStayApart) {
  EXPECT_EQ(Format({"1", {{"a", 1 + 1e-12}, {"b", 1}}}), "1 Q0 a 1 1 tag\n1 Q0 b 2 0.99999994 tag\n");
}

// The sorting of trec_eval up to 9.0.8: scores are read into a float.
std::vector<std::string> OrderInSinglePrecision(const RankedList& list) {
  RankedList copy = list;
  for (RankedDocument& document : copy.documents) document.score = static_cast<float>(document.score);
  std::sort(copy.documents.begin(), copy.documents.end(), [](const RankedDocument& a, const RankedDocument& b) {
    return a.score != b.score ? a.score > b.score : a.document > b.document;
  });
  return Order(copy);
}

TEST(Run, AnyOrderSurvivesTheFile) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const double scale = std::pow(10.0, static_cast<double>(random() % 60) - 30);
    RankedList list{"q", {}};
    for (size_t i = random() % 60; i-- > 0;) {
      const double noise = random() % 4 == 0 ? 1 + 1e-9 * static_cast<double>(random() % 3) : 1;
      list.documents.push_back({"d" + std::to_string(i), scale * (static_cast<double>(random() % 7) - 3) * noise});
    }
    std::shuffle(list.documents.begin(), list.documents.end(), random);
    if (random() % 2 == 0) {  // as our engine ranks; otherwise as a sort by some field might
      std::sort(list.documents.begin(), list.documents.end(), [](const RankedDocument& a, const RankedDocument& b) {
        return a.score != b.score ? a.score > b.score : a.document < b.document;
      });
    }
    const relevance::Run run = Parse(Format(list));
    if (list.documents.empty()) continue;
    EXPECT_EQ(Order(*run.Find("q")), Order(list));
    EXPECT_EQ(OrderInSinglePrecision(*run.Find("q")), Order(list));
  }
}

TEST(Run, WhatTheFormatCannotSayIsAnError) {
  const double most = std::numeric_limits<double>::max();
  const RankedList cases[] = {
      {"a b", {}}, {"", {}}, {"#1", {}}, {"1", {{"d 1", 1}}}, {"1", {{"", 1}}}, {"1", {{std::string("\0", 1), 1}}}, {"1", {{"d", most}}},
      {"1", {{"d", std::numeric_limits<double>::quiet_NaN()}}}, {"1", {{"d", 2}, {"d", 1}}},
      {"1", {{"a", -std::numeric_limits<float>::max()}, {"b", -std::numeric_limits<float>::max()}}},
  };
  for (const RankedList& list : cases) EXPECT_EQ(FormatRankedList(list, "tag").status().code(), StatusCode::kInvalidArgument) << list.query;
  EXPECT_FALSE(FormatRankedList({"1", {}}, "two words").ok());
  EXPECT_EQ(FormatRankedList({"1", {{"my file.txt", 1}}}, "tag").status().message(),
            "document key: a TREC run can hold only keys without white space, found \"my file.txt\"");
}

TEST(Run, AddRefusesTwoListsOfOneQueryAndTwoTimesOneDocument) {
  relevance::Run run;
  EXPECT_TRUE(run.Add({"1", {{"a", 1}}}).ok());
  EXPECT_EQ(run.Add({"1", {{"b", 1}}}).code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(run.Add({"2", {{"b", 1}, {"b", 0}}}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(run.lists().size(), 1u);
}

}  // namespace
}  // namespace sakuin::relevance
