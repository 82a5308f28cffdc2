#include "relevance/significance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace sakuin::relevance {
namespace {

using Values = std::vector<double>;

TEST(Significance, NoQueriesOrNoDifferences) {
  EXPECT_EQ(ComparePaired({}, {}).p_value, 1);
  const Values same = {0.5, 0.25, 1};
  const PairedComparison result = ComparePaired(same, same);
  EXPECT_EQ(result.p_value, 1);
  EXPECT_EQ(result.ties, 3u);
  EXPECT_EQ(result.mean_difference, 0);
}

TEST(Significance, CountsWinsLossesAndTies) {
  const PairedComparison result = ComparePaired(Values{0.5, 0.5, 0.5, 0.5 + 1e-15}, Values{0.25, 0.75, 0.4, 0.5});
  EXPECT_EQ(result.wins, 2u);
  EXPECT_EQ(result.losses, 1u);
  EXPECT_EQ(result.ties, 1u);
  EXPECT_NEAR(result.mean_difference, 0.025, 1e-12);
}

TEST(Significance, AlwaysBetterByTheSameIsTheSmallestExactPValue) {
  for (size_t n = 1; n <= kMostExactDifferences; ++n) {
    const PairedComparison result = ComparePaired(Values(n, 0.3), Values(n, 0.1));
    EXPECT_TRUE(result.exact);
    EXPECT_DOUBLE_EQ(result.p_value, 2 / std::exp2(n));
  }
  EXPECT_FALSE(ComparePaired(Values(kMostExactDifferences + 1, 0.3), Values(kMostExactDifferences + 1, 0.1)).exact);
}

TEST(Significance, ByHand) {
  // Differences 3, 2, -1, sum 4. The eight sums are 6, 4, 2, 0 and their negatives; four of them reach 4.
  EXPECT_DOUBLE_EQ(ComparePaired(Values{3, 2, 0}, Values{0, 0, 1}).p_value, 0.5);
}

TEST(Significance, TiedQueriesDoNotChangeTheAnswer) {
  const Values a = {0.9, 0.8, 0.1, 0.5};
  const Values b = {0.5, 0.9, 0.0, 0.1};
  Values a_with_ties = a;
  Values b_with_ties = b;
  a_with_ties.insert(a_with_ties.begin(), 100, 0.5);
  b_with_ties.insert(b_with_ties.begin(), 100, 0.5);
  EXPECT_EQ(ComparePaired(a, b).p_value, ComparePaired(a_with_ties, b_with_ties).p_value);
}

std::pair<Values, Values> RandomPair(uint64_t seed, size_t n, double advantage) {
  std::mt19937_64 random(seed);
  std::pair<Values, Values> pair;
  for (size_t i = 0; i < n; ++i) {
    pair.first.push_back(static_cast<double>(random() % 1000) / 1000 + advantage);
    pair.second.push_back(static_cast<double>(random() % 1000) / 1000);
  }
  return pair;
}

TEST(Significance, SymmetricAndDeterministic) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto [a, b] = RandomPair(seed, 10 + seed * 4, 0.1);
    const PairedComparison forward = ComparePaired(a, b);
    const PairedComparison backward = ComparePaired(b, a);
    EXPECT_EQ(forward.p_value, backward.p_value);
    EXPECT_EQ(forward.p_value, ComparePaired(a, b).p_value);
    EXPECT_EQ(forward.wins, backward.losses);
    EXPECT_GT(forward.p_value, 0);
    EXPECT_LE(forward.p_value, 1);
  }
}

// Counts every sign assignment, written in another way than the code under test.
double NaivePValue(const Values& a, const Values& b) {
  double observed = 0;
  for (size_t i = 0; i < a.size(); ++i) observed += a[i] - b[i];
  std::vector<double> sums = {0};
  for (size_t i = 0; i < a.size(); ++i) {
    std::vector<double> next;
    for (const double sum : sums) {
      next.push_back(sum + (a[i] - b[i]));
      next.push_back(sum - (a[i] - b[i]));
    }
    sums = std::move(next);
  }
  double reached = 0;
  for (const double sum : sums) reached += std::abs(sum) >= std::abs(observed) - 1e-9;
  return reached / static_cast<double>(sums.size());
}

TEST(Significance, ExactAgreesWithTheNaiveCount) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto [a, b] = RandomPair(seed, 1 + seed % kMostExactDifferences, 0.05);
    EXPECT_DOUBLE_EQ(ComparePaired(a, b).p_value, NaivePValue(a, b));
  }
}

TEST(Significance, RandomIsNearTheNaiveCount) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto [a, b] = RandomPair(seed, kMostExactDifferences + 2, 0.1);
    const PairedComparison result = ComparePaired(a, b);
    EXPECT_FALSE(result.exact);
    EXPECT_NEAR(result.p_value, NaivePValue(a, b), 0.025);  // five standard deviations at p = 0.5
  }
}

TEST(Significance, TheSeedIsPartOfTheInterface) {
  // Fixed for ever: reports of old and new versions must agree.
  const auto [a, b] = RandomPair(7, 100, 0.05);
  EXPECT_DOUBLE_EQ(ComparePaired(a, b).p_value, 7431.0 / 10'001);
  EXPECT_NE(ComparePaired(a, b).p_value, ComparePaired(a, b, {.permutations = 10'000, .seed = 2}).p_value);
}

TEST(Significance, EqualSystemsAreRarelyCalledDifferent) {
  int called_different = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    const auto [a, b] = RandomPair(seed + 1000, 40, 0);
    if (ComparePaired(a, b, {.permutations = 1000, .seed = 1}).p_value <= 0.05) ++called_different;
  }
  EXPECT_GT(called_different, 4);
  EXPECT_LT(called_different, 40);
}

}  // namespace
}  // namespace sakuin::relevance
