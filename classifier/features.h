// features.h: the features of a text: its units, neighbours in pairs, and
// characters in triples, each with the number of times it occurs.
//
//   FeatureBag bag;
//   bag.Take(units, FeatureOrder::kPairs);    // of "free prize": free, prize, free prize
//   for (const Feature& feature : bag.features()) Use(feature.hash, feature.count);
//
// A feature is a hash of 62 bits with its order in the two lowest bits (1 a unit,
// 2 a pair, 3 a triple). Pairs are of words with nothing but signs between them,
// and of neighbours of which at least one is a character (of Chinese, Japanese,
// Korean); triples are of three neighbours with such a character. The orders are
// nested: what is a feature in one is one in the next.
//
// A bag is reused from text to text and seldom allocates; what a very long text
// needed is given back with the next. Its memory grows with the features that
// differ, not with the length of the text. Not thread-safe; one per thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "classifier/units.h"

namespace sakuin::classifier {

enum class FeatureOrder : uint8_t { kUnits = 1, kPairs = 2, kTriples = 3 };
inline constexpr size_t kOrders = 3;

struct Feature {
  uint64_t hash = 0;
  uint32_t count = 0;
  uint32_t first = 0;  // the unit it ends with where it occurs first
};

inline uint32_t OrderOf(uint64_t feature_hash) { return static_cast<uint32_t>(feature_hash & 3); }

// A feature where it occurs.
struct FeatureAt {
  uint64_t hash = 0;
  uint32_t at = 0;  // the unit it ends with
};

// All occurrences, in the order of the units they end with, a block of units at a time: memory for one block only.
//
//   list.Start(units, order);
//   while (list.Next()) Use(list.features());
class FeatureList {
 public:
  static constexpr size_t kBlockUnits = 4096;

  // REQUIRES: the units outlive the last Next.
  void Start(std::span<const Unit> units, FeatureOrder order);
  // False at the end.
  bool Next();
  std::span<const FeatureAt> features() const { return {room_.data(), size_}; }

 private:
  static constexpr uint64_t kNoUnit = 3;  // of no kind

  std::span<const Unit> units_;
  FeatureOrder order_ = FeatureOrder::kUnits;
  size_t next_ = 0;
  Unit before_ = kNoUnit;  // the unit before the next one
  Unit two_before_ = kNoUnit;
  Unit word_before_ = kNoUnit;  // the word before it with only signs between them
  std::vector<FeatureAt> room_;
  size_t size_ = 0;
};

class FeatureBag {
 public:
  FeatureBag();

  // Replaces the features by those of `units`, in the order of their first occurrence.
  void Take(std::span<const Unit> units, FeatureOrder order);

  std::span<const Feature> features() const { return features_; }

 private:
  Feature* FindOrPlace(uint64_t hash, uint32_t number);
  void Add(uint64_t hash, uint32_t at);
  void Forget();
  void MakeRoom(size_t features);

  // A slot is free when its stamp is below base_; else its feature is the one with the number stamp - base_.
  struct Slot {
    uint32_t check = 0;
    uint32_t stamp = 0;
  };
  FeatureList list_;
  std::vector<Slot> slots_;
  int shift_ = 0;  // leaves as many bits as this text needs slots
  uint64_t seed_;
  uint32_t base_ = 1;
  std::vector<Feature> features_;
};

}  // namespace sakuin::classifier
