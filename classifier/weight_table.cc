#include "classifier/weight_table.h"

#include <algorithm>
#include <bit>
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

uint32_t WeightTable::FindPlace(uint64_t hash) const {
  if (bucket_count_ == 0) return 0;
  const uint32_t check = CheckOf(hash);
  size_t bucket = BucketOf(hash, bucket_count_);
  for (size_t tried = 0; tried < bucket_count_; ++tried) {
    uint32_t slots[2 * kSlots];
    std::memcpy(slots, buckets_ + bucket * kBucketBytes, kBucketBytes);
    uint32_t fitting = 0;  // all eight at once, without a jump
    for (uint32_t slot = 0; slot < kSlots; ++slot) fitting |= slots[slot] == check ? 1u << slot : 0;
    for (; fitting != 0; fitting &= fitting - 1) {
      const uint32_t place = slots[kSlots + static_cast<size_t>(std::countr_zero(fitting))];
      if (place != 0) return place;
    }
    if (slots[2 * kSlots - 1] == 0) return 0;
    bucket = bucket + 1 == bucket_count_ ? 0 : bucket + 1;
  }
  return 0;
}

bool WeightTable::RowAt(uint32_t place, WeightRow& row) const {
  if (row_words_ < kRowHeadWords || place > row_words_ - kRowHeadWords) return false;
  const char* const at = rows_ + size_t{place} * 4;
  const uint32_t head = LoadUnaligned<uint32_t>(at);
  row.dense = (head & kDense) != 0;
  row.count = head & ~kDense;
  row.mass = LoadUnaligned<float>(at + 4);
  row.base = LoadUnaligned<float>(at + 8);
  row.parts = at + kRowHeadWords * 4;
  const size_t words = row.dense ? (labels_ + 1) / 2 : row.count;
  return words <= row_words_ - kRowHeadWords - place;
}

void WeightTable::AddRow(const WeightRow& row, float factor, float* scores) const {
  const float scaled = factor * scale_;
  if (row.dense) {
    for (size_t l = 0; l < labels_; ++l) scores[l] += scaled * static_cast<float>(LoadUnaligned<int16_t>(row.parts + 2 * l));
    return;
  }
  for (uint32_t i = 0; i < row.count; ++i) {
    const uint32_t word = LoadUnaligned<uint32_t>(row.parts + size_t{i} * 4);
    const size_t label = word & 0xFFFF;
    if (label < labels_) scores[label] += scaled * static_cast<float>(static_cast<int16_t>(word >> 16));
  }
}

}  // namespace sakuin::classifier
