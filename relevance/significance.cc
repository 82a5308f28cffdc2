#include "relevance/significance.h"

#include <cassert>
#include <cmath>
#include <random>
#include <vector>

namespace sakuin::relevance {

namespace {

// Queries without a difference are left out beforehand: their sign changes nothing.
using Differences = std::vector<double>;

// Sums that are equal in arithmetic may differ by rounding; those count as equally extreme.
struct Extreme {
  double least;
  explicit Extreme(const Differences& differences) {
    double sum = 0;
    double size = 0;
    for (const double difference : differences) {
      sum += difference;
      size += std::abs(difference);
    }
    least = std::abs(sum) - 1e-12 * size;
  }
  bool Reached(double sum) const { return std::abs(sum) >= least; }
};

double ExactPValue(const Differences& differences) {
  const Extreme extreme(differences);
  const uint32_t assignments = uint32_t{1} << differences.size();
  uint32_t reached = 0;
  for (uint32_t signs = 0; signs < assignments; ++signs) {
    double sum = 0;
    for (size_t i = 0; i < differences.size(); ++i) sum += (signs >> i & 1) != 0 ? -differences[i] : differences[i];
    if (extreme.Reached(sum)) ++reached;
  }
  return static_cast<double>(reached) / assignments;
}

double RandomPValue(const Differences& differences, const RandomisationOptions& options) {
  const Extreme extreme(differences);
  std::mt19937_64 random(options.seed);
  uint64_t reached = 1;
  for (uint32_t permutation = 0; permutation < options.permutations; ++permutation) {
    double sum = 0;
    uint64_t signs = 0;
    for (size_t i = 0; i < differences.size(); ++i) {
      signs = i % 64 == 0 ? random() : signs >> 1;
      sum += differences[i] * (1.0 - 2.0 * static_cast<double>(signs & 1));
    }
    if (extreme.Reached(sum)) ++reached;
  }
  return static_cast<double>(reached) / (static_cast<double>(options.permutations) + 1);
}

}  // namespace

PairedComparison ComparePaired(std::span<const double> system, std::span<const double> baseline, const RandomisationOptions& options) {
  assert(system.size() == baseline.size());
  PairedComparison result;
  Differences differences;
  double sum = 0;
  for (size_t i = 0; i < system.size(); ++i) {
    const double difference = system[i] - baseline[i];
    sum += difference;
    if (std::abs(difference) <= kTieTolerance) {
      ++result.ties;
      continue;
    }
    ++(difference > 0 ? result.wins : result.losses);
    differences.push_back(difference);
  }
  if (!system.empty()) result.mean_difference = sum / static_cast<double>(system.size());
  result.exact = differences.size() <= kMostExactDifferences;
  result.p_value = result.exact ? ExactPValue(differences) : RandomPValue(differences, options);
  return result;
}

}  // namespace sakuin::relevance
