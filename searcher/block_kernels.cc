#include "searcher/block_kernels.h"

#include <bit>

#include "base/cpu.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sakuin::searcher {
namespace {

using index::DocId;
using index::kBlockSize;

// ---------------------------------------------------------------- scalar, the reference

void ExpandBoundsScalar(const uint8_t* impacts, uint32_t n, const float* table, float* bounds) {
  for (uint32_t i = 0; i < n; i += 2) {
    bounds[i] = table[impacts[i / 2] & 15];
    bounds[i + 1] = table[impacts[i / 2] >> 4];
  }
}

uint32_t KeepAtLeastScalar(const uint32_t* docs, const float* bounds, uint32_t n, DocId base, float least, uint32_t* at, float* bound) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < n; ++i) {
    at[kept] = docs[i] - base;
    bound[kept] = bounds[i];
    kept += bounds[i] >= least;
  }
  return kept;
}

uint32_t DrainSumsScalar(float* sums, uint32_t first, float least, uint32_t* at, float* bound) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < 64; ++i) {
    at[kept] = first + i;
    bound[kept] = sums[i];
    kept += sums[i] >= least;
    sums[i] = 0;
  }
  return kept;
}

// Halving without branches: 64 + 32 + .. + 1 steps reach each of 128 places.
void FindAllScalar(const uint32_t* docs, DocId base, const uint32_t* at, uint32_t count, uint8_t* places) {
  for (uint32_t i = 0; i < count; ++i) {
    const DocId doc = base + at[i];
    uint32_t place = 0;
    for (uint32_t half = kBlockSize / 2; half > 0; half /= 2) place += docs[place + half - 1] < doc ? half : 0;
    places[i] = static_cast<uint8_t>(docs[place] == doc ? place : kAbsentPlace);
  }
}

#if defined(__x86_64__)

// ---------------------------------------------------------------- AVX2

// Sixteen nibbles as bytes.
SAKUIN_AVX2 __m128i Nibbles(const uint8_t* impacts) {
  const __m128i pairs = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(impacts));
  const __m128i low = _mm_set1_epi8(15);
  return _mm_unpacklo_epi8(_mm_and_si128(pairs, low), _mm_and_si128(_mm_srli_epi16(pairs, 4), low));
}

SAKUIN_AVX2 __m256 LookUpAvx2(__m256i index, __m256 first, __m256 second) {
  const __m256 high = _mm256_castsi256_ps(_mm256_slli_epi32(index, 28));  // bit 3 becomes the sign, which chooses
  return _mm256_blendv_ps(_mm256_permutevar8x32_ps(first, index), _mm256_permutevar8x32_ps(second, index), high);
}

SAKUIN_AVX2 void ExpandBoundsAvx2(const uint8_t* impacts, uint32_t n, const float* table, float* bounds) {
  const __m256 first = _mm256_loadu_ps(table);
  const __m256 second = _mm256_loadu_ps(table + 8);
  uint32_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m128i nibbles = Nibbles(impacts + i / 2);
    _mm256_storeu_ps(bounds + i, LookUpAvx2(_mm256_cvtepu8_epi32(nibbles), first, second));
    _mm256_storeu_ps(bounds + i + 8, LookUpAvx2(_mm256_cvtepu8_epi32(_mm_srli_si128(nibbles, 8)), first, second));
  }
  if (i < n) ExpandBoundsScalar(impacts + i / 2, n - i, table, bounds + i);
}

// The 8 lanes of `mask`, one after another.
SAKUIN_AVX2 uint32_t KeepLanes(uint32_t mask, const uint32_t* docs, const float* bounds, DocId base, uint32_t kept, uint32_t* at, float* bound) {
  for (; mask != 0; mask &= mask - 1) {
    const uint32_t lane = static_cast<uint32_t>(std::countr_zero(mask));
    at[kept] = docs[lane] - base;
    bound[kept++] = bounds[lane];
  }
  return kept;
}

SAKUIN_AVX2 uint32_t KeepAtLeastAvx2(const uint32_t* docs, const float* bounds, uint32_t n, DocId base, float least, uint32_t* at, float* bound) {
  const __m256 limit = _mm256_set1_ps(least);
  uint32_t kept = 0;
  uint32_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const auto mask = static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(bounds + i), limit, _CMP_GE_OQ)));
    kept = KeepLanes(mask, docs + i, bounds + i, base, kept, at, bound);
  }
  return kept + KeepAtLeastScalar(docs + i, bounds + i, n - i, base, least, at + kept, bound + kept);
}

SAKUIN_AVX2 uint32_t DrainSumsAvx2(float* sums, uint32_t first, float least, uint32_t* at, float* bound) {
  const __m256 limit = _mm256_set1_ps(least);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < 64; i += 8) {
    const __m256 sum = _mm256_loadu_ps(sums + i);
    auto mask = static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(sum, limit, _CMP_GE_OQ)));
    for (; mask != 0; mask &= mask - 1) {
      const uint32_t lane = i + static_cast<uint32_t>(std::countr_zero(mask));
      at[kept] = first + lane;
      bound[kept++] = sums[lane];
    }
    _mm256_storeu_ps(sums + i, _mm256_setzero_ps());
  }
  return kept;
}

// One compare with the last document of each sixteen tells the sixteen, two more the place in it.
SAKUIN_AVX2 void FindAllAvx2(const uint32_t* docs, DocId base, const uint32_t* at, uint32_t count, uint8_t* places) {
  const __m256i sign = _mm256_set1_epi32(INT32_MIN);  // documents are unsigned, the comparison is not
  const __m256i lasts = _mm256_i32gather_epi32(reinterpret_cast<const int*>(docs), _mm256_setr_epi32(15, 31, 47, 63, 79, 95, 111, 127), 4);
  const __m256i ends = _mm256_xor_si256(lasts, sign);
  for (uint32_t i = 0; i < count; ++i) {
    const __m256i doc = _mm256_set1_epi32(static_cast<int>(base + at[i]));
    const __m256i before = _mm256_cmpgt_epi32(_mm256_xor_si256(doc, sign), ends);
    const auto sixteen = static_cast<uint32_t>(_mm_popcnt_u32(static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(before)))));
    const auto* from = reinterpret_cast<const __m256i*>(docs + 16 * sixteen);
    const __m256i low = _mm256_cmpeq_epi32(_mm256_loadu_si256(from), doc);
    const __m256i high = _mm256_cmpeq_epi32(_mm256_loadu_si256(from + 1), doc);
    const auto mask = static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(low)) | _mm256_movemask_ps(_mm256_castsi256_ps(high)) << 8);
    places[i] = static_cast<uint8_t>(mask == 0 ? kAbsentPlace : 16 * sixteen + static_cast<uint32_t>(std::countr_zero(mask)));
  }
}

// ---------------------------------------------------------------- AVX-512
// On vectors of 256 bits (docs/decisions/0010).

SAKUIN_AVX512 void ExpandBoundsAvx512(const uint8_t* impacts, uint32_t n, const float* table, float* bounds) {
  const __m256 first = _mm256_loadu_ps(table);
  const __m256 second = _mm256_loadu_ps(table + 8);
  uint32_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m128i nibbles = Nibbles(impacts + i / 2);
    _mm256_storeu_ps(bounds + i, _mm256_permutex2var_ps(first, _mm256_cvtepu8_epi32(nibbles), second));
    _mm256_storeu_ps(bounds + i + 8, _mm256_permutex2var_ps(first, _mm256_cvtepu8_epi32(_mm_srli_si128(nibbles, 8)), second));
  }
  if (i < n) ExpandBoundsScalar(impacts + i / 2, n - i, table, bounds + i);
}

// The lanes of `mask`, one behind the other; returns how many. They are counted before anything is stored, see FindAllAvx512.
SAKUIN_AVX512 uint32_t Compress(__mmask8 mask, __m256i offsets, __m256 values, uint32_t* at, float* bound) {
  const auto count = static_cast<uint32_t>(_mm_popcnt_u32(mask));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), _mm256_maskz_compress_epi32(mask, offsets));
  _mm256_storeu_ps(bound, _mm256_maskz_compress_ps(mask, values));
  return count;
}

SAKUIN_AVX512 uint32_t KeepAtLeastAvx512(const uint32_t* docs, const float* bounds, uint32_t n, DocId base, float least, uint32_t* at, float* bound) {
  const __m256 limit = _mm256_set1_ps(least);
  const __m256i bases = _mm256_set1_epi32(static_cast<int>(base));
  uint32_t kept = 0;
  for (uint32_t i = 0; i < n; i += 8) {
    const auto lanes = static_cast<__mmask8>(n - i >= 8 ? 0xFF : (1U << (n - i)) - 1);
    const __m256 values = _mm256_maskz_loadu_ps(lanes, bounds + i);
    const __mmask8 mask = _mm256_mask_cmp_ps_mask(lanes, values, limit, _CMP_GE_OQ);
    if (mask != 0) kept += Compress(mask, _mm256_sub_epi32(_mm256_maskz_loadu_epi32(lanes, docs + i), bases), values, at + kept, bound + kept);
  }
  return kept;
}

SAKUIN_AVX512 uint32_t DrainSumsAvx512(float* sums, uint32_t first, float least, uint32_t* at, float* bound) {
  const __m256 limit = _mm256_set1_ps(least);
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < 64; i += 8) {
    const __m256 values = _mm256_loadu_ps(sums + i);
    const __mmask8 mask = _mm256_cmp_ps_mask(values, limit, _CMP_GE_OQ);
    _mm256_storeu_ps(sums + i, _mm256_setzero_ps());
    if (mask != 0) kept += Compress(mask, _mm256_add_epi32(lanes, _mm256_set1_epi32(static_cast<int>(first + i))), values, at + kept, bound + kept);
  }
  return kept;
}

SAKUIN_AVX512 void FindAllAvx512(const uint32_t* docs, DocId base, const uint32_t* at, uint32_t count, uint8_t* places) {
  const __m256i ends = _mm256_i32gather_epi32(reinterpret_cast<const int*>(docs), _mm256_setr_epi32(15, 31, 47, 63, 79, 95, 111, 127), 4);
  for (uint32_t i = 0; i < count; ++i) {
    const __m256i doc = _mm256_set1_epi32(static_cast<int>(base + at[i]));
    const auto sixteen = static_cast<uint32_t>(_mm_popcnt_u32(_mm256_cmplt_epu32_mask(ends, doc)));
    const auto* from = reinterpret_cast<const __m256i*>(docs + 16 * sixteen);
    // Both loads come before the masks: gcc 12 reloads a spilled mask of 8 bits as 32, and sanitizers call something at every load.
    const __m256i first = _mm256_loadu_si256(from);
    const __m256i second = _mm256_loadu_si256(from + 1);
    const uint32_t low = _mm256_cmpeq_epi32_mask(first, doc);
    const uint32_t mask = low | static_cast<uint32_t>(_mm256_cmpeq_epi32_mask(second, doc)) << 8;
    places[i] = static_cast<uint8_t>(mask == 0 ? kAbsentPlace : 16 * sixteen + static_cast<uint32_t>(std::countr_zero(mask)));
  }
}

#endif  // x86-64

struct Kernels {
  decltype(&ExpandBounds) expand = ExpandBoundsScalar;
  decltype(&KeepAtLeast) keep = KeepAtLeastScalar;
  decltype(&DrainSums) drain = DrainSumsScalar;
  decltype(&FindAll) find = FindAllScalar;
};

Kernels ChooseKernels() {
  Kernels kernels;
#if defined(__x86_64__)
  const SimdLevel level = CurrentSimdLevel();
  if (level >= SimdLevel::kAvx2) kernels = {ExpandBoundsAvx2, KeepAtLeastAvx2, DrainSumsAvx2, FindAllAvx2};
  if (level >= SimdLevel::kAvx512) kernels = {ExpandBoundsAvx512, KeepAtLeastAvx512, DrainSumsAvx512, FindAllAvx512};
#endif
  return kernels;
}

const Kernels& Active() {
  static const Kernels kernels = ChooseKernels();
  return kernels;
}

}  // namespace

void ExpandBounds(const uint8_t* impacts, uint32_t n, const float* table, float* bounds) { Active().expand(impacts, n, table, bounds); }

uint32_t KeepAtLeast(const uint32_t* docs, const float* bounds, uint32_t n, DocId base, float least, uint32_t* at, float* bound) {
  return Active().keep(docs, bounds, n, base, least, at, bound);
}

uint32_t DrainSums(float* sums, uint32_t first, float least, uint32_t* at, float* bound) { return Active().drain(sums, first, least, at, bound); }

void FindAll(const uint32_t* docs, DocId base, const uint32_t* at, uint32_t count, uint8_t* places) {
  Active().find(docs, base, at, count, places);
}

}  // namespace sakuin::searcher
