// Queries by key, and what an answer says of values that are too long.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Keys : public testing::Test {
 protected:
  Keys() : index_("standard") {
    for (int i = 0; i < 12; ++i) {
      index_.Add({{"title", i == 7 ? std::string(80, 'x') : "title " + std::to_string(i)}, {"body", "text"}});
      if (i % 5 == 4) index_.Commit();
    }
    index_.Commit();
  }

  SearchAnswer Search(std::string_view text, const std::string& sort = "") const {
    const Result<ParsedQuery> parsed = ParseQuery(text, index_.searcher().parse_options(true));
    EXPECT_TRUE(parsed.ok()) << parsed.status().ToString();
    SearchRequest request;
    request.query = parsed->query;
    request.sort = *ParseSortSpec(sort);
    Result<SearchAnswer> answer = index_.searcher().Search(request);
    EXPECT_TRUE(answer.ok()) << answer.status().ToString();
    return *std::move(answer);
  }

  std::vector<std::string> Found(std::string_view text) const {
    std::vector<std::string> keys;
    for (const Hit& hit : Search(text).hits) keys.push_back(hit.key);
    return keys;
  }

  SmallIndex index_;
};

TEST_F(Keys, AreFoundWholeInEverySegment) {
  EXPECT_THAT(Found("_key:d3"), ElementsAre("d3"));
  EXPECT_THAT(Found("_key:\"d11\""), ElementsAre("d11"));
  EXPECT_THAT(Found("_key:d"), IsEmpty());
  EXPECT_THAT(Found("_key:d0 OR _key:d10"), UnorderedElementsAre("d0", "d10"));
  EXPECT_THAT(Found("+text -_key:[d1 TO d9]"), ElementsAre("d0"));
}

TEST_F(Keys, AreInRangesByBytes) {
  EXPECT_THAT(Found("_key:[d8 TO d9]"), UnorderedElementsAre("d8", "d9"));
  EXPECT_THAT(Found("_key:{d8 TO d9]"), UnorderedElementsAre("d9"));
  EXPECT_THAT(Found("_key:[d8 TO d9}"), UnorderedElementsAre("d8"));
  EXPECT_THAT(Found("_key:<d10"), UnorderedElementsAre("d0", "d1"));
  EXPECT_THAT(Found("_key:>d8"), UnorderedElementsAre("d9"));
  EXPECT_EQ(Search("_key:*").total, 12U);
}

TEST_F(Keys, ThatWereDeletedAreNotFound) {
  index_.Delete(3);
  index_.Commit();
  EXPECT_THAT(Found("_key:d3"), IsEmpty());
  EXPECT_THAT(Found("_key:[d2 TO d4]"), UnorderedElementsAre("d2", "d4"));
}

TEST_F(Keys, AreFoundByTheirBeginning) {
  EXPECT_THAT(Found("_key:d1*"), UnorderedElementsAre("d1", "d10", "d11"));
  EXPECT_EQ(Search("_key:d*").total, 12U);
  EXPECT_THAT(Found("_key:e*"), IsEmpty());
  EXPECT_THAT(Found("+text -_key:d1* -_key:[d3 TO d9]"), UnorderedElementsAre("d0", "d2"));
}

TEST_F(Keys, HaveTheNameThatTheyHaveInDocuments) {
  EXPECT_THAT(Found("id:d3"), ElementsAre("d3"));
  EXPECT_THAT(Found("id:d1*"), UnorderedElementsAre("d1", "d10", "d11"));
  EXPECT_THAT(Found("id:[d8 TO d9}"), ElementsAre("d8"));
}

TEST_F(Keys, ByPatternAreNotSearchedWithoutAWord) {
  const SearchAnswer answer = Search("_key:*1");
  EXPECT_EQ(answer.total, 0U);
  EXPECT_THAT(answer.warnings, ElementsAre(HasSubstr("keys are found whole")));
}

TEST_F(Keys, ALongTextIsToldWhereItHasNoPlaceInTheOrder) {
  const SearchAnswer answer = Search("text", "title:asc");
  ASSERT_EQ(answer.hits.size(), 10U);
  EXPECT_THAT(answer.warnings, ElementsAre(HasSubstr("'title' that are longer than 64 bytes")));
  index_.Delete(7);
  index_.Add({{"title", "short"}, {"body", "text"}});
  index_.Commit();
  EXPECT_THAT(Search("text", "_key:asc").warnings, IsEmpty());
}

}  // namespace
}  // namespace sakuin::searcher
