// significance.h: is one system better than another, or were the queries kind to it?
//
//   PairedComparison result = ComparePaired(values, baseline_values);
//   result.wins, result.losses        // queries on which the system is better, worse
//   result.p_value                    // two-sided
//
// Fisher's paired randomisation test: if the two systems were equally good,
// each query's difference could as well have had the other sign. The p-value
// is the part of the sign assignments whose mean difference is at least as far
// from 0 as the one observed. With few differing queries all assignments are
// counted; else that many random ones are drawn, and the observed one is
// counted in, so that p is never 0. Deterministic: the same values, options
// and seed give the same answer on every machine. Pure; thread-safe.
// See Smucker, Allan, Carterette, CIKM 2007.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sakuin::relevance {

struct RandomisationOptions {
  uint32_t permutations = 10'000;
  uint64_t seed = 1;
};

// All 2^n assignments are counted when at most this many queries differ.
inline constexpr size_t kMostExactDifferences = 14;
// Values this close are the same: a tie.
inline constexpr double kTieTolerance = 1e-9;

struct PairedComparison {
  size_t wins = 0;
  size_t losses = 0;
  size_t ties = 0;
  double mean_difference = 0;  // system minus baseline, over all queries; 0 when there are none
  double p_value = 1;
  bool exact = true;
};

// REQUIRES: both spans have the same size, the values of one query at the same place, all finite.
// Cost: permutations * differing queries, about a nanosecond each.
PairedComparison ComparePaired(std::span<const double> system, std::span<const double> baseline, const RandomisationOptions& options = {});

}  // namespace sakuin::relevance
