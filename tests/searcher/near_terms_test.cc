// near_terms.h and merged_terms.h against a scan of all words.
#include "searcher/live_counts.h"
#include "searcher/near_terms.h"

#include <gtest/gtest.h>

#include <set>

#include "searcher/spelling.h"
#include "tests/base/sanitized.h"
#include "tests/searcher/naive_spelling.h"
#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

constexpr std::u32string_view kAlphabet = U"abcd한국구サハー";

class NearTerms : public testing::Test {
 protected:
  NearTerms() : index_("whitespace") {
    std::mt19937 random(21);
    std::vector<std::set<std::string>> documents;
    for (int i = 0; i < 600; ++i) {
      std::string body;
      std::set<std::string> words;
      for (int left = 1 + static_cast<int>(random() % 8); left > 0; --left) {
        const std::string word = RandomWord(random, random() % 2 == 0 ? kAlphabet : kAlphabet.substr(0, 4), 7);
        words.insert(word);
        body += word + " ";
      }
      documents.push_back(words);
      index_.AddBody(body);
      if (i % 250 == 249) index_.Commit();  // three segments
    }
    for (const std::set<std::string>& words : documents) {
      for (const std::string& word : words) ++all_[word];
    }
    for (size_t i = 0; i < documents.size(); i += 3) index_.Delete(i);
    index_.Commit();
    for (size_t i = 0; i < documents.size(); ++i) {
      for (const std::string& word : documents[i]) live_[word] += i % 3 == 0 ? 0 : 1;
    }
  }

  std::vector<NearTerm> Naive(const std::string& word, uint32_t limit) const {
    const std::u32string units = SpellingUnits(word);
    std::vector<NearTerm> near;
    for (const auto& [term, documents] : all_) {
      const std::u32string other = SpellingUnits(term);
      const uint32_t edits = NaiveDistance(units, other);
      const bool alike = units[0] == other[0];
      if (term != word && edits <= (alike ? limit : std::min(limit, 1U))) near.push_back({term, edits, documents});
    }
    return near;
  }

  Result<std::vector<NearTerm>> Find(const std::string& word, uint32_t limit, TermBudget& budget) const {
    ASSIGN_OR_RETURN(MergedTerms terms, MergedTerms::Open(index_.snapshot(), index::kAllField));
    return FindNearTerms(terms, word, limit, budget);
  }

  SmallIndex index_;
  std::map<std::string, uint64_t> all_;   // documents of every word, deleted ones too
  std::map<std::string, uint64_t> live_;  // without them
};

TEST_F(NearTerms, AreThoseOfAScan) {
  std::mt19937 random(22);
  size_t found = 0;
  for (int round = 0; round < Rounds(400); ++round) {
    const std::string word = RandomWord(random, random() % 2 == 0 ? kAlphabet : kAlphabet.substr(0, 4), 7);
    const uint32_t limit = static_cast<uint32_t>(random() % 3);
    TermBudget budget{UINT64_MAX};
    const Result<std::vector<NearTerm>> near = Find(word, limit, budget);
    ASSERT_TRUE(near.ok()) << near.status().ToString();
    ASSERT_EQ(near->size(), Naive(word, limit).size()) << word << " " << limit;
    ASSERT_EQ(*near, Naive(word, limit)) << word << " " << limit;
    found += near->size();
  }
  EXPECT_GT(found, Rounds(1000U));
}

TEST_F(NearTerms, ASmallBudgetGivesSomeOfThemAndEnds) {
  std::mt19937 random(23);
  for (int round = 0; round < 100; ++round) {
    const std::string word = RandomWord(random, kAlphabet, 5);
    TermBudget budget{random() % 200};
    const Result<std::vector<NearTerm>> near = Find(word, 2, budget);
    ASSERT_TRUE(near.ok());
    const std::vector<NearTerm> all = Naive(word, 2);
    for (const NearTerm& term : *near) EXPECT_NE(std::find(all.begin(), all.end(), term), all.end()) << word << " " << term.term;
    if (near->size() < all.size()) {
      EXPECT_EQ(budget.left, 0U) << word;
    }
  }
}

TEST_F(NearTerms, MergedTermsAreAllWordsInOrder) {
  Result<MergedTerms> terms = MergedTerms::Open(index_.snapshot(), index::kAllField);
  ASSERT_TRUE(terms.ok());
  std::map<std::string, uint64_t> seen;
  std::string last;
  for (terms->Seek(""); terms->valid(); terms->Next()) {
    EXPECT_LT(last, terms->term());
    last = terms->term();
    seen[last] = terms->document_frequency();
  }
  EXPECT_TRUE(terms->status().ok());
  EXPECT_EQ(seen, all_);
}

TEST_F(NearTerms, SkippingAPrefixIsSteppingOverIt) {
  std::mt19937 random(24);
  Result<MergedTerms> terms = MergedTerms::Open(index_.snapshot(), index::kAllField);
  ASSERT_TRUE(terms.ok());
  for (int round = 0; round < 200; ++round) {
    const std::string word = std::next(all_.begin(), static_cast<ptrdiff_t>(random() % all_.size()))->first;
    const std::string prefix = word.substr(0, text::DecodeUtf8(word, 0).bytes);
    auto expected = all_.find(word);
    while (expected != all_.end() && expected->first.starts_with(prefix)) ++expected;
    TermBudget budget{1'000};
    terms->Seek(word);
    terms->SkipPrefix(prefix, budget);
    ASSERT_EQ(terms->valid(), expected != all_.end()) << word;
    if (terms->valid()) {
      ASSERT_EQ(terms->term(), expected->first) << word;
    }
  }
}

TEST_F(NearTerms, LiveDocumentsLeaveTheDeletedOut) {
  size_t gone = 0;
  for (const auto& [word, documents] : live_) {
    const Result<LiveCounts> live = CountLive(index_.snapshot(), index::kAllField, word);
    ASSERT_TRUE(live.ok());
    EXPECT_EQ(live->documents, documents) << word;
    gone += documents == 0 ? 1 : 0;
  }
  EXPECT_GT(gone, 10U);
  EXPECT_EQ(CountLive(index_.snapshot(), index::kAllField, "nowhere")->documents, 0U);
}

}  // namespace
}  // namespace sakuin::searcher
