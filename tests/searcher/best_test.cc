// The best k are what scoring every match would give: random trees of clauses
// over several segments with deleted documents, with filters, preferences and
// any k, against the same request in the order of _score, which scores every match.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "indexer/schema_file.h"
#include "searcher/score_function.h"
#include "tests/base/sanitized.h"
#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

constexpr int kDocuments = 12'000;  // three windows in the largest segment

class Best : public testing::Test {
 protected:
  void SetUp() override {
    std::mt19937 random(11);
    for (int i = 0; i < kDocuments; ++i) {
      index::Document document;
      document.key = "k" + std::to_string(i);
      document.fields = {{"title", Text(random, 4)},
                         {"body", Text(random, 60)},
                         {"year", int64_t{1990 + static_cast<int>(random() % 30)}},
                         {"views", int64_t{static_cast<int>(random() % 5000)}}};
      document.stored = "{}";
      index_.AddDocument(std::move(document));
      if (i == 9000 || i == 9100) index_.Commit();
    }
    for (int i = 0; i < kDocuments; i += 7) index_.DeleteKey("k" + std::to_string(i));
    index_.Commit();
    searcher_ = &index_.searcher();
  }

  // Few words are frequent and many rare; some stand many times in one text.
  static std::string Word(std::mt19937& random) { return "w" + std::to_string(random() % (1U << random() % 12)); }
  static std::string Text(std::mt19937& random, uint32_t words) {
    std::string text;
    for (uint32_t n = 1 + static_cast<uint32_t>(random()) % words; n > 0; --n) {
      const std::string word = Word(random);
      for (uint32_t times = random() % 16 == 0 ? 1 + static_cast<uint32_t>(random() % 9) : 1; times > 0; --times) text += word + " ";
    }
    return text;
  }

  static std::string Clause(std::mt19937& random, int depth) {
    static constexpr const char* kSigns[] = {"", "", "", "+", "+", "-"};
    std::string clause;
    const uint32_t kind = static_cast<uint32_t>(random() % 10);
    if (kind == 0) {
      clause = "\"" + Word(random) + " " + Word(random) + "\"";
    } else if (kind == 1) {
      clause = "\"" + Word(random) + " " + Word(random) + "\"~" + std::to_string(1 + random() % 9);
    } else if (kind == 2) {
      clause = "year:[" + std::to_string(1990 + random() % 30) + " TO *]";
    } else if (kind == 3) {
      clause = "title:" + Word(random);
    } else if (kind < 6 && depth > 0) {
      clause = "(" + Tree(random, depth - 1) + ")";
    } else {
      clause = Word(random);
    }
    for (uint64_t more = random() % 12 == 0 ? random() % 20 : 0; more > 0; --more) clause += " year:[" + std::to_string(1980 + more) + " TO *]^0.1";
    static constexpr const char* kWeights[] = {"^0.000001", "^0.3", "^2", "^4", "^1000000"};
    if (random() % 8 == 0) clause += kWeights[random() % std::size(kWeights)];
    return kSigns[random() % std::size(kSigns)] + clause;
  }
  static std::string Tree(std::mt19937& random, int depth) {
    std::string tree;
    for (uint64_t clauses = 1 + random() % 4; clauses > 0; --clauses) tree += Clause(random, depth) + " ";
    return tree;
  }

  SearchRequest Request(std::mt19937& random, const std::string& text) {
    SearchRequest request;
    request.query = ParseQuery(text)->query;
    request.documents = false;
    if (random() % 3 == 0) request.ranking.kind = RankingKind::kBm25;
    if (random() % 6 == 0) request.ranking.b = random() % 2 == 0 ? 0.0F : 1.0F;
    if (random() % 4 == 0) request.filter = ParseQuery("year:[1995 TO 2010]")->query;
    if (random() % 4 == 0) request.prefer = *ParseScoreFunctions("popularity(views, 100)^" + std::to_string(1 + random() % 3));
    return request;
  }

  SmallIndex index_{indexer::EmptySchema()};
  const Searcher* searcher_ = nullptr;
};

TEST_F(Best, AreTheFirstOfAll) {
  std::mt19937 random(29);
  for (int round = 0; round < Rounds(700); ++round) {
    const std::string text = Tree(random, 2);
    SearchRequest request = Request(random, text);
    request.top = 100'000;
    request.sort = {SortKey{SortKey::Source::kScore, "_score", true}};  // scores every match
    const SearchAnswer all = *searcher_->Search(request);
    request.sort.clear();
    request.top = 1 + random() % (random() % 4 == 0 ? 500 : 12);
    request.exact_total = random() % 2 == 0;
    const SearchAnswer best = *searcher_->Search(request);
    ASSERT_EQ(best.hits.size(), std::min<size_t>(request.top, all.hits.size())) << text;
    for (size_t i = 0; i < best.hits.size(); ++i) {
      ASSERT_EQ(best.hits[i].key, all.hits[i].key) << best.hits[i].score << " and " << all.hits[i].score << " for " << text << ", rank " << i
                                                   << " of " << request.top;
      ASSERT_EQ(best.hits[i].score, all.hits[i].score) << text << ", rank " << i << " of " << request.top;
    }
    if (request.exact_total) {
      EXPECT_EQ(best.total, all.hits.size()) << text;
    } else {
      EXPECT_LE(best.total, all.hits.size()) << text;
    }
  }
}

// Many equal scores, each a sum of many constants: the first key wins, however a bound is added up.
TEST(BestOfEqual, AreThoseWithTheFirstKeys) {
  SmallIndex index("standard");
  constexpr int kEqual = 9000;
  for (int i = 0; i < kEqual; ++i) {
    index::Document document;
    document.key = "k" + std::to_string(99'999 - i);
    document.fields = {{"body", std::string("fox")}, {"n", int64_t{1}}, {"m", int64_t{1}}};
    document.stored = "{}";
    index.AddDocument(std::move(document));
    if (i % 2000 == 1999) index.AddBody("hound");
  }
  index.Commit();
  for (const int clauses : {1, 16, 30, 200}) {
    for (const char* word : {"+fox^10", "+fox^200", "fox hound", "+(fox hound)^0.3"}) {
      std::string text = word;
      for (int i = 0; i < clauses; ++i) text += " n:[-" + std::to_string(i) + " TO 1]^0.1 m:*^0.3";
      SearchRequest request;
      request.query = ParseQuery(text)->query;
      request.documents = false;
      request.exact_total = false;
      request.top = 100;
      request.sort = {SortKey{SortKey::Source::kScore, "_score", true}};  // scores every match
      const SearchAnswer all = *index.searcher().Search(request);
      EXPECT_EQ(all.hits[50].score, all.hits[99].score);
      request.sort.clear();
      for (const uint32_t top : {1U, 10U, 100U}) {
        request.top = top;
        const SearchAnswer best = *index.searcher().Search(request);
        ASSERT_EQ(best.hits.size(), top);
        for (uint32_t i = 0; i < top; ++i) ASSERT_EQ(best.hits[i].key, all.hits[i].key) << text;
      }
    }
  }
}

TEST_F(Best, AreExplainedByWordsAndPreferences) {
  SearchRequest request;
  request.query = ParsePlain("w0 w5 w77");
  request.prefer = *ParseScoreFunctions("popularity(views, 100)");
  request.documents = false;
  request.explain = true;
  const SearchAnswer answer = *searcher_->Search(request);
  for (const Hit& hit : answer.hits) {
    ASSERT_EQ(hit.explanation->parts.size(), 2U);
    EXPECT_EQ(hit.explanation->value, hit.score);
    EXPECT_NEAR(hit.explanation->parts[0].value * hit.explanation->parts[1].value, hit.score, 1e-4);
  }
}

TEST_F(Best, AreRescoredAndTheOthersStayBehind) {
  SearchRequest request;
  request.query = ParsePlain("w1");
  request.documents = false;
  request.top = 30;
  const SearchAnswer first = *searcher_->Search(request);
  request.rescore = Rescoring{ParsePlain("w2"), 20, 2.5F};
  request.explain = true;
  const SearchAnswer again = *searcher_->Search(request);

  SearchRequest second;
  second.query = ParsePlain("w2");
  second.documents = false;
  second.top = 100'000;
  std::map<std::string, float> added;
  const SearchAnswer of_second = *searcher_->Search(second);
  for (const Hit& hit : of_second.hits) added[hit.key] = hit.score;
  std::vector<std::pair<float, std::string>> expected;
  expected.reserve(20);
  for (size_t i = 0; i < 20; ++i) expected.emplace_back(-(first.hits[i].score + 2.5F * added[first.hits[i].key]), first.hits[i].key);
  std::sort(expected.begin(), expected.end());
  for (size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(again.hits[i].key, expected[i].second) << i;
    EXPECT_EQ(again.hits[i].score, -expected[i].first) << i;
    EXPECT_EQ(again.hits[i].explanation->value, again.hits[i].score) << i;
  }
  for (size_t i = 20; i < 30; ++i) EXPECT_EQ(again.hits[i].key, first.hits[i].key) << i;
}

TEST_F(Best, KeepToTheLimitOfPostings) {
  SearchRequest request;
  request.query = ParsePlain("w0");
  request.documents = false;
  request.limits.postings = 1000;
  request.top = 5000;
  const SearchAnswer answer = *searcher_->Search(request);
  EXPECT_FALSE(answer.hits.empty());
  EXPECT_FALSE(answer.total_exact);
  EXPECT_LT(answer.coverage.documents_searched, answer.coverage.documents_total);
  ASSERT_EQ(answer.coverage.degraded_reasons.size(), 1U);
}

TEST_F(Best, AreProfiledByClause) {
  SearchRequest request;
  request.query = ParseQuery("+w0 +(w5 \"w1 w2\")")->query;
  request.documents = false;
  request.profile = true;
  const SearchAnswer answer = *searcher_->Search(request);
  ASSERT_TRUE(answer.profile.has_value());
  const ClauseCost& root = answer.profile->query;
  ASSERT_EQ(root.clauses.size(), 2U);
  EXPECT_GT(root.postings, 0U);
  EXPECT_EQ(root.postings, root.clauses[0].postings + root.clauses[1].postings);
  EXPECT_GE(root.time, root.clauses[0].time);
  EXPECT_TRUE(answer.profile->filter.clause.empty());
  request.profile = false;
  EXPECT_FALSE(searcher_->Search(request)->profile.has_value());
}

// A field's constants count for words asked for in it; its vote for words asked for anywhere.
TEST(FieldRanking, IsWhatTheSchemaSays) {
  SmallIndex index(*indexer::ParseSchema("[fields.abstract]\nk1 = 3\nb = 0\nvote = 2\n[fields.body]\n[fields.title]\nvote = 0\n", false));
  for (const char* abstract : {"fox fox", "dog", "dog"}) index.Add({{"title", "fox"}, {"abstract", abstract}, {"body", "a fox and more words"}});
  index.Commit();
  const Searcher* searcher = &index.searcher();
  SearchRequest request;
  request.documents = false;
  request.explain = true;
  request.query = ParseQuery("abstract:fox")->query;
  const double idf = std::pow(std::log(1 + (3 - 1 + 0.5) / (1 + 0.5)), 1.25) * std::pow((2 + 5) / (1 + 5.0), 0.65);
  EXPECT_NEAR(searcher->Search(request)->hits.at(0).score, idf * 2 / (2 + 3.0), 1e-5);
  const auto best = [&](const char* text) {
    request.query = ParsePlain(text);
    const SearchAnswer answer = *searcher->Search(request);
    return answer.hits.at(0);
  };
  const Hit voted = best("fox");
  ASSERT_EQ(voted.explanation->parts.size(), 2U) << "words and one vote: the title has none";
  EXPECT_NEAR(voted.explanation->parts[1].value, 2 * idf * 2 / (2 + 3.0), 1e-5);
  request.ranking.kind = RankingKind::kBm25;
  EXPECT_TRUE(best("fox").explanation->parts.empty()) << "plain BM25 has no votes";
}

TEST(ScoreFunctions, AreReadAsTheyAreWritten) {
  const std::vector<ScoreFunction> functions = *ParseScoreFunctions(" recency( date , 1.5d )^0.5,popularity(views,1000)");
  ASSERT_EQ(functions.size(), 2U);
  EXPECT_EQ(functions[0], (ScoreFunction{ScoreFunction::Kind::kRecency, "date", 1.5 * 86400e6, 0.5F}));
  EXPECT_EQ(functions[1], (ScoreFunction{ScoreFunction::Kind::kPopularity, "views", 1000, 1}));
  for (const char* text : {"", "recency", "recency(date)", "recency(date,30)", "recency(date,-1d)", "recency(,1d)", "popularity(views,0)",
                           "popularity(views,10x)", "novelty(date,1d)", "recency(date,1d)^", "recency(date,1d)^0", "recency(date,1d)^2x",
                           "recency(date,1d),", ")recency(", "popularity(v,inf)"}) {
    const auto parsed = ParseScoreFunctions(text);
    EXPECT_FALSE(parsed.ok()) << text;
    if (parsed.ok()) continue;
    EXPECT_NE(parsed.status().ToString().find("recency(FIELD, HALF-LIFE)"), std::string::npos) << text;
  }
}

TEST(ScoreFunctions, HalveWithAgeAndRiseWithPopularity) {
  SmallIndex index(indexer::EmptySchema());
  const auto add = [&](const char* key, std::vector<index::FieldValue> fields) {
    index::Document document;
    document.key = key;
    document.fields = std::move(fields);
    document.fields.push_back({"body", std::string("word")});
    document.stored = "{}";
    index.AddDocument(std::move(document));
  };
  add("new", {{"date", std::string("2026-01-31")}, {"views", int64_t{0}}});
  add("old", {{"date", std::string("2026-01-01")}, {"views", int64_t{100}}});
  add("later", {{"date", std::string("2027-01-01")}, {"views", int64_t{300}}});
  add("none", {});
  index.Commit();
  const Searcher* searcher = &index.searcher();
  const auto factors = [&](const char* text) {
    SearchRequest request;
    request.query = ParsePlain("word");
    request.documents = false;
    std::map<std::string, double> scores;
    const SearchAnswer plain = *searcher->Search(request);
    for (const Hit& hit : plain.hits) scores[hit.key] = static_cast<double>(hit.score);
    request.prefer = *ParseScoreFunctions(text);
    request.now = 1'769'817'600'000'000;  // 2026-01-31
    const SearchAnswer preferred = *searcher->Search(request);
    for (const Hit& hit : preferred.hits) scores[hit.key] = static_cast<double>(hit.score) / scores[hit.key];
    return scores;
  };
  const auto recency = factors("recency(date, 30d)");
  EXPECT_NEAR(recency.at("new"), 2, 1e-5);
  EXPECT_NEAR(recency.at("old"), 1.5, 1e-5);
  EXPECT_NEAR(recency.at("later"), 2, 1e-5);
  EXPECT_NEAR(recency.at("none"), 1, 1e-5);
  const auto popularity = factors("popularity(views, 100)^2");
  EXPECT_NEAR(popularity.at("new"), 1, 1e-5);
  EXPECT_NEAR(popularity.at("old"), 2, 1e-5);
  EXPECT_NEAR(popularity.at("later"), 2.5, 1e-5);
  SearchRequest wrong;
  wrong.query = ParsePlain("word");
  wrong.prefer = *ParseScoreFunctions("recency(views, 30d)");
  EXPECT_EQ(searcher->Search(wrong).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sakuin::searcher
