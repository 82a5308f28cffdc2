#include "classifier/row_sums.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>

#include "base/cpu.h"

// Rows that are sets of labels are spread over vector registers, a lane for each label, in which the scores of the whole
// text stay. A product is rounded before it is added everywhere (the library is compiled without contraction), so that
// all paths agree.

namespace sakuin::classifier {
namespace {

constexpr size_t kAhead = 16;  // rows that are asked for before they are needed

// Calls add(row, factor) for every row, in order.
template <typename Add>
inline __attribute__((always_inline)) RowSums ForEachRow(const WeightTable& table, std::span<const KnownFeature> features, Transform transform,
                                                         Add add) {
  RowSums sums;
  if (features.empty()) return sums;
  const size_t last = features.size() - 1;
  for (size_t i = 0; i < std::min(kAhead, last); ++i) table.PrefetchRow(features[i].place);
  WeightRow row;
  for (size_t i = 0; i <= last; ++i) {
    table.PrefetchRow(features[std::min(i + kAhead, last)].place);
    if (!table.RowAt(features[i].place, row)) continue;
    const double value = ValueOfCount(transform, features[i].count) * static_cast<double>(row.mass);
    add(row, static_cast<float>(value));
    sums.base += value * static_cast<double>(row.base);
    sums.mass += value;
    ++sums.known;
  }
  return sums;
}

RowSums SumRowsScalar(const WeightTable& table, std::span<const KnownFeature> features, Transform transform, std::span<float> scores) {
  std::fill(scores.begin(), scores.end(), 0.0F);
  return ForEachRow(table, features, transform, [&](const WeightRow& row, float factor) { table.AddRow(row, factor, scores.data()); });
}

#if defined(__x86_64__)

// For each set of eight lanes, the number of its members before each lane.
constexpr std::array<uint64_t, 256> kRanks = [] {
  std::array<uint64_t, 256> ranks{};
  for (uint32_t set = 0; set < 256; ++set) {
    uint64_t rank = 0;
    for (uint32_t lane = 0; lane < 8; ++lane) {
      ranks[set] |= rank << (8 * lane);
      rank += (set >> lane) & 1;
    }
  }
  return ranks;
}();

// Eight parts, those of the lanes in the set, each in its lane; 0 in the others.
SAKUIN_AVX2 inline __m256 SpreadAvx2(const char* parts, uint32_t set) {
  const __m256i packed = _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(parts)));
  const __m256i ranks = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<long long>(kRanks[set])));
  const __m256i bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  const __m256i member = _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(static_cast<int>(set)), bits), bits);
  return _mm256_cvtepi32_ps(_mm256_and_si256(_mm256_permutevar8x32_epi32(packed, ranks), member));
}

// (Sixteen lanes were slower: the processor takes its clock back for them.)
template <size_t kGroups>
SAKUIN_AVX2 RowSums SumSetsAvx2(const WeightTable& table, std::span<const KnownFeature> features, Transform transform, std::span<float> scores) {
  __m256 sums[kGroups] = {};
  const auto add = [&](const WeightRow& row, float factor) SAKUIN_AVX2 {
    const __m256 scaled = _mm256_set1_ps(factor * table.scale());
    const char* parts = row.parts;
    for (size_t g = 0; g < kGroups; ++g) {
      const uint32_t set = (row.labels >> (8 * g)) & 0xFF;
      sums[g] = _mm256_add_ps(sums[g], _mm256_mul_ps(scaled, SpreadAvx2(parts, set)));
      parts += 2 * std::popcount(set);
    }
  };
  const RowSums result = ForEachRow(table, features, transform, add);
  alignas(32) float all[8 * kGroups];
  for (size_t g = 0; g < kGroups; ++g) _mm256_store_ps(all + 8 * g, sums[g]);
  std::copy_n(all, scores.size(), scores.begin());
  return result;
}

#endif  // x86-64

using Summing = decltype(&SumRows);

Summing ChooseForSets(size_t labels) {
#if defined(__x86_64__)
  constexpr Summing kAvx2[] = {SumSetsAvx2<1>, SumSetsAvx2<2>, SumSetsAvx2<3>, SumSetsAvx2<4>};
  if (CurrentSimdLevel() >= SimdLevel::kAvx2 && labels != 0) return kAvx2[(labels - 1) / 8];
#endif
  return SumRowsScalar;
}

}  // namespace

RowSums SumRows(const WeightTable& table, std::span<const KnownFeature> features, Transform transform, std::span<float> scores) {
  const Summing sum = table.layout() == RowLayout::kSets ? ChooseForSets(table.labels()) : SumRowsScalar;
  return sum(table, features, transform, scores);
}

}  // namespace sakuin::classifier
