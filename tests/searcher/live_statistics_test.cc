// Scores of an index with deleted documents are those of one that never had them.
#include <gtest/gtest.h>

#include "tests/searcher/naive_spelling.h"
#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

using Scores = std::vector<std::pair<std::string, float>>;  // of stored documents

Scores ScoresOf(const SmallIndex& index, const std::string& words, RankingKind kind) {
  SearchRequest request;
  request.query = ParsePlain(words);
  request.ranking.kind = kind;
  request.top = 1000;
  const Result<SearchAnswer> answer = index.searcher().Search(request);
  EXPECT_TRUE(answer.ok()) << answer.status().ToString();
  Scores scores;
  scores.reserve(answer->hits.size());
  for (const Hit& hit : answer->hits) scores.emplace_back(hit.stored, hit.score);
  std::sort(scores.begin(), scores.end());
  return scores;
}

TEST(LiveStatistics, DeletedDocumentsLeaveNoTraceInScores) {
  std::mt19937 random(61);
  SmallIndex with("whitespace");
  SmallIndex fresh("whitespace");
  for (int i = 0; i < 400; ++i) {
    std::string body;
    for (int left = 1 + static_cast<int>(random() % 20); left > 0; --left) body += RandomWord(random, U"abcd", 3) + " ";
    const std::map<std::string, std::string> fields{{"title", RandomWord(random, U"abcd", 2)}, {"body", body + std::to_string(i)}};
    with.Add(fields);
    if (i % 3 != 0) fresh.Add(fields);
    if (i % 150 == 149) with.Commit();
  }
  with.Commit();
  for (size_t i = 0; i < 400; i += 3) with.Delete(i);
  with.Commit();
  fresh.Commit();
  for (int round = 0; round < 50; ++round) {
    const std::string words = RandomWord(random, U"abcd", 2) + " " + RandomWord(random, U"abcd", 2);
    for (const RankingKind kind : {RankingKind::kBm25, RankingKind::kDefault}) {
      const Scores expected = ScoresOf(fresh, words, kind);
      ASSERT_FALSE(expected.empty());
      ASSERT_EQ(ScoresOf(with, words, kind), expected) << words;
    }
  }
}

}  // namespace
}  // namespace sakuin::searcher
