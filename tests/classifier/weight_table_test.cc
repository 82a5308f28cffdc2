#include "classifier/weight_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "classifier/units.h"

namespace sakuin::classifier {
namespace {

// What a table holds is what was added, but for the rounding of the parts.
void ExpectSame(const WeightTableBytes& bytes, size_t labels, const std::map<uint64_t, FeatureWeights>& added) {
  const WeightTable table(bytes.buckets, bytes.rows, bytes.scale, labels, RowLayoutOf(labels));
  for (const auto& [hash, weights] : added) {
    WeightRow row;
    ASSERT_TRUE(table.Find(hash, row)) << labels;
    EXPECT_EQ(row.mass, weights.mass);
    EXPECT_EQ(row.base, weights.base);
    std::vector<float> expected(labels);
    for (const auto& [label, part] : weights.parts) expected[label] = part;
    std::vector<float> found(labels);
    table.AddRow(row, 1, found.data());
    for (size_t l = 0; l < labels; ++l) ASSERT_NEAR(found[l], expected[l], bytes.scale * 0.51F + 1e-6F) << l << " of " << labels;
  }
}

TEST(WeightTable, HoldsWhatWasAdded) {
  std::mt19937 random(3);
  for (const size_t labels : {1, 2, 7, 8, 9, 31, 32, 33, 34, 63, 64, 65, 200}) {
    std::map<uint64_t, FeatureWeights> added;
    for (int i = 0; i < 300; ++i) {
      FeatureWeights weights{static_cast<float>(random() % 100) / 7, -static_cast<float>(random() % 100) / 3, {}};
      const uint32_t among = 1 + random() % 6;  // all, some or few of the labels
      for (uint32_t label = 0; label < labels; ++label) {
        if (random() % among == 0) weights.parts.emplace_back(label, static_cast<float>(random() % 2000) / 100 - 10);
      }
      added[(MixHash(random(), random()) & ~uint64_t{3}) | 1] = weights;
    }
    WeightTableBuilder builder(labels);
    for (const auto& [hash, weights] : added) builder.Add(hash, weights);
    ExpectSame(builder.Finish(), labels, added);
  }
}

// Many features that want the same bucket go on to the next, around the end too.
TEST(WeightTable, FullBucketsGoOnToTheNext) {
  for (const uint64_t base : {uint64_t{0}, uint64_t{1} << 63, ~uint64_t{0} << 32}) {
    std::map<uint64_t, FeatureWeights> added;
    for (uint64_t i = 0; i < 100; ++i) added[base | i << 4] = {static_cast<float>(i), 0, {{0, 1.0F}}};
    for (uint64_t i = 0; i < 20; ++i) added[(i << 59) | (i << 16) | 2] = {static_cast<float>(i), 1, {{1, 2.0F}}};
    WeightTableBuilder builder(2);
    for (const auto& [hash, weights] : added) builder.Add(hash, weights);
    const WeightTableBytes bytes = builder.Finish();
    ExpectSame(bytes, 2, added);
    const WeightTable table(bytes.buckets, bytes.rows, bytes.scale, 2, RowLayout::kSets);
    WeightRow row;
    EXPECT_FALSE(table.Find(base | 0xFFF2, row));
  }
}

TEST(WeightTable, WithoutFeaturesFindsNone) {
  const WeightTableBytes bytes = WeightTableBuilder(3).Finish();
  WeightRow row;
  EXPECT_FALSE(WeightTable(bytes.buckets, bytes.rows, bytes.scale, 3, RowLayout::kSets).Find(4, row));
  EXPECT_FALSE(WeightTable().Find(4, row));
}

}  // namespace
}  // namespace sakuin::classifier
