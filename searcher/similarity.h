// similarity.h: where a score is computed. Everything else in the searcher only
// decides which documents are scored.
//
//   TermWeight weight = MakeTermWeight(bm25, LengthCurve::kLevelling, worth, average_length, boost);
//   float score = weight.Score(frequency, length);
//
// BM25 as Lucene has it, with exact lengths:
//   boost * ln(1 + (N - n + 0.5) / (n + 0.5)) * tf / (tf + k1 * (1 - b + b * length / average length))
// The default ranking has another worth of a word, from how rare and how bursty
// it is, and lengths far above the average count less (docs/ranking.md).
// Plain values; thread-safe.
#pragma once

#include <cstdint>

namespace sakuin::searcher {

// How a length counts, as a multiple of the average: as it is, or 9 x / (x + 8),
// which is 1 for the average too and never more than 9.
enum class LengthCurve { kStraight, kLevelling };

struct Bm25 {
  float k1;
  float b;
};

inline constexpr Bm25 kPlainBm25{0.9F, 0.4F};
inline constexpr Bm25 kLevellingBm25{1.0F, 0.8F};  // of the default ranking

// Of a word or phrase in one field of the whole index, without deleted documents.
struct TermStatistics {
  uint64_t documents = 0;           // in the index
  uint64_t document_frequency = 0;  // that have the word
  uint64_t total_frequency = 0;     // its occurrences
  double average_length = 1;        // of the field, among documents that have it
};

double InverseDocumentFrequency(const TermStatistics& statistics);

// The same as the default ranking has it: rare words count for a little more.
double Rarity(const TermStatistics& statistics);

// The factor by which the default ranking trusts words that come in bursts.
double Burstiness(const TermStatistics& statistics);

// What a score needs beside frequency and length.
struct TermWeight {
  float weight = 0;
  float constant = 0;    // straight: k1 * (1 - b)
  float per_length = 0;  // straight: k1 * b / average length; levelling: 0
  float drop = 0;        // levelling: what is missing to the most, times shift, at length 0; straight: 0
  float shift = 1;

  // How long the document is, in the unit of frequencies. Every step is
  // monotone, so that a longer document never has less, whatever is rounded.
  float Norm(float length) const { return constant - drop / (length + shift) + per_length * length; }
  float ScoreOf(float frequency, float length) const { return weight * (frequency / (frequency + Norm(length))); }
  float Score(uint32_t frequency, uint32_t length) const { return ScoreOf(static_cast<float>(frequency), static_cast<float>(length)); }
};

TermWeight MakeTermWeight(const Bm25& bm25, LengthCurve curve, double worth, double average_length, double boost);

}  // namespace sakuin::searcher
