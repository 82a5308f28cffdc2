#include "classifier/features.h"

#include <algorithm>

namespace sakuin::classifier {
namespace {

constexpr size_t kSmallestTable = 1 << 11;
constexpr uint64_t kNoUnit = 3;  // of no kind

uint64_t Tag(uint64_t hash, FeatureOrder order) { return (hash & ~uint64_t{3}) | static_cast<uint64_t>(order); }

bool IsCharacter(Unit unit) { return KindOf(unit) == UnitKind::kCharacter; }

}  // namespace

FeatureBag::FeatureBag() : slots_(kSmallestTable) {}

void FeatureBag::Add(uint64_t hash, uint32_t at) {
  const size_t mask = slots_.size() - 1;
  for (size_t i = (hash >> 20) & mask;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.round != round_) {
      slot = {hash, round_, static_cast<uint32_t>(features_.size())};
      features_.push_back({hash, 1, at});
      if (features_.size() * 2 > slots_.size()) Grow();
      return;
    }
    if (slot.hash == hash) {
      ++features_[slot.index].count;
      return;
    }
  }
}

void FeatureBag::Grow() {
  slots_.assign(slots_.size() * 2, Slot());
  const size_t mask = slots_.size() - 1;
  for (uint32_t f = 0; f < features_.size(); ++f) {
    size_t i = (features_[f].hash >> 20) & mask;
    while (slots_[i].round == round_) i = (i + 1) & mask;
    slots_[i] = {features_[f].hash, round_, f};
  }
}

void FeatureBag::Take(std::span<const Unit> units, FeatureOrder order) {
  features_.clear();
  if (++round_ == 0) {
    std::fill(slots_.begin(), slots_.end(), Slot());
    round_ = 1;
  }
  Unit before = kNoUnit;       // the unit before this one
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
