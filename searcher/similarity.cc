#include "searcher/similarity.h"

#include <algorithm>
#include <cmath>

namespace sakuin::searcher {
namespace {

// How they were found: docs/ranking.md.
constexpr double kRarityPower = 1.25;
constexpr double kBurstinessPower = 0.65;
constexpr double kQuietDocuments = 5;  // taken to have the word once, beside those that have it
constexpr double kLevel = 8;

}  // namespace

double InverseDocumentFrequency(const TermStatistics& statistics) {
  const double n = static_cast<double>(statistics.document_frequency);
  return std::log(1 + (static_cast<double>(statistics.documents) - n + 0.5) / (n + 0.5));
}

double Rarity(const TermStatistics& statistics) { return std::pow(InverseDocumentFrequency(statistics), kRarityPower); }

double Burstiness(const TermStatistics& statistics) {
  const double occurrences = static_cast<double>(statistics.total_frequency) + kQuietDocuments;
  return std::pow(occurrences / (static_cast<double>(statistics.document_frequency) + kQuietDocuments), kBurstinessPower);
}

// Levelling: with x = length / average, k1 * (1 - b + b * 9 x / (x + 8)) is k1 * (1 + 8 b) - 72 k1 b / (x + 8).
TermWeight MakeTermWeight(const Bm25& bm25, LengthCurve curve, double worth, double average_length, double boost) {
  const double average = std::max(average_length, 1e-9);
  TermWeight weight;
  weight.weight = static_cast<float>(boost * worth);
  if (curve == LengthCurve::kStraight) {
    weight.constant = bm25.k1 * (1 - bm25.b);
    weight.per_length = static_cast<float>(bm25.k1 * bm25.b / average);
    return weight;
  }
  const double k1 = bm25.k1;
  weight.constant = static_cast<float>(k1 * (1 + kLevel * bm25.b));
  weight.drop = static_cast<float>(k1 * bm25.b * kLevel * (kLevel + 1) * average);
  weight.shift = static_cast<float>(kLevel * average);
  return weight;
}

}  // namespace sakuin::searcher
