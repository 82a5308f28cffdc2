// Phrases in text that is cut into overlapping pairs: found where the characters
// are, and nowhere else.
#include <gtest/gtest.h>

#include "tests/searcher/naive_spelling.h"
#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

TEST(PairPhrase, OfAnyLengthIsFoundWhereItStands) {
  std::mt19937 random(51);
  SmallIndex index("standard");
  std::vector<std::string> bodies;
  for (int i = 0; i < 300; ++i) index.AddBody(bodies.emplace_back(RandomWord(random, U"가나다라", 12)));
  index.Commit();
  for (int round = 0; round < 300; ++round) {
    const std::string phrase = RandomWord(random, U"가나다라", 6);
    uint64_t expected = 0;
    for (const std::string& body : bodies) expected += body.find(phrase) != std::string::npos ? 1 : 0;
    Query query;
    query.node = PhraseQuery{phrase, 0};
    const Result<uint64_t> count = index.searcher().Count(query);
    ASSERT_TRUE(count.ok());
    EXPECT_EQ(*count, expected) << phrase;
  }
}

TEST(PairPhrase, WithBlanksNeedsEveryCharacter) {
  SmallIndex index("standard", {"검색엔진은 빠르다", "검색엔진이 빠르다"});
  for (const auto& [phrase, expected] :
       std::map<std::string, uint64_t>{{"검색엔진은 빠르다", 1}, {"검색엔진이 빠르다", 1}, {"검색엔진에 빠르다", 0}, {"검색엔진", 2}}) {
    Query query;
    query.node = PhraseQuery{phrase, 0};
    EXPECT_EQ(*index.searcher().Count(query), expected) << phrase;
  }
}

}  // namespace
}  // namespace sakuin::searcher
