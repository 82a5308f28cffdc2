// similarity.h: where a score is computed. Everything else in the searcher only
// decides which documents are scored.
//
//   TermWeight weight = MakeTermWeight(bm25, idf, average_length, boost);
//   float score = weight.Score(frequency, length);
//
// BM25 as Lucene has it, with exact lengths:
//   boost * ln(1 + (N - n + 0.5) / (n + 0.5)) * tf / (tf + k1 * (1 - b + b * length / average length))
// The default ranking multiplies the weight of a word by how bursty it is,
// (total frequency / document frequency)^0.4 (docs/ranking.md).
// Plain values; thread-safe.
#pragma once

#include <cstdint>

namespace sakuin::searcher {

struct Bm25 {
  float k1 = 1.0F;
  float b = 0.4F;
};

// Of a word or phrase in one field of the whole index, without deleted documents.
struct TermStatistics {
  uint64_t documents = 0;           // in the index
  uint64_t document_frequency = 0;  // that have the word
  uint64_t total_frequency = 0;     // its occurrences
  double average_length = 1;        // of the field, among documents that have it
};

double InverseDocumentFrequency(uint64_t documents, uint64_t document_frequency);

// What a score needs beside frequency and length.
struct TermWeight {
  float weight = 0;
  float constant = 0;    // k1 * (1 - b)
  float per_length = 0;  // k1 * b / average length

  float Score(uint32_t frequency, uint32_t length) const {
    const float tf = static_cast<float>(frequency);
    return weight * (tf / (tf + (constant + per_length * static_cast<float>(length))));
  }
};

TermWeight MakeTermWeight(const Bm25& bm25, double idf, double average_length, double boost);

// The factor by which the default ranking trusts words that come in bursts.
double Burstiness(const TermStatistics& statistics);

}  // namespace sakuin::searcher
