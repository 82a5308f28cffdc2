#include "relevance/measures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/relevance/naive_measures.h"

namespace sakuin::relevance {
namespace {

std::string NameOf(std::string_view text) {
  const Result<Measure> measure = ParseMeasure(text);
  return measure.ok() ? measure->Name() : std::string(measure.status().message());
}

TEST(MeasureNames, UpperAndLowerCaseAndAliases) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"nDCG@10", "nDCG@10"},   {"NDCG@10", "nDCG@10"},       {"ndcg", "nDCG"},           {"ap", "AP"},
      {"MAP", "AP"},            {"map@100", "AP@100"},        {"rr", "RR"},               {"MRR@10", "RR@10"},
      {"p@5", "P@5"},           {"precision@5", "P@5"},       {"r@1000", "R@1000"},       {"Recall@10", "R@10"},
      {"rprec", "Rprec"},       {"BPREF", "bpref"},           {"err@20", "ERR@20"},       {"ERR", "ERR"},
      {"RBP", "RBP(p=0.8)"},    {"rbp@0.95", "RBP(p=0.95)"},  {"RBP(p=0.5)", "RBP(p=0.5)"}, {"RBP(P=.5)@20", "RBP(p=0.5)@20"},
      {"RBP@20", "RBP(p=0.8)@20"}, {"success@1", "Success@1"}, {"judged@10", "Judged@10"}, {"judged", "Judged"},
      {"numrel", "NumRel"},     {"NumRet", "NumRet"},         {"numrelret", "NumRelRet"}, {" AP\t", "AP"},
  };
  for (const auto& [text, name] : cases) EXPECT_EQ(NameOf(text), name) << text;
}

TEST(MeasureNames, ANameParsesToItself) {
  for (const std::string_view text : {"nDCG@10", "AP", "AP@7", "RBP@0.123456789", "RBP(p=0.3)@4", "NumRelRet", "Judged"}) {
    const Result<Measure> measure = ParseMeasure(text);
    ASSERT_TRUE(measure.ok());
    const Result<Measure> again = ParseMeasure(measure->Name());
    ASSERT_TRUE(again.ok()) << measure->Name();
    EXPECT_EQ(*measure, *again);
  }
}

TEST(MeasureNames, ErrorsSayWhatIsKnown) {
  EXPECT_EQ(NameOf("nDGC@10"),
            "measure \"nDGC@10\": expected a known name; known measures: nDCG nDCG@k AP AP@k RR RR@k P@k R@k Rprec bpref ERR ERR@k "
            "RBP(p=0.8) RBP(p=0.8)@k Success@k Judged Judged@k NumRel NumRet NumRelRet");
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "a known name"},
      {"P", "a cutoff, as in P@10"},
      {"Success", "a cutoff, as in Success@10"},
      {"P@", "a whole number above 0 after @"},
      {"P@0", "a whole number above 0 after @"},
      {"P@-1", "a whole number above 0 after @"},
      {"P@1.5", "a whole number above 0 after @"},
      {"P@5x", "a whole number above 0 after @"},
      {"P@99999999999", "a whole number above 0 after @"},
      {"bpref@10", "no cutoff after this name"},
      {"nDCG(p=0.5)", "no parameter in brackets"},
      {"RBP(p=1)", "a persistence between 0 and 1"},
      {"RBP(p=0)", "a persistence between 0 and 1"},
      {"RBP(p=nan)", "a persistence between 0 and 1"},
      {"RBP(p=0.5", "a persistence between 0 and 1"},
      {"RBP(", "a persistence between 0 and 1"},
      {"RBP()", "a persistence between 0 and 1"},
      {"RBP@1.5", "a persistence between 0 and 1"},
      {"RBP(p=0.5)x", "a name, or a name and @cutoff"},
      {"RBP(p=0.5)@0.5", "a whole number above 0 after @"},
  };
  for (const auto& [text, expected] : cases) {
    const Result<Measure> measure = ParseMeasure(text);
    ASSERT_FALSE(measure.ok()) << text;
    EXPECT_NE(measure.status().message().find(": expected " + std::string(expected)), std::string_view::npos) << measure.status().message();
    EXPECT_NE(measure.status().message().find("known measures: nDCG"), std::string_view::npos);
  }
}

TEST(MeasureNames, Lists) {
  const Result<std::vector<Measure>> measures = ParseMeasures(kDefaultMeasures);
  ASSERT_TRUE(measures.ok());
  std::string names;
  for (const Measure& measure : *measures) names += (names.empty() ? "" : ",") + measure.Name();
  EXPECT_EQ(names, kDefaultMeasures);
  EXPECT_FALSE(ParseMeasures("").ok());
  EXPECT_FALSE(ParseMeasures("AP,").ok());
  EXPECT_FALSE(ParseMeasures("AP,,RR").ok());
}

// ---- values ----

QueryJudgments Judge(const naive::Grades& grades) {
  QueryJudgments judgments("q");
  for (const auto& [document, grade] : grades) EXPECT_TRUE(judgments.Add(document, grade).ok());
  return judgments;
}

double Value(std::string_view measure, const naive::Grades& grades, const naive::Ranking& ranking, int32_t largest_grade = 0) {
  RankedList list{"q", {}};
  for (const std::string& document : ranking) list.documents.push_back({document, 0});
  const Result<Measure> parsed = ParseMeasure(measure);
  EXPECT_TRUE(parsed.ok()) << parsed.status().ToString();
  return MeasureRanking(list, Judge(grades), largest_grade, std::span(&*parsed, 1))[0];
}

TEST(Measures, ByHand) {
  const naive::Grades grades = {{"a", 2}, {"b", 0}, {"c", 1}, {"d", -1}, {"e", 1}};
  const naive::Ranking ranking = {"b", "a", "d", "x", "c"};
  EXPECT_DOUBLE_EQ(Value("nDCG@3", grades, ranking), (2 / std::log2(3)) / (2 + 1 / std::log2(3) + 0.5));
  EXPECT_DOUBLE_EQ(Value("AP", grades, ranking), (1.0 / 2 + 2.0 / 5) / 3);
  EXPECT_DOUBLE_EQ(Value("AP@4", grades, ranking), (1.0 / 2) / 3);
  EXPECT_DOUBLE_EQ(Value("RR", grades, ranking), 0.5);
  EXPECT_DOUBLE_EQ(Value("RR@1", grades, ranking), 0);
  EXPECT_DOUBLE_EQ(Value("P@10", grades, ranking), 0.2);
  EXPECT_DOUBLE_EQ(Value("R@2", grades, ranking), 1.0 / 3);
  EXPECT_DOUBLE_EQ(Value("Rprec", grades, ranking), 1.0 / 3);
  EXPECT_DOUBLE_EQ(Value("bpref", grades, ranking), 0);  // the one document that is not relevant stands above both
  EXPECT_DOUBLE_EQ(Value("Success@1", grades, ranking), 0);
  EXPECT_DOUBLE_EQ(Value("Success@2", grades, ranking), 1);
  EXPECT_DOUBLE_EQ(Value("Judged@4", grades, ranking), 0.75);
  EXPECT_DOUBLE_EQ(Value("Judged@100", grades, ranking), 0.8);
  EXPECT_DOUBLE_EQ(Value("ERR@2", grades, ranking), 3.0 / 16 / 2);
  EXPECT_DOUBLE_EQ(Value("ERR@2", grades, ranking, 5), 3.0 / 32 / 2);
  EXPECT_DOUBLE_EQ(Value("RBP(p=0.5)", grades, ranking), 0.5 * (0.5 + 0.0625));
  EXPECT_DOUBLE_EQ(Value("RBP(p=0.5)@4", grades, ranking), 0.5 * 0.5);
  EXPECT_DOUBLE_EQ(Value("NumRel", grades, ranking), 3);
  EXPECT_DOUBLE_EQ(Value("NumRet", grades, ranking), 5);
  EXPECT_DOUBLE_EQ(Value("NumRelRet", grades, ranking), 2);
}

TEST(Measures, NothingFoundIsZeroAndPerfectIsOne) {
  const naive::Grades grades = {{"a", 3}, {"b", 1}, {"c", 0}};
  for (const std::string_view name : {"nDCG", "nDCG@2", "AP", "AP@2", "RR", "P@2", "R@2", "Rprec", "bpref", "Success@1"}) {
    EXPECT_EQ(Value(name, grades, {}), 0) << name;
    EXPECT_DOUBLE_EQ(Value(name, grades, {"a", "b", "c"}), 1) << name;
  }
  for (const std::string_view name : {"ERR", "RBP", "Judged", "Judged@10", "NumRet", "NumRelRet"}) EXPECT_EQ(Value(name, grades, {}), 0) << name;
}

TEST(Measures, HugeGradesDoNotOverflow) {
  const naive::Grades grades = {{"a", 2147483647}, {"b", 2147483646}};
  EXPECT_DOUBLE_EQ(Value("ERR", grades, {"a"}, 2147483647), 1);
  EXPECT_DOUBLE_EQ(Value("nDCG", grades, {"a", "b"}), 1);
}

struct Sample {
  naive::Grades grades;
  naive::Ranking ranking;
};

Sample RandomSample(uint64_t seed) {
  std::mt19937_64 random(seed);
  Sample sample;
  const size_t documents = 1 + random() % 40;
  const size_t judged_of_ten = 1 + random() % 10;
  for (size_t i = 0; i < documents; ++i) {
    const std::string document = "d" + std::to_string(i);
    if (random() % 10 < judged_of_ten) sample.grades[document] = static_cast<int>(random() % 7) - 2;
    if (random() % 4 != 0) sample.ranking.push_back(document);
  }
  sample.grades["always"] = 1;
  std::shuffle(sample.ranking.begin(), sample.ranking.end(), random);
  return sample;
}

TEST(Measures, AgreeWithTheNaiveOnes) {
  constexpr size_t kAll = 1000;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto [grades, ranking] = RandomSample(seed);
    const size_t k = 1 + seed % 25;
    const std::string at_k = "@" + std::to_string(k);
    const double near = 1e-12;
    EXPECT_NEAR(Value("nDCG", grades, ranking), naive::Ndcg(grades, ranking, kAll), near);
    EXPECT_NEAR(Value("nDCG" + at_k, grades, ranking), naive::Ndcg(grades, ranking, k), near);
    EXPECT_NEAR(Value("AP", grades, ranking), naive::AveragePrecision(grades, ranking, kAll), near);
    EXPECT_NEAR(Value("AP" + at_k, grades, ranking), naive::AveragePrecision(grades, ranking, k), near);
    EXPECT_NEAR(Value("RR", grades, ranking), naive::ReciprocalRank(grades, ranking, kAll), near);
    EXPECT_NEAR(Value("RR" + at_k, grades, ranking), naive::ReciprocalRank(grades, ranking, k), near);
    EXPECT_NEAR(Value("P" + at_k, grades, ranking), naive::Precision(grades, ranking, k), near);
    EXPECT_NEAR(Value("R" + at_k, grades, ranking), naive::Recall(grades, ranking, k), near);
    EXPECT_NEAR(Value("Rprec", grades, ranking), naive::Precision(grades, ranking, static_cast<size_t>(naive::AllRelevant(grades))), near);
    EXPECT_NEAR(Value("bpref", grades, ranking), naive::Bpref(grades, ranking), near);
    EXPECT_NEAR(Value("ERR" + at_k, grades, ranking), naive::ExpectedReciprocalRank(grades, ranking, k, kErrBestGrade), near);
    EXPECT_NEAR(Value("RBP(p=0.7)" + at_k, grades, ranking), naive::RankBiasedPrecision(grades, ranking, k, 0.7), near);
    EXPECT_NEAR(Value("Success" + at_k, grades, ranking), naive::Success(grades, ranking, k), near);
    EXPECT_NEAR(Value("Judged" + at_k, grades, ranking), naive::Judged(grades, ranking, k), near);
    EXPECT_EQ(Value("NumRelRet", grades, ranking), naive::RelevantIn(grades, ranking, kAll));
  }
}

}  // namespace
}  // namespace sakuin::relevance
