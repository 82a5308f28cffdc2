#include "classifier/known_features.h"

#include <algorithm>
#include <bit>

// Whether a feature is known, and whether it occurred before, is as good as random: so both loops write first, and then
// move on or not, instead of jumping.

namespace sakuin::classifier {
namespace {

constexpr size_t kAhead = 16;  // features whose memory is asked for before it is needed
constexpr size_t kSmallestTable = 1 << 8;
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

// Two slots for each place, so that two seldom meet; few for a short text, so that they stay in cache.
void KnownFeatures::MakeRoom() {
  const size_t wanted = std::max(std::bit_ceil(found_ * 2), kSmallestTable);
  base_ += size_;
  if (wanted > slots_.size() || base_ > kMostStamps) {
    slots_.assign(std::max(wanted, slots_.size()), Slot());
    base_ = 1;
  }
  shift_ = 32 - std::countr_zero(wanted);
  if (features_.size() < found_ + 1) features_.resize(found_ + 1);
  size_ = 0;
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

void KnownFeatures::Take(std::span<const FeatureAt> features, const WeightTable& table) {
  Find(features, table);
  MakeRoom();
  for (size_t i = 0; i < found_; ++i) Count(places_[i]);
}

}  // namespace sakuin::classifier
