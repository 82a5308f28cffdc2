// weight_table.h: the weights of a model's features, as bytes that are looked up
// where they lie.
//
//   WeightTableBuilder builder(labels);
//   builder.Add(hash, {.mass = 1, .base = -7.5, .parts = {{0, 1.25F}}});
//   const WeightTableBytes bytes = builder.Finish();
//
//   WeightTable table(bytes.buckets, bytes.rows, bytes.scale, labels, RowLayoutOf(labels));
//   WeightRow row;
//   if (table.Find(hash, row)) ...
//
// buckets: 64 bytes each, eight checks (u32: bits 1 to 32 of the hash), then where
// the rows of these eight are (u32, in words of four bytes; 0: the slot is free). A
// feature is in the bucket that the high bits of its hash name or, when that is
// full, in the next that is not.
//
// rows: the first word is not used, and kSlackBytes of 0 follow the last row. With
// at most 32 labels a row is a set of labels (u32, a bit each), mass (f32), base
// (f32), and for each label of the set its part (i16), padded to a word. With more
// it is its number of parts (u32; with the highest bit set: one for every label),
// mass, base, and the parts: a word of label (u16) and part (i16) each, or an i16
// for every label, padded to a word. A part is its i16 times the scale.
//
// The bytes are a function of the features. A table is a view and is thread-safe;
// damaged bytes give wrong weights, never a read outside them. row_sums.h adds up
// the rows of a text.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace sakuin::classifier {

enum class RowLayout : uint8_t { kSets, kLists };

// Sets of more labels do not fit a word.
inline constexpr size_t kMostLabelsOfSets = 32;
inline RowLayout RowLayoutOf(size_t labels) { return labels <= kMostLabelsOfSets ? RowLayout::kSets : RowLayout::kLists; }

struct FeatureWeights {
  float mass = 1;
  float base = 0;
  std::vector<std::pair<uint32_t, float>> parts;  // of labels, by label
};

struct WeightTableBytes {
  std::string buckets;
  std::string rows;
  float scale = 0;
};

class WeightTableBuilder {
 public:
  explicit WeightTableBuilder(size_t labels) : labels_(labels) {}

  // Features come in the order of their hashes.
  void Add(uint64_t hash, const FeatureWeights& weights);

  WeightTableBytes Finish() const;

 private:
  struct Entry {
    uint64_t hash = 0;
    float mass = 0;
    float base = 0;
    uint32_t parts_begin = 0;
    uint32_t parts = 0;
  };
  void AppendRow(const Entry& entry, float scale, std::string& rows) const;

  size_t labels_;
  std::vector<Entry> entries_;
  std::vector<std::pair<uint32_t, float>> parts_;
};

struct WeightRow {
  float mass = 0;
  float base = 0;
  uint32_t labels = 0;  // a set, or in lists the number of parts
  bool dense = false;   // in lists: the parts are of all labels
  const char* parts = nullptr;
};

class WeightTable {
 public:
  static constexpr size_t kBucketBytes = 64;
  static constexpr size_t kSlots = 8;
  static constexpr size_t kRowHeadWords = 3;
  static constexpr size_t kSlackBytes = 64;  // what may be read behind a row
  static constexpr uint32_t kDense = 1u << 31;

  WeightTable() = default;
  // REQUIRES: whole buckets; `buckets` aligned as a u32 is.
  WeightTable(std::string_view buckets, std::string_view rows, float scale, size_t labels, RowLayout layout)
      : buckets_(buckets.data()),
        bucket_count_(buckets.size() / kBucketBytes),
        rows_(rows.data()),
        row_words_(rows.size() / 4),
        scale_(scale),
        labels_(labels),
        layout_(layout),
        all_labels_(labels < kMostLabelsOfSets ? (1u << labels) - 1 : ~0u) {}

  static size_t BucketOf(uint64_t hash, size_t buckets) { return static_cast<size_t>(((hash >> 32) * static_cast<uint64_t>(buckets)) >> 32); }
  static uint32_t CheckOf(uint64_t hash) { return static_cast<uint32_t>(hash >> 1); }

  void PrefetchBucket(uint64_t hash) const { __builtin_prefetch(buckets_ + BucketOf(hash, bucket_count_) * kBucketBytes); }

  // Where the row of a feature is, in words; 0: there is none.
  uint32_t FindPlace(uint64_t hash) const;
  void PrefetchRow(uint32_t place) const {
    __builtin_prefetch(rows_ + size_t{place} * 4);
    __builtin_prefetch(rows_ + size_t{place} * 4 + 48);
  }
  // A bit for each of the eight slots of a bucket that has this check.
  static uint32_t FittingSlots(const char* bucket, uint32_t check);

  // False when the place is outside the rows.
  bool RowAt(uint32_t place, WeightRow& row) const;
  bool Find(uint64_t hash, WeightRow& row) const {
    const uint32_t place = FindPlace(hash);
    return place != 0 && RowAt(place, row);
  }

  float scale() const { return scale_; }
  size_t labels() const { return labels_; }
  RowLayout layout() const { return layout_; }

  // Adds factor times the parts of a row to the scores of all labels.
  void AddRow(const WeightRow& row, float factor, float* __restrict scores) const;

 private:
  bool SetAt(const char* at, size_t words_left, WeightRow& row) const;
  bool ListAt(const char* at, size_t words_left, WeightRow& row) const;
  void AddSet(const WeightRow& row, float scaled, float* __restrict scores) const;
  void AddDense(const WeightRow& row, float scaled, float* __restrict scores) const;
  void AddList(const WeightRow& row, float scaled, float* __restrict scores) const;

  const char* buckets_ = nullptr;
  size_t bucket_count_ = 0;
  const char* rows_ = nullptr;
  size_t row_words_ = 0;
  float scale_ = 0;
  size_t labels_ = 0;
  RowLayout layout_ = RowLayout::kSets;
  uint32_t all_labels_ = 0;  // as a set
};

inline uint32_t WeightTable::FittingSlots(const char* bucket, uint32_t check) {
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi32(static_cast<int>(check));
  const __m128i low = _mm_cmpeq_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bucket)), wanted);
  const __m128i high = _mm_cmpeq_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bucket + 16)), wanted);
  return static_cast<uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(low, high), _mm_setzero_si128())));
#else
  uint32_t fitting = 0;
  for (uint32_t slot = 0; slot < kSlots; ++slot) fitting |= LoadUnaligned<uint32_t>(bucket + slot * 4) == check ? 1u << slot : 0;
  return fitting;
#endif
}

// Slots are filled from the first on, so a free one that fits has no other before it, and a bucket is full when its last is.
inline uint32_t WeightTable::FindPlace(uint64_t hash) const {
  if (bucket_count_ == 0) return 0;
  const uint32_t check = CheckOf(hash);
  size_t bucket = BucketOf(hash, bucket_count_);
  for (size_t tried = 0; tried < bucket_count_; ++tried) {
    const char* const at = buckets_ + bucket * kBucketBytes;
    const uint32_t fitting = FittingSlots(at, check);
    const size_t slot = static_cast<size_t>(std::countr_zero(fitting | 1u << (kSlots - 1)));
    const uint32_t place = LoadUnaligned<uint32_t>(at + (kSlots + slot) * 4);
    // Found, or not and the last slot, which then is the one looked at, is free: one jump, which is nearly always taken.
    const uint32_t full = place & ((fitting != 0 ? 1u : 0u) - 1);
    if (full == 0) return place;
    bucket = bucket + 1 == bucket_count_ ? 0 : bucket + 1;
  }
  return 0;
}

inline bool WeightTable::RowAt(uint32_t place, WeightRow& row) const {
  if (row_words_ < kRowHeadWords || place > row_words_ - kRowHeadWords) return false;
  const char* const at = rows_ + size_t{place} * 4;
  row.mass = LoadUnaligned<float>(at + 4);
  row.base = LoadUnaligned<float>(at + 8);
  row.parts = at + kRowHeadWords * 4;
  const size_t words_left = row_words_ - kRowHeadWords - place;
  return layout_ == RowLayout::kSets ? SetAt(at, words_left, row) : ListAt(at, words_left, row);
}

// Behind every row there is room for the parts of all labels: the slack behind the last.
inline bool WeightTable::SetAt(const char* at, size_t words_left, WeightRow& row) const {
  row.labels = LoadUnaligned<uint32_t>(at) & all_labels_;
  return words_left >= kSlackBytes / 4;
}

inline bool WeightTable::ListAt(const char* at, size_t words_left, WeightRow& row) const {
  const uint32_t head = LoadUnaligned<uint32_t>(at);
  row.dense = (head & kDense) != 0;
  row.labels = head & ~kDense;
  return words_left >= (row.dense ? (labels_ + 1) / 2 : row.labels);
}

inline void WeightTable::AddRow(const WeightRow& row, float factor, float* __restrict scores) const {
  const float scaled = factor * scale_;
  if (layout_ == RowLayout::kSets) {
    AddSet(row, scaled, scores);
  } else {
    row.dense ? AddDense(row, scaled, scores) : AddList(row, scaled, scores);
  }
}

inline void WeightTable::AddSet(const WeightRow& row, float scaled, float* __restrict scores) const {
  const char* part = row.parts;
  for (uint32_t labels = row.labels; labels != 0; labels &= labels - 1, part += 2) {
    scores[std::countr_zero(labels)] += scaled * static_cast<float>(LoadUnaligned<int16_t>(part));
  }
}

inline void WeightTable::AddDense(const WeightRow& row, float scaled, float* __restrict scores) const {
  constexpr size_t kAtOnce = 4;
  size_t l = 0;
  for (; l + kAtOnce <= labels_; l += kAtOnce) {
    int16_t quanta[kAtOnce];
    std::memcpy(quanta, row.parts + 2 * l, sizeof(quanta));
    for (size_t i = 0; i < kAtOnce; ++i) scores[l + i] += scaled * static_cast<float>(quanta[i]);
  }
  for (; l < labels_; ++l) scores[l] += scaled * static_cast<float>(LoadUnaligned<int16_t>(row.parts + 2 * l));
}

inline void WeightTable::AddList(const WeightRow& row, float scaled, float* __restrict scores) const {
  for (uint32_t i = 0; i < row.labels; ++i) {
    const uint32_t word = LoadUnaligned<uint32_t>(row.parts + size_t{i} * 4);
    const size_t label = word & 0xFFFF;
    if (label < labels_) scores[label] += scaled * static_cast<float>(static_cast<int16_t>(word >> 16));
  }
}

}  // namespace sakuin::classifier
