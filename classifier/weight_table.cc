#include "classifier/weight_table.h"

#include <algorithm>
#include <cmath>
#include <span>

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
  const std::span parts = std::span(parts_).subspan(entry.parts_begin, entry.parts);
  const bool sets = RowLayoutOf(labels_) == RowLayout::kSets;
  const bool dense = !sets && parts.size() * 2 > labels_ + 1;
  uint32_t head = static_cast<uint32_t>(parts.size()) | (dense ? WeightTable::kDense : 0);
  if (sets) {
    head = 0;
    for (const auto& [label, part] : parts) head |= 1u << label;
  }
  AppendU32(rows, head);
  AppendFixed(rows, entry.mass);
  AppendFixed(rows, entry.base);
  size_t next = 0;  // label of a dense row
  for (const auto& [label, part] : parts) {
    if (dense) rows.append(2 * (label - next), '\0');
    if (!dense && !sets) AppendU16(rows, static_cast<uint16_t>(label));
    AppendFixed(rows, quanta(part));
    next = label + 1;
  }
  if (dense) rows.append(2 * (labels_ - next), '\0');
  rows.append(rows.size() % 4, '\0');
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
  size_t open = 0;  // counted on over the last bucket; those from an entry's own bucket to here are full, for entries are in order
  for (const Entry& entry : entries_) {
    open = std::max(open, WeightTable::BucketOf(entry.hash, buckets));
    while (filled[open % buckets] == WeightTable::kSlots) ++open;
    const size_t bucket = open % buckets;
    PutSlot(bytes.buckets, bucket, filled[bucket]++, WeightTable::CheckOf(entry.hash), static_cast<uint32_t>(bytes.rows.size() / 4));
    AppendRow(entry, bytes.scale, bytes.rows);
  }
  bytes.rows.append(WeightTable::kSlackBytes, '\0');
  return bytes;
}

}  // namespace sakuin::classifier
