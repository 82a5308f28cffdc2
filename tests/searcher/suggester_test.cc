// suggester.h: what is proposed by example, and against a scan of all words.
#include "searcher/suggester.h"

#include <gtest/gtest.h>

#include <cmath>

#include "searcher/spelling.h"
#include "tests/searcher/naive_spelling.h"
#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

// The proposal for a query; empty when there is none.
std::string Proposal(const SmallIndex& index, const std::string& text, bool rare_too = false) {
  const Result<ParsedQuery> parsed = ParseQuery(text, index.searcher().parse_options(false));
  EXPECT_TRUE(parsed.ok()) << text;
  const Result<std::optional<Suggestion>> suggestion = Suggester(index.searcher()).Suggest(text, parsed->query, rare_too);
  EXPECT_TRUE(suggestion.ok()) << text << ": " << suggestion.status().ToString();
  if (!suggestion->has_value()) return "";
  for (const Correction& correction : (*suggestion)->corrections) {
    EXPECT_GT(correction.documents, 0U) << text;
    EXPECT_LT(correction.source.begin, correction.source.end) << text;
    EXPECT_LE(correction.source.end, text.size()) << text;
  }
  return (*suggestion)->query;
}

class SuggesterInEnglish : public testing::Test {
 protected:
  SuggesterInEnglish() : index_("english") {
    index_.Add({{"title", "Searching with telescopes"}, {"body", "The telescopes were searching for computers and Engines."}});
    index_.Add({{"title", "Computing engines"}, {"body", "Computers compute; a search engine searches. Coffee helps."}});
    index_.Commit();
    index_.Add({{"title", "Secrets"}, {"body", "An onlyherebefore word."}});
    index_.Commit();
    index_.Delete(2);
    index_.Commit();
  }

  SmallIndex index_;
};

TEST_F(SuggesterInEnglish, ProposesWordsAsDocumentsWriteThem) {
  EXPECT_EQ(Proposal(index_, "telescpoe"), "telescopes");  // the term is telescop
  EXPECT_EQ(Proposal(index_, "serching"), "searching");
  EXPECT_EQ(Proposal(index_, "cofee"), "coffee");
  EXPECT_EQ(Proposal(index_, "engnie"), "engine");
}

TEST_F(SuggesterInEnglish, ChangesNothingButTheWord) {
  EXPECT_EQ(Proposal(index_, "+cofee -lazy^2"), "+coffee -lazy^2");
  EXPECT_EQ(Proposal(index_, "body:\"serch  engine\"~3"), "body:\"search  engine\"~3");
  EXPECT_EQ(Proposal(index_, "(cofee OR compute*) AND NOT serch"), "(coffee OR compute*) AND NOT serch");
  EXPECT_EQ(Proposal(index_, "cofee AND engnie~ AND /cofee/ AND engnie"), "coffee AND engnie~ AND /cofee/ AND engine");
  EXPECT_EQ(Proposal(index_, "  cofee  \"unclosed"), "  coffee  \"unclosed");
}

TEST_F(SuggesterInEnglish, ProposesForEveryDoubtfulWord) {
  EXPECT_EQ(Proposal(index_, "serching cofee with engines"), "searching coffee with engines");
}

TEST_F(SuggesterInEnglish, LeavesKnownWordsAlone) {
  for (const std::string_view text : {"search", "computer", "searched", "search engine", "*", "", "telescop*", "the"}) {
    EXPECT_EQ(Proposal(index_, std::string(text)), "") << text;
  }
}

TEST_F(SuggesterInEnglish, LeavesAloneWhatNothingIsNear) {
  for (const std::string_view text : {"xylophone", "cat", "2o2o", "-cofee", "title:>cofee", "co\\fee"})
    EXPECT_EQ(Proposal(index_, std::string(text)), "") << text;
}

TEST_F(SuggesterInEnglish, LooksInTheFieldThatIsAsked) {
  EXPECT_EQ(Proposal(index_, "title:cofee"), "");
  EXPECT_EQ(Proposal(index_, "body:cofee"), "body:coffee");
}

TEST_F(SuggesterInEnglish, NeverProposesAWordOfDeletedDocuments) {
  EXPECT_EQ(Proposal(index_, "onlyherebefor"), "");
  EXPECT_EQ(Proposal(index_, "secert"), "");
}

TEST_F(SuggesterInEnglish, LeavesLongTextsAlone) { EXPECT_EQ(Proposal(index_, "\"" + std::string(2000, ' ') + "cofee\""), ""); }

TEST(Suggester, AsksAboutRareWordsOnlyWhenTold) {
  SmallIndex index("standard");
  for (uint64_t i = 0; i < kMuchRarer; ++i) index.AddBody("receive");
  index.AddBody("recieve");
  index.Commit();
  EXPECT_EQ(Proposal(index, "recieve", false), "");
  EXPECT_EQ(Proposal(index, "recieve", true), "receive");
  EXPECT_EQ(Proposal(index, "receive", true), "");
  index.AddBody("recieve");
  index.Commit();
  EXPECT_EQ(Proposal(index, "recieve", true), "");  // not rare enough any more
}

TEST(Suggester, KnowsKoreanJapaneseAndChinese) {
  SmallIndex index("auto", {
                               "검색엔진은 글을 찾는다. 망원경으로 별을 본다.",
                               "データベースと検索エンジンの仕組みを学ぶ。",
                               "天文望远镜可以用来看星星。",
                           });
  EXPECT_EQ(Proposal(index, "검섹엔진"), "검색엔진");
  EXPECT_EQ(Proposal(index, "망원겅으로"), "망원경으로");
  EXPECT_EQ(Proposal(index, "デタベース"), "データベース");
  EXPECT_EQ(Proposal(index, "天文望眼镜"), "天文望远镜");
}

// One word in an index of words: the best of all words is proposed.
TEST(Suggester, AgreesWithAScan) {
  constexpr std::u32string_view kLetters = U"abcde";
  SmallIndex index("whitespace");
  std::mt19937 random(31);
  std::map<std::string, uint64_t> documents;
  for (int i = 0; i < 400; ++i) {
    const std::string word = RandomWord(random, kLetters, 8);
    for (uint64_t copies = 1U << random() % 4; copies > 0; --copies, ++documents[word]) index.AddBody(word);
    if (i % 150 == 149) index.Commit();
  }
  index.Commit();
  size_t proposals = 0;
  for (int round = 0; round < 500; ++round) {
    const std::string word = RandomWord(random, kLetters, 8);
    std::string best;
    double best_weight = -1e9;
    for (const auto& [term, count] : documents) {
      const std::u32string units = SpellingUnits(word);
      const uint32_t edits = NaiveDistance(units, SpellingUnits(term));
      if (edits > std::min(EditLimit(units), term[0] == word[0] ? 2U : 1U) || documents.contains(word)) continue;
      const double weight = std::log(static_cast<double>(count)) - 4.0 * edits;
      if (weight > best_weight) best = term;
      best_weight = std::max(weight, best_weight);
    }
    ASSERT_EQ(Proposal(index, word), best) << word;
    proposals += best.empty() ? 0 : 1;
  }
  EXPECT_GT(proposals, 100U);
}

}  // namespace
}  // namespace sakuin::searcher
