#include "classifier/features.h"

#include <algorithm>
#include <bit>

namespace sakuin::classifier {
namespace {

constexpr size_t kSmallestTable = 1 << 10;
constexpr size_t kKeptSlots = 1 << 20;  // from text to text
constexpr uint32_t kMostStamps = 1u << 31;

uint64_t Tag(uint64_t hash, FeatureOrder order) { return (hash & ~uint64_t{3}) | static_cast<uint64_t>(order); }

bool IsCharacter(Unit unit) { return KindOf(unit) == UnitKind::kCharacter; }

}  // namespace

void FeatureList::Start(std::span<const Unit> units, FeatureOrder order) {
  units_ = units;
  order_ = order;
  next_ = 0;
  size_ = 0;
  before_ = two_before_ = word_before_ = kNoUnit;
}

// Every feature that could end with a unit is written, and kept by moving on, so that nothing has to be guessed by the
// processor. A pair has one left side at most: behind a character there is no word to make one with.
bool FeatureList::Next() {
  if (next_ == units_.size()) return false;
  const size_t end = std::min(units_.size(), next_ + kBlockUnits);
  if (room_.size() < (end - next_) * kOrders) room_.resize((end - next_) * kOrders);
  const FeatureOrder order = order_;
  FeatureAt* out = room_.data();
  Unit before = before_;
  Unit two_before = two_before_;
  Unit word_before = word_before_;
  for (size_t i = next_; i < end; ++i) {
    const Unit unit = units_[i];
    const auto at = static_cast<uint32_t>(i);
    *out++ = {Tag(unit, FeatureOrder::kUnits), at};
    if (order == FeatureOrder::kUnits) continue;
    const bool character = IsCharacter(unit);
    const bool word = KindOf(unit) == UnitKind::kWord;
    const bool touching = character | IsCharacter(before);
    const Unit left = touching ? before : word_before;
    *out = {Tag(MixHash(left, unit), FeatureOrder::kPairs), at};
    out += (left != kNoUnit) & (touching | word);
    if (order == FeatureOrder::kTriples) {
      *out = {Tag(MixHash(MixHash(two_before, before), unit), FeatureOrder::kTriples), at};
      out += (two_before != kNoUnit) & (touching | IsCharacter(two_before));
    }
    word_before = word ? unit : character ? kNoUnit : word_before;
    two_before = before;
    before = unit;
  }
  before_ = before;
  two_before_ = two_before;
  word_before_ = word_before;
  next_ = end;
  size_ = static_cast<size_t>(out - room_.data());
  return true;
}

FeatureBag::FeatureBag() : slots_(kSmallestTable), seed_(ProcessSeed()) {}

void FeatureBag::Forget() {
  if (slots_.size() > kKeptSlots) {
    slots_ = std::vector<Slot>(kSmallestTable);
    features_ = std::vector<Feature>();
    base_ = 1;
  }
  base_ += static_cast<uint32_t>(features_.size());
  features_.clear();
}

// Slots for so many features at most: few for a short text, so that they stay in cache. Features that are there already
// are placed again.
void FeatureBag::MakeRoom(size_t features) {
  const size_t wanted = std::max(std::bit_ceil(features + features / 2), kSmallestTable);
  const int shift = 64 - std::countr_zero(wanted);
  if (!features_.empty() && shift >= shift_) return;
  base_ += static_cast<uint32_t>(features_.size());
  if (wanted > slots_.size() || base_ > kMostStamps) {
    slots_.assign(std::max(wanted, slots_.size()), Slot());
    base_ = 1;
  }
  shift_ = shift;
  for (uint32_t number = 0; number < features_.size(); ++number) FindOrPlace(features_[number].hash, number);
}

// The feature with this hash; null when there is none yet: it has its slot now, and is to be the one of this number.
inline Feature* FeatureBag::FindOrPlace(uint64_t hash, uint32_t number) {
  const auto check = static_cast<uint32_t>(hash >> 8);
  const size_t mask = (size_t{1} << (64 - shift_)) - 1;
  for (size_t i = (hash * seed_) >> shift_;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.stamp < base_) {
      slot = {check, base_ + number};
      return nullptr;
    }
    if (slot.check != check) continue;
    Feature& feature = features_[slot.stamp - base_];
    if (feature.hash == hash) return &feature;
  }
}

inline void FeatureBag::Add(uint64_t hash, uint32_t at) {
  if (Feature* const feature = FindOrPlace(hash, static_cast<uint32_t>(features_.size()))) {
    ++feature->count;
  } else {
    features_.push_back({hash, 1, at});
  }
}

void FeatureBag::Take(std::span<const Unit> units, FeatureOrder order) {
  Forget();
  list_.Start(units, order);
  while (list_.Next()) {
    MakeRoom(features_.size() + list_.features().size());
    for (const FeatureAt& feature : list_.features()) Add(feature.hash, feature.at);
  }
}

}  // namespace sakuin::classifier
