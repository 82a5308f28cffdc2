// A field without positions: words are found there, phrases are refused.
#include <gtest/gtest.h>

#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

class NoPositions : public testing::Test {
 protected:
  NoPositions() : index_(Schema()) {
    index_.AddBody("quick brown fox");
    index_.AddBody("fox quick");
    index_.Commit();
  }

  static index::Schema Schema() {
    index::Schema schema = SmallIndex::SchemaWith("standard");
    index::Field body;
    body.name = "body";
    body.analyzer = "standard";
    body.positions = false;
    schema.fields.push_back(body);
    return schema;
  }

  Result<SearchAnswer> Search(Query query) const {
    SearchRequest request;
    request.query = std::move(query);
    return index_.searcher().Search(request);
  }

  SmallIndex index_;
};

TEST_F(NoPositions, SeveralWordsAreFoundWithoutAVoteOfNeighbours) {
  for (const std::string_view text : {"quick fox", "quick-fox", "brown quick fox"}) {
    const Result<SearchAnswer> answer = Search(ParsePlain(text));
    ASSERT_TRUE(answer.ok()) << text << ": " << answer.status().ToString();
    EXPECT_EQ(answer->total, 2U) << text;
  }
}

TEST_F(NoPositions, APhraseIsRefused) {
  Query query;
  query.node = PhraseQuery{"quick fox", 0};
  EXPECT_EQ(Search(query).status().code(), StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sakuin::searcher
