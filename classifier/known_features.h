// known_features.h: those features of a text that a model knows, each once.
//
//   KnownFeatures known;
//   known.Take(units, FeatureOrder::kPairs, table);
//   for (const KnownFeature& feature : known.features()) table.RowAt(feature.place, row);
//
// Most pairs of a text are unknown, so features are looked up first and counted
// afterwards, a block of the text at a time. Reused from text to text and seldom
// allocates; what a very long text needed is given back with the next. Its memory
// grows with the known features that differ, not with the length of the text. Not
// thread-safe; one per thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "classifier/features.h"
#include "classifier/weight_table.h"

namespace sakuin::classifier {

struct KnownFeature {
  uint32_t place = 0;  // of its row
  uint32_t count = 0;
};

class KnownFeatures {
 public:
  KnownFeatures();

  // Replaces the features by those of `units` that the table has, in the order of their first occurrence.
  void Take(std::span<const Unit> units, FeatureOrder order, const WeightTable& table);

  std::span<const KnownFeature> features() const { return {features_.data(), size_}; }

 private:
  void Find(std::span<const FeatureAt> features, const WeightTable& table);
  void Keep(uint32_t place);
  void Forget();
  void MakeRoom();
  void Count(uint32_t place);

  // A slot is free when its stamp is below base_; else its feature is the one with the number stamp - base_.
  struct Slot {
    uint32_t place = 0;
    uint32_t stamp = 0;
  };
  FeatureList list_;
  std::vector<uint32_t> places_;  // of known features of a block, as often as they occur
  size_t found_ = 0;
  std::vector<Slot> slots_;
  int shift_ = 0;  // leaves as many bits as this text needs slots
  uint32_t base_ = 1;
  std::vector<KnownFeature> features_;
  uint32_t size_ = 0;
};

}  // namespace sakuin::classifier
