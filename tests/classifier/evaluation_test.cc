#include "classifier/evaluation.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace sakuin::classifier
