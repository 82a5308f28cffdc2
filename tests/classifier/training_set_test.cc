#include "classifier/training_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/base/sanitized.h"
#include "tests/classifier/classifier_testing.h"

namespace sakuin::classifier {
namespace {

TEST(TrainingSet, ADocumentWithAnIdIsLearnedOnce) {
  TrainingSet set;
  const Example example{"k1", {"spam"}, "free prize"};
  EXPECT_TRUE(LearnInto(set, example));
  EXPECT_FALSE(LearnInto(set, example));
  EXPECT_EQ(set.size(), 1U);
  EXPECT_TRUE(LearnInto(set, {"k1", {"ham"}, "free prize"}));  // another label: another document
  EXPECT_EQ(set.size(), 2U);
  EXPECT_TRUE(UnlearnFrom(set, example));
  EXPECT_FALSE(UnlearnFrom(set, example));
  EXPECT_EQ(set.size(), 1U);
}

TEST(TrainingSet, OneWithoutAnIdCountsAsOftenAsItIsGiven) {
  TrainingSet set;
  const Example example{"", {"spam"}, "free prize"};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(LearnInto(set, example));
  EXPECT_EQ(set.size(), 3U);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(UnlearnFrom(set, example));
  EXPECT_FALSE(UnlearnFrom(set, example));
  EXPECT_EQ(set.Encode(), TrainingSet().Encode());
}

TEST(TrainingSet, LabelsThatDifferInCaseAreTwo) {
  const TrainingSet set = SetOf({{"a", {"News"}, "x"}, {"b", {"news"}, "y"}});
  EXPECT_EQ(set.label_names().size(), 2U);
}

// Random histories of learning, unlearning and merging end in the bytes of learning what is left at once.
TEST(TrainingSet, HistoryLeavesNoTrace) {
  for (uint32_t seed = 1; seed <= Rounds(40U); ++seed) {
    std::mt19937 random(seed);
    std::vector<Example> pool = RandomExamples(random, 60, 4);
    for (size_t i = 0; i < 10; ++i) {
      pool[i].id.clear();
      pool[i].text += " own" + std::to_string(i);
    }
    TrainingSet set;
    std::multiset<size_t> inside;
    for (int step = 0; step < 300; ++step) {
      const size_t i = random() % pool.size();
      switch (random() % 5) {
        case 0:
        case 1:
          if (LearnInto(set, pool[i])) inside.insert(i);
          break;
        case 2:
        case 3:
          if (UnlearnFrom(set, pool[i])) inside.erase(inside.find(i));
          break;
        default: {
          TrainingSet other;
          if (LearnInto(other, pool[i]) && *set.Merge(other) == 1) inside.insert(i);
        }
      }
    }
    ASSERT_EQ(set.size(), inside.size());
    std::vector<size_t> order(inside.begin(), inside.end());
    std::shuffle(order.begin(), order.end(), random);
    TrainingSet at_once;
    for (const size_t i : order) LearnInto(at_once, pool[i]);
    ASSERT_EQ(set.Encode(), at_once.Encode()) << "seed " << seed;
    if (seed % 8 == 0) {
      ASSERT_EQ(ModelBytes(set, nullptr), ModelBytes(at_once, nullptr));
    }
    const Result<TrainingSet> decoded = TrainingSet::Decode(set.Encode());
    ASSERT_TRUE(decoded.ok()) << decoded.status().ToString();
    ASSERT_EQ(decoded->Encode(), set.Encode());
  }
}

TEST(TrainingSet, EveryTruncationIsDamage) {
  std::mt19937 random(2);
  const std::string bytes = SetOf(RandomExamples(random, 20, 3)).Encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(TrainingSet::Decode(bytes.substr(0, size)).status().code(), StatusCode::kDataLoss) << size;
  }
}

TrainingSet LabelsFrom(size_t from, size_t to) {
  TrainingSet set;
  for (size_t i = from; i < to; ++i) LearnInto(set, {"id" + std::to_string(i), {"label" + std::to_string(i)}, "a text"});
  return set;
}

TEST(TrainingSet, UnitesAsManyLabelsAsAModelHolds) {
  TrainingSet set = LabelsFrom(0, 40000);
  const Result<uint64_t> refused = set.Merge(LabelsFrom(30000, TrainingSet::kMaxLabels + 1));
  EXPECT_EQ(refused.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(set.size(), 40000U) << "nothing is changed";
  EXPECT_EQ(*set.Merge(LabelsFrom(30000, TrainingSet::kMaxLabels)), TrainingSet::kMaxLabels - 40000);
}

TEST(TrainingSet, WithTooManyLabelsMakesNoModel) {
  EXPECT_EQ(BuildModel(LabelsFrom(0, TrainingSet::kMaxLabels + 1), nullptr).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sakuin::classifier
