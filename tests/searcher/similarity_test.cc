#include "searcher/similarity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace sakuin::searcher {
namespace {

TEST(Similarity, StraightIsBm25ToTheDigit) {
  const Bm25 bm25{0.9F, 0.4F};
  const TermWeight weight = MakeTermWeight(bm25, LengthCurve::kStraight, 2.5, 130, 1);
  const float per_length = static_cast<float>(0.9F * 0.4F / 130.0);
  for (uint32_t length = 1; length < 100'000; length = length * 5 / 4 + 1) {
    for (const uint32_t tf : {1U, 2U, 7U, 300U}) {
      const float f = static_cast<float>(tf);
      EXPECT_EQ(weight.Score(tf, length), 2.5F * (f / (f + (0.9F * (1 - 0.4F) + per_length * static_cast<float>(length)))));
    }
  }
}

TEST(Similarity, LevellingIsTheSameForTheAverageAndMildFarAboveIt) {
  const Bm25 bm25{1.5F, 0.75F};
  const TermWeight straight = MakeTermWeight(bm25, LengthCurve::kStraight, 1, 200, 1);
  const TermWeight levelling = MakeTermWeight(bm25, LengthCurve::kLevelling, 1, 200, 1);
  EXPECT_NEAR(levelling.Norm(200), straight.Norm(200), 1e-5);
  for (const double multiple : {0.01, 0.5, 1.0, 3.0, 20.0, 1e6}) {
    const double expected = 1.5 * (0.25 + 0.75 * 9 * multiple / (multiple + 8));
    EXPECT_NEAR(levelling.Norm(static_cast<float>(200 * multiple)), expected, 1e-5) << multiple;
  }
}

// What a block can hold is bounded by its shortest document, so nothing may rise with the length, rounding included.
TEST(Similarity, NeverRisesWithTheLength) {
  std::mt19937 random(3);
  for (int round = 0; round < 60; ++round) {
    const Bm25 bm25{0.1F + static_cast<float>(random() % 40) / 10, static_cast<float>(random() % 11) / 10};
    const double average = std::exp(static_cast<double>(random() % 1200) / 100);
    const auto curve = round % 2 == 0 ? LengthCurve::kStraight : LengthCurve::kLevelling;
    const TermWeight weight = MakeTermWeight(bm25, curve, 0.1 + static_cast<double>(random() % 1000) / 100, average, 1);
    const uint32_t tf = 1 + static_cast<uint32_t>(random() % 9);
    const uint32_t from = random() % 2 == 0 ? 1 : static_cast<uint32_t>(average) * (1 + static_cast<uint32_t>(random() % 30));
    float before = weight.Score(tf, from);
    EXPECT_LE(before, weight.weight);
    for (uint32_t length = from + 1; length < from + 20'000; ++length) {
      const float score = weight.Score(tf, length);
      ASSERT_LE(score, before) << "length " << length << ", average " << average << ", k1 " << bm25.k1 << ", b " << bm25.b << ", round " << round;
      before = score;
    }
    EXPECT_GE(before, 0);
  }
}

TEST(Similarity, RareAndBurstyWordsAreWorthMore) {
  const TermStatistics common{1000, 400, 500, 100};
  const TermStatistics rare{1000, 4, 5, 100};
  EXPECT_NEAR(InverseDocumentFrequency(rare), std::log(1 + 996.5 / 4.5), 1e-12);
  EXPECT_NEAR(Rarity(rare), std::pow(std::log(1 + 996.5 / 4.5), 1.25), 1e-12);
  EXPECT_GT(Rarity(rare) / Rarity(common), InverseDocumentFrequency(rare) / InverseDocumentFrequency(common));
  EXPECT_EQ(Burstiness({1000, 7, 7, 100}), 1) << "once in each";
  EXPECT_NEAR(Burstiness({1000, 40, 130, 100}), std::pow(135 / 45.0, 0.65), 1e-12);
  EXPECT_LT(Burstiness({1000, 1, 9, 100}), Burstiness({1000, 50, 450, 100})) << "one document proves little";
}

}  // namespace
}  // namespace sakuin::searcher
