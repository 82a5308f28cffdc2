#include "classifier/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sakuin::classifier {
namespace {

void Add(Evaluation& evaluation, const std::string& gold, std::vector<float> probabilities) {
  const std::vector<std::string> labels = {gold};
  evaluation.Add(labels, probabilities);
}

TEST(Evaluation, CountsByHand) {
  Evaluation evaluation({"a", "b"}, false);
  Add(evaluation, "a", {0.95F, 0.05F});
  Add(evaluation, "a", {0.4F, 0.6F});
  Add(evaluation, "b", {0.2F, 0.8F});
  Add(evaluation, "c", {0.7F, 0.3F});  // the classifier does not know it
  EXPECT_DOUBLE_EQ(evaluation.accuracy(), 0.5);
  EXPECT_DOUBLE_EQ(evaluation.macro_f1(), (0.5 + 2.0 / 3 + 0) / 3);
  EXPECT_DOUBLE_EQ(evaluation.labels()[0].precision(), 0.5);
  EXPECT_DOUBLE_EQ(evaluation.labels()[1].recall(), 1);
  EXPECT_EQ(evaluation.confusion(0, 1), 1U);
  EXPECT_EQ(evaluation.confusion(2, 0), 1U);
  EXPECT_EQ(evaluation.reliability()[9].guesses, 1U);
  EXPECT_EQ(evaluation.reliability()[9].right, 1U);
}

TEST(Evaluation, SeveralLabelsAreAllOrNothing) {
  Evaluation evaluation({"a", "b"}, true);
  const std::vector<std::string> both = {"a", "b"};
  evaluation.Add(both, std::vector<float>{0.9F, 0.8F});
  evaluation.Add(both, std::vector<float>{0.9F, 0.2F});
  EXPECT_DOUBLE_EQ(evaluation.accuracy(), 0.5);
  EXPECT_DOUBLE_EQ(evaluation.macro_f1(), (1 + 2.0 / 3) / 2);
}

TEST(Evaluation, SaysTheSameInAllForms) {
  Evaluation evaluation({"a", "<b>&"}, false);
  Add(evaluation, "a", {0.1F, 0.9F});
  Add(evaluation, "<b>&", {0.1F, 0.9F});
  EXPECT_NE(EvaluationText(evaluation).find("accuracy           0.5000"), std::string::npos);
  EXPECT_NE(EvaluationText(evaluation).find("confusion"), std::string::npos);
  EXPECT_NE(EvaluationJson(evaluation).find(R"("confusions":[{"label":"a","taken_for":"<b>&","documents":1}])"), std::string::npos);
  const std::string svg = EvaluationSvg(evaluation);
  EXPECT_NE(svg.find("&lt;b&gt;&amp;"), std::string::npos);
  EXPECT_EQ(svg.find("<b>"), std::string::npos);
}

TEST(Evaluation, LossAndCalibrationByHand) {
  Evaluation evaluation({"a", "b"}, false);
  Add(evaluation, "a", {0.75F, 0.25F});
  Add(evaluation, "b", {0.75F, 0.25F});
  Add(evaluation, "c", {0.5F, 0.5F});  // not known: its probability is 0, and its loss bounded
  EXPECT_NEAR(evaluation.log_loss(), -(std::log(0.75) + std::log(0.25) + std::log(1e-12)) / 3, 1e-9);
  // Two guesses of 0.75, of which one is right, and one of 0.5, which is wrong.
  EXPECT_NEAR(evaluation.calibration_error(), (std::fabs(1.5 - 1) + 0.5) / 3, 1e-9);
  Evaluation several({"a", "b"}, true);
  several.Add(std::vector<std::string>{"b"}, std::vector<float>{0.25F, 0.5F});
  EXPECT_NEAR(several.log_loss(), -(std::log(0.75) + std::log(0.5)), 1e-9);
  EXPECT_NEAR(several.calibration_error(), (0.25 + 0.5) / 2, 1e-9);
  EXPECT_EQ(Evaluation({"a"}, false).log_loss(), 0);
  EXPECT_EQ(Evaluation({"a"}, false).calibration_error(), 0);
}

// The number behind `name=` in the first element after `from`.
double NumberAfter(const std::string& svg, size_t from, const std::string& name) {
  const size_t at = svg.find(name + "=\"", from);
  return at == std::string::npos ? -1 : std::stod(svg.substr(at + name.size() + 2));
}

// A row for each right label, a column for each guess.
TEST(EvaluationSvg, RowsAreRightLabels) {
  Evaluation evaluation({"a", "b", "c"}, false);
  for (int i = 0; i < 3; ++i) Add(evaluation, "a", {0.0F, 0.1F, 0.9F});
  Add(evaluation, "b", {0.0F, 1.0F, 0.0F});
  const std::string svg = EvaluationSvg(evaluation);
  const size_t confused = svg.find("a taken for c: 3");
  const size_t right = svg.find("b taken for b: 1");
  ASSERT_NE(confused, std::string::npos);
  ASSERT_NE(right, std::string::npos);
  EXPECT_EQ(svg.find("c taken for a"), std::string::npos);
  EXPECT_EQ(NumberAfter(svg, right, " x"), NumberAfter(svg, right, " y"));
  EXPECT_EQ(NumberAfter(svg, confused, " x") - NumberAfter(svg, right, " x"), NumberAfter(svg, right, " y") - NumberAfter(svg, confused, " y"));
  EXPECT_GT(NumberAfter(svg, confused, " x"), NumberAfter(svg, confused, " y"));
  EXPECT_NE(svg.find("guessed"), std::string::npos);
  EXPECT_NE(svg.find("right label"), std::string::npos);
}

TEST(EvaluationSvg, ShowsThirtyOfManyLabels) {
  std::vector<std::string> labels;
  for (int i = 0; i < 2000; ++i) labels.push_back("label" + std::to_string(i));
  Evaluation evaluation(labels, false);
  std::vector<float> probabilities(labels.size());
  probabilities[1999] = 1;
  for (int i = 0; i < 5; ++i) Add(evaluation, "label1000", probabilities);
  const std::string svg = EvaluationSvg(evaluation);
  EXPECT_LT(NumberAfter(svg, 0, "width"), 1200);
  EXPECT_NE(svg.find("the 30 of 2000 labels"), std::string::npos);
  EXPECT_NE(svg.find("label1000 taken for label1999: 5"), std::string::npos);
  EXPECT_EQ(svg.find("label1500"), std::string::npos);
}

TEST(EvaluationSvg, AnyLabelIsSoundXml) {
  Evaluation evaluation({"bad\x01\xEF\xBF\xBFname\xEF\xBF\xBE", "good\xEF\xBF\xBD"}, false);
  Add(evaluation, "good\xEF\xBF\xBD", {0.9F, 0.1F});
  const std::string svg = EvaluationSvg(evaluation);
  EXPECT_EQ(svg.find("\xEF\xBF\xBF"), std::string::npos);
  EXPECT_EQ(svg.find("\xEF\xBF\xBE"), std::string::npos);
  EXPECT_EQ(svg.find('\x01'), std::string::npos);
  EXPECT_NE(svg.find("good\xEF\xBF\xBD"), std::string::npos);
}

TEST(EvaluationSvg, LongLabelsAreCutBetweenCharacters) {
  std::string korean;
  for (int i = 0; i < 100; ++i) korean += "가";
  Evaluation evaluation({korean, std::string(300, 'x')}, false);
  Add(evaluation, korean, {0.9F, 0.1F});
  const std::string svg = EvaluationSvg(evaluation);
  EXPECT_NE(svg.find("</title>가가가가가가가가가가가가가…</text>"), std::string::npos);
  EXPECT_NE(svg.find("</title>" + std::string(26, 'x') + "…</text>"), std::string::npos);
  EXPECT_NE(svg.find("<title>" + korean + "</title>"), std::string::npos);
}

// Guesses of which none is right are seen.
TEST(EvaluationSvg, BinsWithoutARightGuessHaveAFrame) {
  Evaluation evaluation({"a", "b"}, false);
  Add(evaluation, "a", {0.1F, 0.9F});
  const std::string svg = EvaluationSvg(evaluation);
  const size_t bin = svg.find("1 guesses, 0 of them right");
  ASSERT_NE(bin, std::string::npos);
  EXPECT_GT(NumberAfter(svg, bin, "height"), 100);
}

TEST(Evaluation, ConfusionsAreInOneOrder) {
  Evaluation evaluation({"a", "b", "c"}, false);
  Add(evaluation, "c", {0.9F, 0.1F, 0.0F});
  Add(evaluation, "b", {0.9F, 0.1F, 0.0F});
  Add(evaluation, "a", {0.1F, 0.9F, 0.0F});
  Add(evaluation, "a", {0.1F, 0.8F, 0.0F});
  Add(evaluation, "a", {0.1F, 0.1F, 0.2F});
  const std::string json = EvaluationJson(evaluation);
  EXPECT_NE(json.find(R"("confusions":[{"label":"a","taken_for":"b","documents":2},{"label":"a","taken_for":"c","documents":1},)"
                      R"({"label":"b","taken_for":"a","documents":1},{"label":"c","taken_for":"a","documents":1}])"),
            std::string::npos)
      << json;
}

}  // namespace
}  // namespace sakuin::classifier
