// window.h: the unit of query execution: 4096 consecutive documents of a segment,
// a bit and a score for each.
//
// A matcher fills a window; boolean operators are word operations on the bits and
// additions on the scores, so nothing virtual happens per document. Scores are
// added in the order of the query's clauses, which makes them the same to the
// last digit however an index is cut into segments.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "index/types.h"

namespace sakuin::searcher {

inline constexpr uint32_t kWindowDocs = 4096;
inline constexpr uint32_t kWindowWords = kWindowDocs / 64;

struct DocBits {
  uint64_t words[kWindowWords];

  void Clear() { std::memset(words, 0, sizeof(words)); }
  void SetAll() { std::memset(words, 0xFF, sizeof(words)); }
  bool Has(uint32_t i) const { return (words[i / 64] >> i % 64 & 1) != 0; }
  void Set(uint32_t i) { words[i / 64] |= uint64_t{1} << i % 64; }
  void And(const DocBits& other) {
    for (uint32_t w = 0; w < kWindowWords; ++w) words[w] &= other.words[w];
  }
  void AndNot(const DocBits& other) {
    for (uint32_t w = 0; w < kWindowWords; ++w) words[w] &= ~other.words[w];
  }
  void Or(const DocBits& other) {
    for (uint32_t w = 0; w < kWindowWords; ++w) words[w] |= other.words[w];
  }
  bool Any() const {
    uint64_t any = 0;
    for (const uint64_t word : words) any |= word;
    return any != 0;
  }
  uint32_t Count() const {
    uint32_t count = 0;
    for (const uint64_t word : words) count += static_cast<uint32_t>(std::popcount(word));
    return count;
  }
  // The first document from i on; kWindowDocs when there is none.
  uint32_t Next(uint32_t i) const {
    for (uint32_t w = i / 64; w < kWindowWords; ++w) {
      const uint64_t left = w == i / 64 ? words[w] >> i % 64 << i % 64 : words[w];
      if (left != 0) return w * 64 + static_cast<uint32_t>(std::countr_zero(left));
    }
    return kWindowDocs;
  }
  // Calls visit(i) for every document, ascending.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      for (uint64_t bits = words[w]; bits != 0; bits &= bits - 1) visit(w * 64 + static_cast<uint32_t>(std::countr_zero(bits)));
    }
  }
};

struct Window {
  DocBits bits;
  float score[kWindowDocs];  // of the documents in `bits`; undefined elsewhere
};

}  // namespace sakuin::searcher
