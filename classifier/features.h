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
// A bag is reused from text to text and allocates nothing once it has seen the
// longest. Not thread-safe; one per thread.
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

// All occurrences, in the order of the units they end with. Reused as a bag is.
class FeatureList {
 public:
  void Take(std::span<const Unit> units, FeatureOrder order);
  std::span<const FeatureAt> features() const { return {room_.data(), size_}; }

 private:
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
  void Add(uint64_t hash, uint32_t at);
  void MakeRoom(size_t features);

  // A slot is free when its stamp is below base_; else its feature is the one with the number stamp - base_.
  struct Slot {
    uint32_t check = 0;
    uint32_t stamp = 0;
  };
  FeatureList list_;
  std::vector<Slot> slots_;
  size_t mask_ = 0;  // of as many slots as this text needs
  uint32_t base_ = 1;
  std::vector<Feature> features_;
};

}  // namespace sakuin::classifier
