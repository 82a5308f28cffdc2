#include "classifier/weight_table.h"

#include <algorithm>
#include <cmath>

#include "base/bytes.h"

namespace sakuin::classifier {
namespace {

constexpr float kMostQuanta = 32767;
constexpr size_t kFilledSlots = 5;  // of the eight of a bucket, on average

void PutSlot(std::string& buckets, size_t bucket, size_t slot, uint32_t check, uint32_t place) {
  char* const at = buckets.data() + bucket * WeightTable::kBucketBytes + slot * 4;
  StoreUnaligned(at, check);
  StoreUnaligned(at + WeightTable::kSlots * 4, place);
}

}  // namespace

void WeightTableBuilder::Add(uint64_t hash, const FeatureWeights& weights) {
  entries_.push_back({hash, weights.mass, weights.base, static_cast<uint32_t>(parts_.size()), static_cast<uint32_t>(weights.parts.size())});
  parts_.insert(parts_.end(), weights.parts.begin(), weights.parts.end());
}

void WeightTableBuilder::AppendRow(const Entry& entry, float scale, std::string& rows) const {
  const auto quanta = [&](float part) { return static_cast<int16_t>(scale == 0 ? 0 : std::lround(part / scale)); };
  const bool dense = entry.parts * 2 > labels_ + 1;
  AppendU32(rows, dense ? entry.parts | WeightTable::kDense : entry.parts);
  AppendFixed(rows, entry.mass);
  AppendFixed(rows, entry.base);
  if (!dense) {
    for (uint32_t i = 0; i < entry.parts; ++i) {
      const auto& [label, part] = parts_[entry.parts_begin + i];
      AppendU16(rows, static_cast<uint16_t>(label));
      AppendFixed(rows, quanta(part));
    }
    return;
  }
  std::vector<int16_t> all((labels_ + 1) & ~size_t{1});
  for (uint32_t i = 0; i < entry.parts; ++i) all[parts_[entry.parts_begin + i].first] = quanta(parts_[entry.parts_begin + i].second);
  for (const int16_t part : all) AppendFixed(rows, part);
}

WeightTableBytes WeightTableBuilder::Finish() const {
  WeightTableBytes bytes;
  float most = 0;
  for (const auto& [label, part] : parts_) most = std::max(most, std::fabs(part));
  bytes.scale = most / kMostQuanta;
  const size_t buckets = entries_.size() / kFilledSlots + 1;
  bytes.buckets.assign(buckets * WeightTable::kBucketBytes, '\0');
  std::vector<uint8_t> filled(buckets);
  AppendU32(bytes.rows, 0);
  for (const Entry& entry : entries_) {
    size_t bucket = WeightTable::BucketOf(entry.hash, buckets);
    while (filled[bucket] == WeightTable::kSlots) bucket = bucket + 1 == buckets ? 0 : bucket + 1;
    PutSlot(bytes.buckets, bucket, filled[bucket]++, WeightTable::CheckOf(entry.hash), static_cast<uint32_t>(bytes.rows.size() / 4));
    AppendRow(entry, bytes.scale, bytes.rows);
  }
  return bytes;
}

}  // namespace sakuin::classifier
