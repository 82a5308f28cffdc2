#include "classifier/features.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace sakuin::classifier {
namespace {

using Counts = std::map<uint64_t, uint32_t>;

uint64_t Tagged(uint64_t hash, uint64_t order) { return (hash & ~uint64_t{3}) | order; }
bool IsCharacter(Unit unit) { return KindOf(unit) == UnitKind::kCharacter; }

// By the words of the header, slowly.
Counts Naive(const std::vector<Unit>& units, FeatureOrder order) {
  Counts counts;
  for (size_t i = 0; i < units.size(); ++i) {
    ++counts[Tagged(units[i], 1)];
    if (order == FeatureOrder::kUnits) continue;
    if (i > 0 && (IsCharacter(units[i]) || IsCharacter(units[i - 1]))) ++counts[Tagged(MixHash(units[i - 1], units[i]), 2)];
    if (KindOf(units[i]) == UnitKind::kWord) {
      size_t j = i;
      while (j > 0 && KindOf(units[j - 1]) == UnitKind::kSign) --j;
      if (j > 0 && KindOf(units[j - 1]) == UnitKind::kWord) ++counts[Tagged(MixHash(units[j - 1], units[i]), 2)];
    }
    if (order != FeatureOrder::kTriples || i < 2) continue;
    if (IsCharacter(units[i]) || IsCharacter(units[i - 1]) || IsCharacter(units[i - 2])) {
      ++counts[Tagged(MixHash(MixHash(units[i - 2], units[i - 1]), units[i]), 3)];
    }
  }
  return counts;
}

TEST(Features, OfTheHeader) {
  std::vector<Unit> units;
  CutUnits("free prize", units);
  FeatureBag bag;
  bag.Take(units, FeatureOrder::kPairs);
  EXPECT_EQ(bag.features().size(), 3U);
}

TEST(Features, AgreeWithSlowCounting) {
  std::mt19937 random(3);
  FeatureBag bag;  // one for all: what an earlier text left must not show
  for (int round = 0; round < 400; ++round) {
    std::vector<Unit> units;
    const size_t size = random() % (round % 50 == 0 ? 20000 : 60);
    for (size_t i = 0; i < size; ++i) units.push_back((MixHash(random() % 50, 1) & ~uint64_t{3}) | random() % 3);
    const auto order = static_cast<FeatureOrder>(1 + random() % 3);
    bag.Take(units, order);
    Counts counts;
    for (const Feature& feature : bag.features()) {
      ASSERT_TRUE(counts.emplace(feature.hash, feature.count).second);
      ASSERT_LT(feature.first, units.size());
    }
    ASSERT_EQ(counts, Naive(units, order)) << "round " << round;
  }
}

// A list gives what ends in each block of units, with what was before it in mind; a bag is that counted.
TEST(Features, ListsOfBlocksAreOneList) {
  std::mt19937 random(4);
  FeatureList list;
  for (const size_t size : {size_t{0}, size_t{1}, FeatureList::kBlockUnits - 1, FeatureList::kBlockUnits, 3 * FeatureList::kBlockUnits + 2}) {
    std::vector<Unit> units;
    for (size_t i = 0; i < size; ++i) units.push_back((MixHash(random() % 50, 1) & ~uint64_t{3}) | random() % 3);
    for (const FeatureOrder order : {FeatureOrder::kUnits, FeatureOrder::kPairs, FeatureOrder::kTriples}) {
      Counts counts;
      uint32_t last = 0;
      list.Start(units, order);
      while (list.Next()) {
        ASSERT_LE(list.features().size(), FeatureList::kBlockUnits * kOrders);
        for (const FeatureAt& feature : list.features()) {
          ++counts[feature.hash];
          ASSERT_GE(feature.at, last);
          last = feature.at;
        }
      }
      ASSERT_EQ(counts, Naive(units, order)) << size;
    }
  }
}

// After a text of very many features a bag is what it was.
TEST(Features, ABagForgetsLongTexts) {
  FeatureBag bag;
  const std::vector<Unit> few = {Unit{4}, Unit{8}, Unit{4}};
  std::vector<Unit> many;
  for (uint64_t i = 0; i < 800000; ++i) many.push_back(i << 2);
  for (int round = 0; round < 2; ++round) {
    bag.Take(few, FeatureOrder::kUnits);
    ASSERT_EQ(bag.features().size(), 2U);
    EXPECT_EQ(bag.features()[0].count, 2U);
    EXPECT_EQ(bag.features()[1].first, 1U);
    bag.Take(many, FeatureOrder::kUnits);
    ASSERT_EQ(bag.features().size(), many.size());
    for (size_t i = 0; i < many.size(); ++i) ASSERT_EQ(bag.features()[i].count, 1U);
  }
}

}  // namespace
}  // namespace sakuin::classifier
