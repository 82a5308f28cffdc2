#include "classifier/known_features.h"

#include <algorithm>
#include <bit>

// Whether a feature is known, and whether it occurred before, is as good as random: so both loops write first, and then
// move on or not, instead of jumping.

namespace sakuin::classifier {
namespace {

constexpr size_t kAhead = 16;  // features whose memory is asked for before it is needed
constexpr size_t kSmallestTable = 1 << 8;
constexpr size_t kKeptSlots = 1 << 20;  // from text to text
constexpr uint32_t kMostStamps = 1u << 31;
constexpr uint32_t kSpread = 0x9E3779B1u;

}  // namespace

KnownFeatures::KnownFeatures() : slots_(kSmallestTable) {}

inline void KnownFeatures::Keep(uint32_t place) {
  places_[found_] = place;
  found_ += place != 0 ? 1 : 0;
}

void KnownFeatures::Find(std::span<const FeatureAt> features, const WeightTable& table) {
  if (places_.size() < features.size()) places_.resize(features.size());
  found_ = 0;
  if (features.empty()) return;
  const size_t ahead = std::min(kAhead, features.size());
  for (size_t i = 0; i < ahead; ++i) table.PrefetchBucket(features[i].hash);
  const size_t all_asked = features.size() - ahead;
  for (size_t i = 0; i < all_asked; ++i) {
    table.PrefetchBucket(features[i + ahead].hash);
    Keep(table.FindPlace(features[i].hash));
  }
  for (size_t i = all_asked; i < features.size(); ++i) Keep(table.FindPlace(features[i].hash));
}

void KnownFeatures::Forget() {
  if (slots_.size() > kKeptSlots) *this = KnownFeatures();
  base_ += size_;
  size_ = 0;
}

// Two slots for each place, so that two seldom meet; few for a short text, so that they stay in cache. Features that are
// there already are placed again.
void KnownFeatures::MakeRoom() {
  const size_t most = size_ + found_;
  if (features_.size() < most + 1) features_.resize(most + 1);
  const size_t wanted = std::max(std::bit_ceil(most * 2), kSmallestTable);
  const int shift = 32 - std::countr_zero(wanted);
  if (size_ != 0 && shift >= shift_) return;
  base_ += size_;
  if (wanted > slots_.size() || base_ > kMostStamps) {
    slots_.assign(std::max(wanted, slots_.size()), Slot());
    base_ = 1;
  }
  shift_ = shift;
  for (uint32_t number = 0; number < size_; ++number) {
    size_t i = (features_[number].place * kSpread) >> shift_;
    while (slots_[i].stamp >= base_) i = (i + 1) & (wanted - 1);
    slots_[i] = {features_[number].place, base_ + number};
  }
}

void KnownFeatures::Count(uint32_t place) {
  const size_t mask = (size_t{1} << (32 - shift_)) - 1;
  size_t i = (place * kSpread) >> shift_;
  while (slots_[i].stamp >= base_ && slots_[i].place != place) i = (i + 1) & mask;
  const uint32_t seen = slots_[i].stamp >= base_ ? ~0u : 0;
  const uint32_t number = (seen & (slots_[i].stamp - base_)) | (~seen & size_);
  features_[number] = {place, (seen & features_[number].count) + 1};
  slots_[i] = {place, base_ + number};
  size_ += seen + 1;
}

void KnownFeatures::Take(std::span<const Unit> units, FeatureOrder order, const WeightTable& table) {
  Forget();
  list_.Start(units, order);
  while (list_.Next()) {
    Find(list_.features(), table);
    MakeRoom();
    for (size_t i = 0; i < found_; ++i) Count(places_[i]);
  }
}

}  // namespace sakuin::classifier
