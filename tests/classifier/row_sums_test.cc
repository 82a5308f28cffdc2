#include "classifier/row_sums.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "classifier/fast_log.h"

namespace sakuin::classifier {
namespace {

// Rows of some, all or none of the labels.
WeightTableBytes RandomTable(std::mt19937& random, size_t labels, const std::vector<uint64_t>& hashes) {
  WeightTableBuilder builder(labels);
  for (const uint64_t hash : hashes) {
    FeatureWeights weights{0.5F + static_cast<float>(random() % 100) / 64, -static_cast<float>(random() % 1000) / 32, {}};
    const uint32_t among = 1 + random() % 4;
    for (uint32_t label = 0; label < labels; ++label) {
      if (random() % among == 0) weights.parts.emplace_back(label, static_cast<float>(random() % 20000) / 1000 - 10);
    }
    builder.Add(hash, weights);
  }
  return builder.Finish();
}

std::vector<uint64_t> RandomHashes(std::mt19937& random, size_t count) {
  std::vector<uint64_t> hashes(count);
  for (uint64_t& hash : hashes) hash = (MixHash(random(), random()) & ~uint64_t{3}) | 1;
  std::sort(hashes.begin(), hashes.end());
  return hashes;
}

TEST(RowSums, AgreeWithRowsOneByOne) {
  std::mt19937 random(5);
  for (size_t labels = 1; labels <= 40; ++labels) {
    const std::vector<uint64_t> hashes = RandomHashes(random, 300);
    const WeightTableBytes bytes = RandomTable(random, labels, hashes);
    const WeightTable table(bytes.buckets, bytes.rows, bytes.scale, labels, RowLayoutOf(labels));
    std::vector<KnownFeature> features;
    for (size_t i = 0; i < 100; ++i) features.push_back({table.FindPlace(hashes[random() % hashes.size()]), 1 + static_cast<uint32_t>(random() % 5)});
    std::vector<float> scores(labels, 9.0F);
    const RowSums sums = SumRows(table, features, Transform::kLog, scores);
    std::vector<float> expected(labels);
    double mass = 0;
    for (const KnownFeature& feature : features) {
      WeightRow row;
      ASSERT_TRUE(table.RowAt(feature.place, row));
      const double value = LogOfCount(feature.count) * static_cast<double>(row.mass);
      table.AddRow(row, static_cast<float>(value), expected.data());
      mass += value;
    }
    EXPECT_EQ(scores, expected) << labels << " labels";
    EXPECT_EQ(sums.mass, mass);
    EXPECT_EQ(sums.known, features.size());
  }
}

TEST(RowSums, OfNothingAreNothing) {
  std::vector<float> scores(3, 9.0F);
  const RowSums sums = SumRows(WeightTable({}, {}, 1, 3, RowLayout::kSets), {}, Transform::kCounts, scores);
  EXPECT_EQ(sums.known, 0U);
  EXPECT_EQ(scores, std::vector<float>(3));
}

TEST(RowSums, RowsBehindTheEndAreLeftOut) {
  std::mt19937 random(6);
  const std::vector<uint64_t> hashes = RandomHashes(random, 50);
  WeightTableBytes bytes = RandomTable(random, 20, hashes);
  for (; bytes.rows.size() >= 4; bytes.rows.resize(bytes.rows.size() - 4)) {
    const std::vector<char> exact(bytes.rows.begin(), bytes.rows.end());  // on the heap, for sanitizers
    const WeightTable table(bytes.buckets, {exact.data(), exact.size()}, bytes.scale, 20, RowLayout::kSets);
    std::vector<KnownFeature> features;
    for (const uint64_t hash : hashes) features.push_back({table.FindPlace(hash), 1});
    std::vector<float> scores(20);
    EXPECT_LE(SumRows(table, features, Transform::kPresence, scores).known, hashes.size());
  }
}

TEST(KnownFeatures, AreThoseOfTheTableInTheirOrder) {
  std::mt19937 random(7);
  KnownFeatures known;  // one for all: what an earlier text left must not show
  FeatureBag bag;
  for (int round = 0; round < 200; ++round) {
    std::vector<Unit> units;
    for (size_t i = random() % (round % 20 == 0 ? 5000 : 60); i > 0; --i) units.push_back((MixHash(random() % 80, 1) & ~uint64_t{3}) | random() % 3);
    bag.Take(units, FeatureOrder::kTriples);
    std::vector<uint64_t> hashes;
    for (const Feature& feature : bag.features()) {
      if (random() % 2 == 0) hashes.push_back(feature.hash);
    }
    std::sort(hashes.begin(), hashes.end());
    const WeightTableBytes bytes = RandomTable(random, 2, hashes);
    const WeightTable table(bytes.buckets, bytes.rows, bytes.scale, 2, RowLayout::kSets);
    known.Take(units, FeatureOrder::kTriples, table);
    size_t at = 0;
    for (const Feature& feature : bag.features()) {
      if (!std::binary_search(hashes.begin(), hashes.end(), feature.hash)) continue;
      ASSERT_LT(at, known.features().size());
      EXPECT_EQ(known.features()[at].place, table.FindPlace(feature.hash));
      EXPECT_EQ(known.features()[at].count, feature.count);
      ++at;
    }
    EXPECT_EQ(at, known.features().size()) << "round " << round;
  }
}

TEST(FastLog, IsTheLogarithm) {
  std::mt19937_64 random(8);
  for (int i = 0; i < 100000; ++i) {
    const double x = std::exp(static_cast<double>(random() % 2000000) / 10000 - 100);
    ASSERT_NEAR(FastLog(x), std::log(x), 1e-10 * std::max(1.0, std::fabs(std::log(x)))) << x;
  }
  EXPECT_EQ(FastLog(1), 0);
}

}  // namespace
}  // namespace sakuin::classifier
