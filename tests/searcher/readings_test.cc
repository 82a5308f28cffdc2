// "auto" over short texts that may be of several languages: words that are in
// them are found, words that only seem to be are not, and phrases are found
// whatever their document was taken for.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

// "d0 d2": the documents that match.
std::string Matches(const SmallIndex& index, const Query& query) {
  Result<std::vector<std::string>> keys = index.searcher().MatchingKeys(query);
  EXPECT_TRUE(keys.ok());
  std::sort(keys->begin(), keys->end());
  std::string line;
  for (const std::string& key : *keys) line += (line.empty() ? "" : " ") + key;
  return line;
}

std::string MatchesOfWords(const SmallIndex& index, const std::string& text) {
  Query query;
  query.node = WordsQuery{text};
  return Matches(index, query);
}

std::string MatchesOfPhrase(const SmallIndex& index, const std::string& text) {
  Query query;
  query.node = PhraseQuery{text, 0};
  return Matches(index, query);
}

TEST(Readings, TokyoIsNotKyoto) {
  SmallIndex index("auto", {"東京都", "京都", "東京都に住んでいる", "京都に住んでいる", "我们去东京旅游"});
  EXPECT_EQ(MatchesOfWords(index, "東京都"), "d0 d2 d4");
  EXPECT_EQ(MatchesOfWords(index, "東京"), "d0 d2 d4");
  EXPECT_EQ(MatchesOfWords(index, "京都"), "d1 d3");
  EXPECT_EQ(MatchesOfWords(index, "东京"), "d0 d4");
  EXPECT_EQ(MatchesOfPhrase(index, "東京都"), "d0 d2");
  EXPECT_EQ(MatchesOfPhrase(index, "京都"), "d1 d3");
}

TEST(Readings, APhraseIsFoundInAnyLanguage) {
  SmallIndex index("auto", {
                               "我们在研究所里面学习人工智能和机器学习",
                               "研究所で人工知能を学んでいる",
                               "서울의 研究所 에서 일하는 사람들이 모였다",
                               "die Reisenden mussten lange warten weil alle Straßen gesperrt waren",
                               "les élèves de l'école marchent lentement vers le café",
                               "the runners were running to the libraries of the city",
                               "파이썬의 machine learning 입문을 읽었다",
                           });
  const std::map<std::string, std::string> expected = {
      {"研究所", "d0 d1 d2"},
      {"人工智能", "d0"},
      {"人工知能", "d1"},
      {"lange warten", "d3"},
      {"warten lange", ""},
      {"alle strassen gesperrt", "d3"},
      {"marchent lentement", "d4"},
      {"vers le cafe", "d4"},
      {"running to the libraries", "d5"},
      {"machine learning", "d6"},
      {"learning machine", ""},
      {"파이썬의 machine learning", "d6"},
  };
  for (const auto& [phrase, documents] : expected) EXPECT_EQ(MatchesOfPhrase(index, phrase), documents) << phrase;
}

}  // namespace
}  // namespace sakuin::searcher
