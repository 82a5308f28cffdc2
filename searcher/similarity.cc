#include "searcher/similarity.h"

#include <algorithm>
#include <cmath>

namespace sakuin::searcher {

// 0.5 is best for English abstracts, 0.25 for Korean encyclopedia articles; see docs/ranking.md.
constexpr double kBurstinessPower = 0.4;

double InverseDocumentFrequency(uint64_t documents, uint64_t document_frequency) {
  const double n = static_cast<double>(document_frequency);
  return std::log(1 + (static_cast<double>(documents) - n + 0.5) / (n + 0.5));
}

TermWeight MakeTermWeight(const Bm25& bm25, double idf, double average_length, double boost) {
  TermWeight weight;
  weight.weight = static_cast<float>(boost * idf);
  weight.constant = bm25.k1 * (1 - bm25.b);
  weight.per_length = static_cast<float>(bm25.k1 * bm25.b / std::max(average_length, 1e-9));
  return weight;
}

double Burstiness(const TermStatistics& statistics) {
  if (statistics.document_frequency == 0) return 1;
  return std::pow(static_cast<double>(statistics.total_frequency) / static_cast<double>(statistics.document_frequency), kBurstinessPower);
}

}  // namespace sakuin::searcher
