// The searcher against brute force: random documents, random queries of every
// boolean shape; counts, order and scores must agree.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <set>

#include "tests/base/sanitized.h"
#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

constexpr double kK1 = 0.9;
constexpr double kB = 0.4;

using Words = std::vector<std::string>;

class SearchOracle : public testing::Test {
 protected:
  void SetUp() override {
    std::mt19937 random(5);
    for (int i = 0; i < 9000; ++i) {  // two segments, the larger one of more than one window
      const std::string key = "k" + std::to_string(i * 7919 % 10007);
      Words words(1 + random() % 40);
      std::string body;
      for (std::string& word : words) body += (word = "w" + std::to_string(random() % (1U << random() % 11))) + " ";
      documents_[key] = words;
      index::Document document;
      document.key = key;
      document.fields = {{"body", body}};
      document.stored = "{}";
      index_.AddDocument(std::move(document));
      if (i == 5000) index_.Commit();
    }
    index_.Commit();
    for (const auto& [key, words] : documents_) {
      total_length_ += words.size();
      for (const std::string& word : std::set<std::string>(words.begin(), words.end())) ++frequency_[word];
      for (const std::string& word : words) ++occurrences_[word];
    }
    searcher_ = &index_.searcher();
  }

  double Idf(const std::string& word) const {
    const auto at = frequency_.find(word);
    const double n = at == frequency_.end() ? 0 : at->second;
    return std::log(1 + (static_cast<double>(documents_.size()) - n + 0.5) / (n + 0.5));
  }

  static int Occurrences(const Words& words, const Words& phrase) {
    int count = 0;
    for (size_t i = 0; i + phrase.size() <= words.size(); ++i) {
      count += std::equal(phrase.begin(), phrase.end(), words.begin() + static_cast<ptrdiff_t>(i));
    }
    return count;
  }

  struct Part {
    char sign;  // '+', '-' or ' '
    Words phrase;
  };

  // As docs/ranking.md says it; multiple: length / average.
  double Score(RankingKind kind, const Words& phrase, double tf, double multiple) const {
    double worth = 0;
    for (const std::string& word : phrase) worth += kind == RankingKind::kBm25 ? Idf(word) : std::pow(Idf(word), 1.25);
    if (kind == RankingKind::kBm25) return worth * tf / (tf + kK1 * (1 - kB + kB * multiple));
    const auto at = frequency_.find(phrase[0]);
    if (phrase.size() == 1 && at != frequency_.end()) worth *= std::pow((occurrences_.at(phrase[0]) + 5) / (at->second + 5), 0.65);
    return worth * tf / (tf + 1 - 0.8 + 0.8 * 9 * multiple / (multiple + 8));
  }

  std::map<std::string, double> BruteForce(RankingKind kind, const std::vector<Part>& parts) const {
    const double average = static_cast<double>(total_length_) / static_cast<double>(documents_.size());
    const bool has_must = std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.sign == '+'; });
    std::map<std::string, double> found;
    for (const auto& [key, words] : documents_) {
      double score = 0;
      bool matches = has_must;
      bool out = false;
      for (const Part& part : parts) {
        const int tf = Occurrences(words, part.phrase);
        if (part.sign == '-') {
          out = out || tf > 0;
          continue;
        }
        out = out || (part.sign == '+' && tf == 0);
        matches = matches || tf > 0;
        score += Score(kind, part.phrase, tf, static_cast<double>(words.size()) / average);
      }
      if (matches && !out) found[key] = score;
    }
    return found;
  }

  SmallIndex index_{indexer::EmptySchema()};
  std::map<std::string, Words> documents_;
  std::map<std::string, double> frequency_;
  std::map<std::string, double> occurrences_;
  size_t total_length_ = 0;
  const Searcher* searcher_ = nullptr;
};

TEST_F(SearchOracle, AgreesWithBruteForce) {
  std::mt19937 random(17);
  for (int round = 0; round < Rounds(300); ++round) {
    std::vector<Part> parts;
    std::string text;
    const uint32_t count = 1 + random() % 4;
    for (uint32_t i = 0; i < count; ++i) {
      Part part{i == 0 ? " +"[random() % 2] : " +-"[random() % 3], {}};
      part.phrase.resize(random() % 4 == 0 ? 2 : 1);
      std::string phrase;
      for (std::string& word : part.phrase) phrase += (phrase.empty() ? "" : " ") + (word = "w" + std::to_string(random() % (1U << random() % 11)));
      text += std::string(text.empty() ? "" : " ") + (part.sign == ' ' ? "" : std::string(1, part.sign)) + "\"" + phrase + "\"";
      parts.push_back(std::move(part));
    }
    SearchRequest request;
    request.query = ParseGame(text);
    if (round % 2 == 0) {
      request.ranking.kind = RankingKind::kBm25;
      request.ranking.k1 = static_cast<float>(kK1);
      request.ranking.b = static_cast<float>(kB);
    }
    const std::map<std::string, double> expected = BruteForce(request.ranking.kind, parts);
    request.top = 20;
    const Result<SearchAnswer> answer = searcher_->Search(request);
    ASSERT_TRUE(answer.ok()) << text << ": " << answer.status().ToString();
    EXPECT_EQ(answer->total, expected.size()) << text;
    ASSERT_EQ(answer->hits.size(), std::min<size_t>(20, expected.size())) << text;
    std::vector<double> scores;
    scores.reserve(expected.size());
    for (const auto& [key, score] : expected) scores.push_back(score);
    std::sort(scores.rbegin(), scores.rend());
    for (size_t i = 0; i < answer->hits.size(); ++i) {
      const Hit& hit = answer->hits[i];
      ASSERT_TRUE(expected.contains(hit.key)) << text << ": " << hit.key;
      EXPECT_NEAR(hit.score, expected.at(hit.key), 2e-5 * std::max(1.0, expected.at(hit.key))) << text;
      EXPECT_NEAR(hit.score, scores[i], 2e-5 * std::max(1.0, scores[i])) << text;
      if (i > 0 && hit.score == answer->hits[i - 1].score) {
        EXPECT_LT(answer->hits[i - 1].key, hit.key) << text;
      }
    }
  }
}

// A sloppy phrase may stand in a document more often than its rarest word does.
TEST_F(SearchOracle, TheBestSloppyPhrasesAreTheFirstOfAll) {
  std::mt19937 random(23);
  const auto word = [&random] { return "w" + std::to_string(random() % (1U << random() % 7)); };
  for (int round = 0; round < Rounds(400); ++round) {
    std::string text = "\"" + word() + " " + word() + "\"~" + std::to_string(1 + random() % 20);
    if (random() % 3 == 0) text += " " + word();
    if (random() % 3 == 0) text.insert(0, "+").append(" ").append(word());
    SearchRequest request;
    request.query = ParseQuery(text)->query;
    request.documents = false;
    request.top = 100'000;
    const SearchAnswer all = *searcher_->Search(request);
    request.top = 1 + random() % 50;
    const SearchAnswer best = *searcher_->Search(request);
    ASSERT_EQ(best.hits.size(), std::min<size_t>(request.top, all.hits.size())) << text;
    for (size_t i = 0; i < best.hits.size(); ++i) {
      EXPECT_EQ(best.hits[i].key, all.hits[i].key) << text << ", rank " << i;
      EXPECT_EQ(best.hits[i].score, all.hits[i].score) << text << ", rank " << i;
    }
  }
}

TEST_F(SearchOracle, ExplanationsAreTheScore) {
  SearchRequest request;
  request.query = ParsePlain("w0 w5 w77");
  request.explain = true;
  const SearchAnswer answer = *searcher_->Search(request);
  ASSERT_EQ(answer.hits.size(), 10U);
  for (const Hit& hit : answer.hits) EXPECT_EQ(hit.explanation->value, hit.score);
}

TEST_F(SearchOracle, ATimeLimitGivesWhatWasFoundAndSaysSo) {
  SearchRequest request;
  request.query = ParsePlain("w0");
  request.limits.timeout = std::chrono::microseconds(1);
  const SearchAnswer answer = *searcher_->Search(request);
  EXPECT_FALSE(answer.total_exact);
  EXPECT_LT(answer.coverage.documents_searched, answer.coverage.documents_total);
  EXPECT_FALSE(answer.coverage.degraded_reasons.empty());
}

}  // namespace
}  // namespace sakuin::searcher
