#include "classifier/features.h"

#include <algorithm>
#include <bit>

namespace sakuin::classifier {
namespace {

constexpr size_t kSmallestTable = 1 << 10;
constexpr uint32_t kMostStamps = 1u << 31;
constexpr uint64_t kNoUnit = 3;  // of no kind

uint64_t Tag(uint64_t hash, FeatureOrder order) { return (hash & ~uint64_t{3}) | static_cast<uint64_t>(order); }

bool IsCharacter(Unit unit) { return KindOf(unit) == UnitKind::kCharacter; }

}  // namespace

FeatureBag::FeatureBag() : slots_(kSmallestTable) {}

// Slots for so many features at most: few for a short text, so that they stay in cache.
void FeatureBag::MakeRoom(size_t features) {
  const size_t wanted = std::max(std::bit_ceil(features + features / 2), kSmallestTable);
  const size_t used = features_.size();
  features_.clear();
  base_ += static_cast<uint32_t>(used);
  if (wanted > slots_.size() || base_ > kMostStamps) {
    slots_.assign(std::max(wanted, slots_.size()), Slot());
    base_ = 1;
  }
  mask_ = wanted - 1;
}

void FeatureBag::Add(uint64_t hash, uint32_t at) {
  const uint32_t check = static_cast<uint32_t>(hash >> 8);
  for (size_t i = (hash >> 40) & mask_;; i = (i + 1) & mask_) {
    Slot& slot = slots_[i];
    if (slot.stamp < base_) {
      slot = {check, base_ + static_cast<uint32_t>(features_.size())};
      features_.push_back({hash, 1, at});
      return;
    }
    if (slot.check != check) continue;
    Feature& feature = features_[slot.stamp - base_];
    if (feature.hash != hash) continue;
    ++feature.count;
    return;
  }
}

void FeatureBag::Take(std::span<const Unit> units, FeatureOrder order) {
  MakeRoom(units.size() * static_cast<size_t>(order));
  Unit before = kNoUnit;  // the unit before this one
  Unit two_before = kNoUnit;
  Unit word_before = kNoUnit;  // the word before this one with only signs between them
  for (uint32_t i = 0; i < units.size(); ++i) {
    const Unit unit = units[i];
    Add(Tag(unit, FeatureOrder::kUnits), i);
    if (order == FeatureOrder::kUnits) continue;
    const bool character = IsCharacter(unit);
    if (before != kNoUnit && (character || IsCharacter(before))) Add(Tag(MixHash(before, unit), FeatureOrder::kPairs), i);
    if (KindOf(unit) == UnitKind::kWord) {
      if (word_before != kNoUnit) Add(Tag(MixHash(word_before, unit), FeatureOrder::kPairs), i);
      word_before = unit;
    } else if (character) {
      word_before = kNoUnit;
    }
    if (order == FeatureOrder::kTriples && two_before != kNoUnit && (character || IsCharacter(before) || IsCharacter(two_before))) {
      Add(Tag(MixHash(MixHash(two_before, before), unit), FeatureOrder::kTriples), i);
    }
    two_before = before;
    before = unit;
  }
}

}  // namespace sakuin::classifier
