#include "classifier/selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/classifier/classifier_testing.h"

namespace sakuin::classifier {
namespace {

Selection Select(const TrainingSet& set, ThreadPool* pool = nullptr) {
  const TrainingSet ordered = set.Ordered();
  return SelectVariant(ordered, FeatureIndex::Build(ordered, FeatureOrder::kTriples, pool), set.multi_label(), pool);
}

bool SameKind(const Variant& a, const Variant& b) { return a.model == b.model && a.transform == b.transform && a.order == b.order; }

// Where units are as good, pairs are not worth their memory.
TEST(Selection, PairsHaveToEarnTheirMemory) {
  std::vector<Example> examples;
  for (int i = 0; i < 100; ++i) {
    const bool a = i % 2 == 0;
    examples.push_back({std::to_string(i), {a ? "a" : "b"}, a ? "red green blue" : "one two three"});
  }
  const Selection selection = Select(SetOf(examples));
  EXPECT_EQ(selection.accuracy, 1);
  EXPECT_EQ(selection.macro_f1, 1);
  EXPECT_EQ(selection.judged, 100U);
  EXPECT_EQ(selection.variant.order, FeatureOrder::kUnits);
}

// Where only the order of words tells, pairs are taken.
TEST(Selection, PairsAreTakenWhereTheyTell) {
  std::vector<Example> examples;
  for (int i = 0; i < 100; ++i) examples.push_back({std::to_string(i), {i % 2 == 0 ? "a" : "b"}, i % 2 == 0 ? "left right" : "right left"});
  const Selection selection = Select(SetOf(examples));
  EXPECT_GE(selection.variant.order, FeatureOrder::kPairs);
  EXPECT_EQ(selection.accuracy, 1);
}

// Of a large set a part is explored, then the best are tried with all, and the smoothing beside the best of them too.
TEST(Selection, OfManyDocumentsShowsAllThatWasTried) {
  std::mt19937 random(51);
  const Selection selection = Select(SetOf(RandomExamples(random, 6500, 3)));
  EXPECT_EQ(selection.judged, 5000U);
  size_t explored = 0;
  std::vector<Trial> decided;
  for (const Trial& trial : selection.trials) {
    ASSERT_TRUE(trial.documents == 3000 || trial.documents == 6500) << trial.documents;
    trial.documents == 3000 ? void(++explored) : decided.push_back(trial);
  }
  EXPECT_GE(explored, 20U);
  ASSERT_GE(decided.size(), 7U);
  EXPECT_EQ(selection.trials.front().documents, 3000U);
  const auto worth = [](const Trial& trial) { return (trial.accuracy + trial.macro_f1) / 2 - 0.001 * static_cast<double>(trial.variant.order); };
  const std::vector<Trial> candidates(decided.begin(), decided.begin() + 6);
  const Trial best = *std::max_element(candidates.begin(), candidates.end(), [&](const Trial& a, const Trial& b) { return worth(a) < worth(b); });
  for (size_t i = 6; i < decided.size(); ++i) {
    EXPECT_TRUE(SameKind(decided[i].variant, best.variant)) << decided[i].variant.Name();
    EXPECT_LT(std::fabs(std::log10(decided[i].variant.alpha / best.variant.alpha)), 0.6);
  }
  const auto chosen = std::find_if(decided.begin(), decided.end(), [&](const Trial& trial) { return trial.variant == selection.variant; });
  ASSERT_NE(chosen, decided.end());
  for (const Trial& trial : decided) EXPECT_LE(worth(trial), worth(*chosen)) << trial.variant.Name();
}

// Equal documents count as many: there is something to choose from.
TEST(Selection, OfManyEqualDocuments) {
  TrainingSet set;
  for (int i = 0; i < 7000; ++i) LearnInto(set, {"", {i % 2 == 0 ? "a" : "b"}, i % 2 == 0 ? "red" : "blue"});
  const Selection selection = Select(set);
  EXPECT_EQ(selection.trials.front().documents, 3000U);
  EXPECT_EQ(selection.judged, 5000U);
}

// Judged documents times labels are bounded, whatever the number of labels.
TEST(Selection, ManyLabelsAreJudgedByFewerDocuments) {
  std::vector<Example> examples;
  for (int i = 0; i < 12000; ++i) examples.push_back({"k" + std::to_string(i), {"label" + std::to_string(i)}, "word" + std::to_string(i % 100)});
  const TrainingSet ordered = SetOf(examples).Ordered();
  const FeatureIndex index = FeatureIndex::Build(ordered, FeatureOrder::kUnits, nullptr);
  const CrossValidation validation(ordered, index);
  EXPECT_EQ(validation.judged().size(), CrossValidation::kMostScores / 12000);
  EXPECT_EQ(validation.MostAtOnce(), 1U);
  EXPECT_LE(validation.MostPasses() * validation.judged().size() * 12000 * sizeof(float), size_t{256} << 20);
}

TEST(Selection, DoesNotDependOnThreads) {
  std::mt19937 random(52);
  ThreadPool pool(3);
  for (const bool multi_label : {false, true}) {
    const TrainingSet set = SetOf(RandomExamples(random, 200, 3), multi_label);
    const Selection alone = Select(set);
    const Selection together = Select(set, &pool);
    EXPECT_EQ(alone.variant, together.variant);
    EXPECT_EQ(alone.calibration.slope, together.calibration.slope);
    EXPECT_EQ(alone.log_loss, together.log_loss);
    ASSERT_EQ(alone.trials.size(), together.trials.size());
    for (size_t i = 0; i < alone.trials.size(); ++i) EXPECT_EQ(alone.trials[i].accuracy, together.trials[i].accuracy);
  }
}

}  // namespace
}  // namespace sakuin::classifier
