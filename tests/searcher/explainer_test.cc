// What an explanation tells: the numbers that a person can count in the text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

using testing::HasSubstr;
using testing::Not;

class Explained : public testing::TestWithParam<RankingKind> {
 protected:
  Explained() : index_("standard") {
    index_.AddBody("fox fox dog bird");
    index_.AddBody("dog cat");
    std::string many;
    for (int i = 0; i < 5000; ++i) many += i % 2 == 0 ? "owl " : "elk ";
    index_.AddBody(many);
    index_.Commit();
  }

  // Of the first hit; that of the word or phrase alone.
  std::string Describe(std::string_view text) const {
    SearchRequest request;
    request.query = ParseQuery(text, index_.searcher().parse_options(true))->query;
    request.ranking.kind = GetParam();
    request.explain = true;
    const SearchAnswer answer = *index_.searcher().Search(request);
    EXPECT_FALSE(answer.hits.empty());
    return answer.hits.empty() ? std::string() : answer.hits[0].explanation->description;
  }

  SmallIndex index_;
};

TEST_P(Explained, WordsTellHowOftenTheyStandWhere) {
  EXPECT_THAT(Describe("fox"), HasSubstr(": tf 2, length 4, document frequency 1 of 3, occurrences 2, average length 1669"));
  EXPECT_THAT(Describe("body:cat"), HasSubstr(": tf 1, length 2, document frequency 1 of 3, occurrences 1"));
  EXPECT_THAT(Describe("elk"), HasSubstr(": tf 2500, length 5000,"));
}

TEST_P(Explained, PhrasesTellHowOftenTheyStandThere) {
  EXPECT_THAT(Describe("\"fox dog\""), HasSubstr(": tf 1, length 4"));
  EXPECT_THAT(Describe("\"owl elk\""), HasSubstr(": tf 2500, length 5000"));
  EXPECT_THAT(Describe("\"fox bird\"~1"), HasSubstr(": tf 1, length 4"));
}

TEST_P(Explained, WhatIsNoWordIsConstant) {
  EXPECT_THAT(Describe("_key:d1"), HasSubstr("_key:d1, constant"));
  EXPECT_THAT(Describe("do*"), Not(HasSubstr("tf")));
}

INSTANTIATE_TEST_SUITE_P(Rankings, Explained, testing::Values(RankingKind::kDefault, RankingKind::kBm25));

}  // namespace
}  // namespace sakuin::searcher
