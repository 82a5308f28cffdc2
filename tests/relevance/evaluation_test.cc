#include "relevance/evaluation.h"

#include <gtest/gtest.h>

namespace sakuin::relevance {
namespace {

Qrels JudgmentsOf(std::string_view text) { return *ParseQrels(text, "qrels"); }
Run RunOf(std::string_view text) { return *ParseRun(text, "run"); }
std::vector<Measure> MeasuresOf(std::string_view text) { return *ParseMeasures(text); }

TEST(Evaluation, MeanOverQueriesWithAPositiveJudgment) {
  const Qrels qrels = JudgmentsOf("found 0 a 1\nmissing 0 a 1\nnothing 0 a 0\nnegative 0 a -1\n");
  const relevance::Run run = RunOf("found Q0 a 1 1 t\nnothing Q0 a 1 1 t\nunknown Q0 a 1 1 t\n");
  const Result<Evaluation> evaluation = Evaluate(run, qrels, MeasuresOf("RR,NumRel,NumRet"));
  ASSERT_TRUE(evaluation.ok()) << evaluation.status().ToString();
  ASSERT_EQ(evaluation->queries.size(), 2u);
  EXPECT_EQ(evaluation->queries[0].query, "found");
  EXPECT_EQ(evaluation->queries[0].values, (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(evaluation->queries[1].query, "missing");
  EXPECT_EQ(evaluation->queries[1].values, (std::vector<double>{0, 1, 0}));
  EXPECT_EQ(evaluation->overall, (std::vector<double>{0.5, 2, 1}));  // a mean and two totals
  EXPECT_EQ(evaluation->queries_without_ranking, 1u);
  EXPECT_EQ(evaluation->queries_without_positive_judgment, 2u);
  EXPECT_EQ(evaluation->queries_without_judgments, 1u);
}

TEST(Evaluation, QueryByQueryEqualsAWholeRunAndAnEmptyListEqualsNone) {
  const Qrels qrels = JudgmentsOf("1 0 a 1\n2 0 b 2\n2 0 c 1\n3 0 z 1\n");
  const relevance::Run run = RunOf("2 Q0 b 1 3 t\n2 Q0 c 1 4 t\n1 Q0 x 1 2 t\n1 Q0 a 1 1 t\n");
  const std::vector<Measure> measures = MeasuresOf("nDCG@10,AP,Judged@10");
  Evaluator evaluator(qrels, measures);
  ASSERT_TRUE(evaluator.Add({"3", {}}).ok());
  for (const RankedList& list : run.lists()) ASSERT_TRUE(evaluator.Add(list).ok());
  const Result<Evaluation> streamed = evaluator.Finish();
  const Result<Evaluation> whole = Evaluate(run, qrels, measures);
  ASSERT_TRUE(streamed.ok() && whole.ok());
  EXPECT_EQ(streamed->overall, whole->overall);
  EXPECT_EQ(streamed->queries_without_ranking, 1u);
  EXPECT_EQ(whole->queries_without_ranking, 1u);
}

TEST(Evaluation, TheOrderOfAListCountsNotItsScores) {
  const Qrels qrels = JudgmentsOf("1 0 a 1\n");
  Evaluator evaluator(qrels, MeasuresOf("RR"));
  ASSERT_TRUE(evaluator.Add({"1", {{"a", 1}, {"b", 5}}}).ok());
  EXPECT_EQ((*evaluator.Finish()).overall[0], 1);
}

TEST(Evaluation, AnOrderOfOursEvaluatesTheSameAfterTheFile) {
  const Qrels qrels = JudgmentsOf("1 0 b 1\n");
  relevance::Run run;
  ASSERT_TRUE(run.Add({"1", {{"a", 1}, {"b", 1}, {"c", 1}}}).ok());
  const Result<std::string> text = FormatRun(run, "t");
  ASSERT_TRUE(text.ok());
  EXPECT_EQ((*Evaluate(RunOf(*text), qrels, MeasuresOf("RR"))).overall[0], 0.5);
}

TEST(Evaluation, Refusals) {
  const Qrels qrels = JudgmentsOf("1 0 a 1\n");
  Evaluator evaluator(qrels, MeasuresOf("RR"));
  EXPECT_TRUE(evaluator.Add({"1", {}}).ok());
  EXPECT_EQ(evaluator.Add({"1", {}}).code(), StatusCode::kAlreadyExists);
  EXPECT_TRUE(evaluator.Add({"unknown", {}}).ok());
  EXPECT_EQ(evaluator.Add({"unknown", {}}).code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(evaluator.Add({"2", {{"a", 1}, {"a", 1}}}).code(), StatusCode::kInvalidArgument);
}

TEST(Evaluation, NothingToAverageIsAnError) {
  for (const std::string_view text : {"", "1 0 a 0\n"}) {
    const Result<Evaluation> evaluation = Evaluate(relevance::Run(), JudgmentsOf(text), MeasuresOf("AP"));
    EXPECT_EQ(evaluation.status().code(), StatusCode::kFailedPrecondition);
  }
}

TEST(Comparison, ValuesOfBothSidesAndThePairedTest) {
  const Qrels qrels = JudgmentsOf("1 0 a 1\n2 0 a 1\n3 0 a 1\n");
  const std::vector<Measure> measures = MeasuresOf("RR,P@1");
  const Evaluation better = *Evaluate(RunOf("1 Q0 a 1 1 t\n2 Q0 a 1 1 t\n3 Q0 a 1 1 t\n"), qrels, measures);
  const Evaluation worse = *Evaluate(RunOf("1 Q0 a 1 1 t\n2 Q0 b 1 2 t\n2 Q0 a 1 1 t\n"), qrels, measures);
  const Result<std::vector<MeasureComparison>> comparison = CompareEvaluations(better, worse);
  ASSERT_TRUE(comparison.ok());
  ASSERT_EQ(comparison->size(), 2u);
  const MeasureComparison& rr = (*comparison)[0];
  EXPECT_EQ(rr.measure.Name(), "RR");
  EXPECT_DOUBLE_EQ(rr.value, 1);
  EXPECT_DOUBLE_EQ(rr.baseline, 0.5);
  EXPECT_DOUBLE_EQ(rr.paired.mean_difference, 0.5);
  EXPECT_EQ(rr.paired.wins, 2u);
  EXPECT_EQ(rr.paired.losses, 0u);
  EXPECT_EQ(rr.paired.ties, 1u);
  EXPECT_DOUBLE_EQ(rr.paired.p_value, 0.5);
}

TEST(Comparison, NeedsTheSameMeasuresAndQueries) {
  const relevance::Run run;
  const Evaluation a = *Evaluate(run, JudgmentsOf("1 0 a 1\n"), MeasuresOf("RR"));
  EXPECT_FALSE(CompareEvaluations(a, *Evaluate(run, JudgmentsOf("1 0 a 1\n"), MeasuresOf("AP"))).ok());
  EXPECT_FALSE(CompareEvaluations(a, *Evaluate(run, JudgmentsOf("2 0 a 1\n"), MeasuresOf("RR"))).ok());
  EXPECT_FALSE(CompareEvaluations(a, *Evaluate(run, JudgmentsOf("1 0 a 1\n2 0 a 1\n"), MeasuresOf("RR"))).ok());
}

}  // namespace
}  // namespace sakuin::relevance
