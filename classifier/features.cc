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

// Every feature that could end with a unit is written, and kept by moving on, so that nothing has to be guessed by the
// processor. A pair has one left side at most: behind a character there is no word to make one with.
void FeatureList::Take(std::span<const Unit> units, FeatureOrder order) {
  if (room_.size() < units.size() * kOrders) room_.resize(units.size() * kOrders);
  FeatureAt* out = room_.data();
  Unit before = kNoUnit;  // the unit before this one
  Unit two_before = kNoUnit;
  Unit word_before = kNoUnit;  // the word before this one with only signs between them
  for (uint32_t i = 0; i < units.size(); ++i) {
    const Unit unit = units[i];
    *out++ = {Tag(unit, FeatureOrder::kUnits), i};
    if (order == FeatureOrder::kUnits) continue;
    const bool character = IsCharacter(unit);
    const bool word = KindOf(unit) == UnitKind::kWord;
    const bool touching = character | IsCharacter(before);
    const Unit left = touching ? before : word_before;
    *out = {Tag(MixHash(left, unit), FeatureOrder::kPairs), i};
    out += (left != kNoUnit) & (touching | word);
    if (order == FeatureOrder::kTriples) {
      *out = {Tag(MixHash(MixHash(two_before, before), unit), FeatureOrder::kTriples), i};
      out += (two_before != kNoUnit) & (touching | IsCharacter(two_before));
    }
    word_before = word ? unit : character ? kNoUnit : word_before;
    two_before = before;
    before = unit;
  }
  size_ = static_cast<size_t>(out - room_.data());
}

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
  list_.Take(units, order);
  MakeRoom(list_.features().size());
  for (const FeatureAt& feature : list_.features()) Add(feature.hash, feature.at);
}

}  // namespace sakuin::classifier
