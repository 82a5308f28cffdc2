// How a block is decoded.
//
// Nibble modes keep control bits apart from data, as Stream VByte does (Lemire,
// Kurz, Rupp 2018), so that the place of every value follows from a table and
// not from a chain of tests. Four values are taken at a time: their control bits
// select a mask of the nibbles that are present in four 16-bit slots, and one
// PDEP spreads the data over the slots. Without BMI2 the same tables drive a
// scalar loop. Data of nibble modes is one stream; it is padded to a byte only
// at its end, so odd nibble offsets occur and are shifted away.
//
// Safety: a block's bytes are bounded by kMaxBlockBytes. When fewer than that
// remain before `end`, the block is copied to a zero-padded buffer first, so the
// fast paths may read ahead freely; afterwards `used` is checked against `end`.

#include "index/block_codec.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/bytes.h"
#include "base/cpu.h"

namespace sakuin::index {
namespace {

enum Mode : uint8_t { kRun = 0, kFirstPair = 1, kLastPair = 6, kNibbles = 7, kOneNibble = 8, kBytes = 9, kBitset = 10 };

struct Pair {
  uint32_t shorter, longer;  // nibbles
};
constexpr Pair kPairs[] = {{1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}};

constexpr size_t kMaxBlockBytes = 1 + 32 + 4 * kBlockSize;  // bytes mode is the largest that the encoder makes
constexpr size_t kReadAhead = 64;
constexpr uint32_t kMaxBitsetWords = 62;  // more would not be smaller than bytes mode with room to spare

uint32_t NibblesOf(uint32_t v) { return v < 16 ? 1 : v < 256 ? 2 : v < 4096 ? 3 : v < 65536 ? 4 : 5; }
uint32_t BytesOf(uint32_t v) { return v < 256 ? 1 : v < 65536 ? 2 : v < (1U << 24) ? 3 : 4; }

// ---------------------------------------------------------------- encoding

struct Shape {
  uint32_t n = 0;
  std::array<uint32_t, 6> count{};  // values that need 1, 2, 3, 4, more nibbles, by index 1..5
  uint32_t bytes = 0;
  bool all_equal = true;
};

Shape ShapeOf(const uint32_t* values, uint32_t n) {
  Shape shape;
  shape.n = n;
  for (uint32_t i = 0; i < n; ++i) {
    ++shape.count[NibblesOf(values[i])];
    shape.bytes += BytesOf(values[i]);
    shape.all_equal &= values[i] == values[0];
  }
  return shape;
}

constexpr size_t kImpossible = SIZE_MAX;

size_t PairSize(const Shape& s, Pair pair) {
  size_t nibbles = 0;
  for (uint32_t length = 1; length <= 5; ++length) {
    if (s.count[length] == 0) continue;
    if (length > pair.longer) return kImpossible;
    nibbles += size_t{s.count[length]} * (length <= pair.shorter ? pair.shorter : pair.longer);
  }
  return (s.n + 7) / 8 + (nibbles + 1) / 2;
}

size_t NibblesSize(const Shape& s) {
  if (s.count[5] != 0) return kImpossible;
  const size_t nibbles = s.count[1] + 2 * size_t{s.count[2]} + 3 * size_t{s.count[3]} + 4 * size_t{s.count[4]};
  return (s.n + 3) / 4 + (nibbles + 1) / 2;
}

// The smallest mode apart from bitset; its size without the mode byte in `size`.
uint8_t BestMode(const Shape& s, uint32_t first, size_t& size) {
  if (s.all_equal) {
    uint8_t scratch[kMaxVarintBytes];
    size = EncodeVarint(first, scratch);
    return kRun;
  }
  uint8_t mode = kBytes;
  size = (s.n + 3) / 4 + s.bytes;
  const auto offer = [&](uint8_t candidate, size_t bytes) {
    if (bytes < size) {
      size = bytes;
      mode = candidate;
    }
  };
  if (s.count[1] == s.n) offer(kOneNibble, (s.n + 1) / 2);
  for (uint8_t p = 0; p < 6; ++p) offer(static_cast<uint8_t>(kFirstPair + p), PairSize(s, kPairs[p]));
  offer(kNibbles, NibblesSize(s));
  return mode;
}

class NibbleWriter {
 public:
  explicit NibbleWriter(std::string& out) : out_(out) {}
  void Put(uint32_t value, uint32_t nibbles) {
    for (uint32_t i = 0; i < nibbles; ++i, value >>= 4) {
      if (half_) {
        out_.back() = static_cast<char>(static_cast<uint8_t>(out_.back()) | (value & 15) << 4);
      } else {
        out_.push_back(static_cast<char>(value & 15));
      }
      half_ = !half_;
    }
  }

 private:
  std::string& out_;
  bool half_ = false;
};

void WritePair(const uint32_t* values, uint32_t n, Pair pair, std::string& out) {
  const size_t control = out.size();
  out.resize(control + (n + 7) / 8);
  NibbleWriter writer(out);
  for (uint32_t i = 0; i < n; ++i) {
    const bool longer = NibblesOf(values[i]) > pair.shorter;
    if (longer) out[control + i / 8] = static_cast<char>(out[control + i / 8] | 1 << i % 8);
    writer.Put(values[i], longer ? pair.longer : pair.shorter);
  }
}

void PutControl2(std::string& out, size_t control, uint32_t i, uint32_t length) {
  out[control + i / 4] = static_cast<char>(static_cast<uint8_t>(out[control + i / 4]) | (length - 1) << 2 * (i % 4));
}

void WriteNibbles(const uint32_t* values, uint32_t n, std::string& out) {
  const size_t control = out.size();
  out.resize(control + (n + 3) / 4);
  NibbleWriter writer(out);
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t length = NibblesOf(values[i]);
    PutControl2(out, control, i, length);
    writer.Put(values[i], length);
  }
}

void WriteBytes(const uint32_t* values, uint32_t n, std::string& out) {
  const size_t control = out.size();
  out.resize(control + (n + 3) / 4);
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t length = BytesOf(values[i]);
    PutControl2(out, control, i, length);
    out.append(reinterpret_cast<const char*>(&values[i]), length);
  }
}

void WriteMode(const uint32_t* values, uint32_t n, uint8_t mode, std::string& out) {
  AppendU8(out, mode);
  if (mode == kRun) {
    AppendVarint(out, values[0]);
  } else if (mode <= kLastPair) {
    WritePair(values, n, kPairs[mode - kFirstPair], out);
  } else if (mode == kNibbles) {
    WriteNibbles(values, n, out);
  } else if (mode == kOneNibble) {
    NibbleWriter writer(out);
    for (uint32_t i = 0; i < n; ++i) writer.Put(values[i], 1);
  } else {
    WriteBytes(values, n, out);
  }
}

void WriteBitset(const uint32_t* docs, uint32_t n, uint32_t base, uint32_t words, std::string& out) {
  AppendU8(out, kBitset);
  AppendVarint(out, words);
  const size_t at = out.size();
  out.resize(at + size_t{words} * 8);
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t bit = docs[i] - base - 1;
    out[at + bit / 8] = static_cast<char>(static_cast<uint8_t>(out[at + bit / 8]) | 1U << bit % 8);
  }
}

// ---------------------------------------------------------------- tables

// For four values at a time: which nibbles of four 16-bit slots are present.
struct PairTable {
  std::array<uint64_t, 16> mask{};
};

constexpr uint64_t SlotMask(uint32_t slot, uint32_t nibbles) { return ((uint64_t{1} << 4 * nibbles) - 1) << 16 * slot; }

constexpr std::array<PairTable, 6> MakePairTables() {
  std::array<PairTable, 6> tables{};
  for (size_t p = 0; p < 6; ++p) {
    for (uint32_t control = 0; control < 16; ++control) {
      for (uint32_t slot = 0; slot < 4; ++slot) {
        const uint32_t nibbles = (control >> slot & 1) != 0 ? kPairs[p].longer : kPairs[p].shorter;
        // 4 nibbles in slot 3 would shift by 64: build the mask in two steps.
        tables[p].mask[control] |= nibbles == 4 ? uint64_t{0xFFFF} << 16 * slot : SlotMask(slot, nibbles);
      }
    }
  }
  return tables;
}

constexpr std::array<uint64_t, 256> MakeNibblesTable() {
  std::array<uint64_t, 256> table{};
  for (uint32_t control = 0; control < 256; ++control) {
    for (uint32_t slot = 0; slot < 4; ++slot) {
      const uint32_t nibbles = (control >> 2 * slot & 3) + 1;
      table[control] |= nibbles == 4 ? uint64_t{0xFFFF} << 16 * slot : SlotMask(slot, nibbles);
    }
  }
  return table;
}

struct ByteShuffle {
  alignas(16) std::array<uint8_t, 16> from{};
  uint8_t bytes = 0;
};

constexpr std::array<ByteShuffle, 256> MakeByteShuffles() {
  std::array<ByteShuffle, 256> table{};
  for (uint32_t control = 0; control < 256; ++control) {
    uint8_t next = 0;
    for (uint32_t slot = 0; slot < 4; ++slot) {
      const uint32_t length = (control >> 2 * slot & 3) + 1;
      for (uint32_t byte = 0; byte < 4; ++byte) table[control].from[slot * 4 + byte] = byte < length ? next++ : 0x80;
    }
    table[control].bytes = next;
  }
  return table;
}

constexpr std::array<PairTable, 6> kPairTables = MakePairTables();
constexpr std::array<uint64_t, 256> kNibblesTable = MakeNibblesTable();
constexpr std::array<ByteShuffle, 256> kByteShuffles = MakeByteShuffles();

// ---------------------------------------------------------------- decoding

// 64 bits of nibble data that begin at nibble `at`; reads 9 bytes. Without a branch: `at` is odd half of the time.
inline uint64_t NibbleWindow(const uint8_t* data, size_t at) {
  const uint32_t shift = at % 2 * 4;
  return LoadUnaligned<uint64_t>(data + at / 2) >> shift | uint64_t{data[at / 2 + 8]} << 1 << (63 - shift);
}

// The reference for PDEP: spreads the low bits of `bits` over the ones of `mask`,
// nibble by nibble.
inline uint64_t SpreadNibbles(uint64_t bits, uint64_t mask) {
  uint64_t spread = 0;
  for (uint64_t nibble = 0xF; nibble != 0; nibble <<= 4) {
    if ((mask & nibble) == 0) continue;
    spread |= (bits & 15) * (nibble & (~nibble + 1));
    bits >>= 4;
  }
  return spread;
}

inline uint32_t ControlOfPair(const uint8_t* control, uint32_t group) { return control[group / 2] >> 4 * (group % 2) & 15; }

// Decodes ceil(n / 4) groups of four; returns the bytes of control and data.
template <typename MaskOf, typename Spread>
inline __attribute__((always_inline)) size_t DecodeNibbleGroups(const uint8_t* in, size_t control_bytes, uint32_t n, uint32_t* out, MaskOf mask_of,
                                                                Spread spread) {
  const uint8_t* data = in + control_bytes;
  size_t at = 0;
  for (uint32_t group = 0; group * 4 < n; ++group) {
    uint64_t mask = mask_of(group);
    if (const uint32_t present = n - group * 4; present < 4) mask &= (uint64_t{1} << 16 * present) - 1;
    const uint64_t slots = spread(NibbleWindow(data, at), mask);
    for (uint32_t slot = 0; slot < 4; ++slot) out[group * 4 + slot] = static_cast<uint32_t>(slots >> 16 * slot & 0xFFFF);
    at += static_cast<size_t>(std::popcount(mask)) / 4;
  }
  return control_bytes + (at + 1) / 2;
}

template <typename Spread>
inline __attribute__((always_inline)) size_t DecodeNibbleMode(uint8_t mode, const uint8_t* in, uint32_t n, uint32_t* out, Spread spread) {
  if (mode == kNibbles) {
    return DecodeNibbleGroups(in, (n + 3) / 4, n, out, [in](uint32_t group) { return kNibblesTable[in[group]]; }, spread);
  }
  if (mode == kOneNibble) {
    return DecodeNibbleGroups(in, 0, n, out, [](uint32_t) { return uint64_t{0x000F000F000F000F}; }, spread);
  }
  const PairTable& table = kPairTables[mode - kFirstPair];
  return DecodeNibbleGroups(in, (n + 7) / 8, n, out, [in, &table](uint32_t group) { return table.mask[ControlOfPair(in, group)]; }, spread);
}

size_t DecodeBytesScalar(const uint8_t* in, uint32_t n, uint32_t* out) {
  const uint8_t* data = in + (n + 3) / 4;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t length = (in[i / 4] >> 2 * (i % 4) & 3U) + 1;
    const uint32_t word = LoadUnaligned<uint32_t>(data);
    out[i] = length == 4 ? word : word & ((1U << 8 * length) - 1);
    data += length;
  }
  return static_cast<size_t>(data - in);
}

struct Decoders {
  size_t (*nibbles)(uint8_t mode, const uint8_t* in, uint32_t n, uint32_t* out);
  size_t (*bytes)(const uint8_t* in, uint32_t n, uint32_t* out);
  void (*prefix_sum)(uint32_t* values, uint32_t n, uint32_t base);  // gaps - 1 to documents
  uint32_t (*bitset)(const char* words, uint32_t count, uint32_t first, uint32_t* out);
};

size_t DecodeNibblesScalar(uint8_t mode, const uint8_t* in, uint32_t n, uint32_t* out) {
  return DecodeNibbleMode(mode, in, n, out, [](uint64_t bits, uint64_t mask) { return SpreadNibbles(bits, mask); });
}

void PrefixSumScalar(uint32_t* values, uint32_t n, uint32_t base) {
  for (uint32_t i = 0; i < n; ++i) {
    base += values[i] + 1;
    values[i] = base;
  }
}

// At most kBlockSize documents come out; returns how many bits were set.
uint32_t DecodeBitsetScalar(const char* words, uint32_t count, uint32_t first, uint32_t* out) {
  uint32_t n = 0;
  for (uint32_t w = 0; w < count; ++w) {
    uint64_t bits = LoadUnaligned<uint64_t>(words + 8 * size_t{w});
    if (n + static_cast<uint32_t>(std::popcount(bits)) > kBlockSize) return kBlockSize + 1;
    for (; bits != 0; bits &= bits - 1) out[n++] = first + w * 64 + static_cast<uint32_t>(std::countr_zero(bits));
  }
  return n;
}

#if defined(__x86_64__)

// Which control bits a nibble mode has, as a type, so that the loop below has no branch on it.
struct PairControl {
  const PairTable& table;
  static size_t Bytes(uint32_t n) { return (n + 7) / 8; }
  uint64_t Mask(const uint8_t* in, uint32_t group) const { return table.mask[ControlOfPair(in, group)]; }
};
struct NibblesControl {
  static size_t Bytes(uint32_t n) { return (n + 3) / 4; }
  static uint64_t Mask(const uint8_t* in, uint32_t group) { return kNibblesTable[in[group]]; }
};
struct NoControl {
  static size_t Bytes(uint32_t) { return 0; }
  static uint64_t Mask(const uint8_t*, uint32_t) { return 0x000F000F000F000F; }
};

// Groups of four: the mask gives the values' places, PDEP spreads them, and 16-bit slots widen to 32.
template <typename Control>
SAKUIN_AVX2 size_t DecodeGroupsAvx2(const Control& control, const uint8_t* in, uint32_t n, uint32_t* out) {
  const uint8_t* data = in + Control::Bytes(n);
  size_t at = 0;
  for (uint32_t i = 0; i < n; i += 4) {
    uint64_t mask = control.Mask(in, i / 4);
    if (i + 4 > n) mask &= (uint64_t{1} << 16 * (n - i)) - 1;
    const uint64_t slots = _pdep_u64(NibbleWindow(data, at), mask);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), _mm_cvtepu16_epi32(_mm_cvtsi64_si128(static_cast<long long>(slots))));
    at += static_cast<size_t>(_mm_popcnt_u64(mask)) / 4;
  }
  return Control::Bytes(n) + (at + 1) / 2;
}

SAKUIN_AVX2 size_t DecodeNibblesAvx2(uint8_t mode, const uint8_t* in, uint32_t n, uint32_t* out) {
  if (mode == kNibbles) return DecodeGroupsAvx2(NibblesControl{}, in, n, out);
  if (mode == kOneNibble) return DecodeGroupsAvx2(NoControl{}, in, n, out);
  return DecodeGroupsAvx2(PairControl{kPairTables[mode - kFirstPair]}, in, n, out);
}

SAKUIN_AVX2 size_t DecodeBytesAvx2(const uint8_t* in, uint32_t n, uint32_t* out) {
  const uint8_t* data = in + (n + 3) / 4;
  uint32_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const ByteShuffle& shuffle = kByteShuffles[in[i / 4]];
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data));
    const __m128i from = _mm_load_si128(reinterpret_cast<const __m128i*>(shuffle.from.data()));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), _mm_shuffle_epi8(bytes, from));
    data += shuffle.bytes;
  }
  for (; i < n; ++i) {
    const uint32_t length = (in[i / 4] >> 2 * (i % 4) & 3U) + 1;
    const uint32_t word = LoadUnaligned<uint32_t>(data);
    out[i] = length == 4 ? word : word & ((1U << 8 * length) - 1);
    data += length;
  }
  return static_cast<size_t>(data - in);
}

SAKUIN_AVX2 void PrefixSumAvx2(uint32_t* values, uint32_t n, uint32_t base) {
  __m128i carry = _mm_set1_epi32(static_cast<int>(base));
  const __m128i one = _mm_set1_epi32(1);
  for (uint32_t i = 0; i < n; i += 4) {
    __m128i* at = reinterpret_cast<__m128i*>(values + i);
    __m128i x = _mm_add_epi32(_mm_loadu_si128(at), one);
    x = _mm_add_epi32(x, _mm_slli_si128(x, 4));
    x = _mm_add_epi32(x, _mm_slli_si128(x, 8));
    x = _mm_add_epi32(x, carry);
    carry = _mm_shuffle_epi32(x, 0xFF);
    _mm_storeu_si128(at, x);
  }
}

// On vectors of 256 bits (docs/decisions/0010).
SAKUIN_AVX512 uint32_t DecodeBitsetAvx512(const char* words, uint32_t count, uint32_t first, uint32_t* out) {
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  uint32_t n = 0;
  for (uint32_t w = 0; w < count; ++w) {
    const uint64_t bits = LoadUnaligned<uint64_t>(words + 8 * size_t{w});
    if (n + static_cast<uint32_t>(_mm_popcnt_u64(bits)) > kBlockSize) return kBlockSize + 1;
    for (uint32_t part = 0; part < 8; ++part) {
      const __mmask8 mask = static_cast<__mmask8>(bits >> 8 * part);
      const __m256i docs = _mm256_add_epi32(lanes, _mm256_set1_epi32(static_cast<int>(first + w * 64 + part * 8)));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + n), _mm256_maskz_compress_epi32(mask, docs));
      n += static_cast<uint32_t>(_mm_popcnt_u32(mask));
    }
  }
  return n;
}

#endif  // x86-64

Decoders ChooseDecoders() {
  Decoders decoders{DecodeNibblesScalar, DecodeBytesScalar, PrefixSumScalar, DecodeBitsetScalar};
#if defined(__x86_64__)
  const SimdLevel level = CurrentSimdLevel();
  if (level >= SimdLevel::kAvx2) decoders = {DecodeNibblesAvx2, DecodeBytesAvx2, PrefixSumAvx2, DecodeBitsetScalar};
  if (level >= SimdLevel::kAvx512) decoders.bitset = DecodeBitsetAvx512;
#endif
  return decoders;
}

const Decoders& Active() {
  static const Decoders decoders = ChooseDecoders();
  return decoders;
}

size_t DecodeRun(const uint8_t* in, uint32_t n, uint32_t* out) {
  ByteReader reader(std::string_view(reinterpret_cast<const char*>(in), kMaxVarintBytes));
  const uint32_t value = reader.ReadVarint32();
  if (!reader.ok()) return 0;
  std::fill_n(out, n, value);
  return kMaxVarintBytes - reader.remaining();
}

// Values, or gaps - 1 of documents; `in` may be read kMaxBlockBytes + kReadAhead far.
size_t DecodeReadable(const uint8_t* in, uint32_t n, uint32_t* out) {
  const uint8_t mode = *in;
  size_t used = 0;
  if (mode == kRun) {
    used = DecodeRun(in + 1, n, out);
  } else if (mode <= kOneNibble) {
    used = Active().nibbles(mode, in + 1, n, out);
  } else if (mode == kBytes) {
    used = Active().bytes(in + 1, n, out);
  }
  return used == 0 ? 0 : used + 1;
}

struct BitsetHeader {
  uint32_t words = 0;
  size_t bytes = 0;  // of mode and varint; 0: damaged
};

BitsetHeader ReadBitsetHeader(const uint8_t* in, const uint8_t* end) {
  ByteReader reader(std::string_view(reinterpret_cast<const char*>(in), static_cast<size_t>(end - in)));
  reader.ReadU8();
  const size_t before = reader.remaining();
  const uint64_t words = reader.ReadVarint();
  if (!reader.ok() || words == 0 || words > kMaxBitsetWords || words * 8 > reader.remaining()) return {};
  return {static_cast<uint32_t>(words), 1 + before - reader.remaining()};
}

size_t DecodeBitsetBlock(const uint8_t* in, const uint8_t* end, uint32_t n, uint32_t base, uint32_t* out) {
  const BitsetHeader header = ReadBitsetHeader(in, end);
  if (header.bytes == 0) return 0;
  const uint32_t found = Active().bitset(reinterpret_cast<const char*>(in) + header.bytes, header.words, base + 1, out);
  return found == n ? header.bytes + size_t{header.words} * 8 : 0;
}

// Gaps are stored minus one, so documents ascend unless their sum passes 32 bits. When
// the gaps of a block alone stay below that, only the last document needs a look: it is
// before the base if and only if the sum has wrapped. Of nibble modes and bitsets 128
// gaps are below 2^24 together.
bool SumFits(uint8_t mode, const uint32_t* gaps, uint32_t n) {
  if (mode != kRun && mode != kBytes) return true;
  uint64_t sum = n;
  for (uint32_t i = 0; i < n; ++i) sum += gaps[i];
  return sum <= UINT32_MAX;
}

}  // namespace

void EncodeValues(const uint32_t* values, uint32_t n, std::string& out) {
  size_t size = 0;
  const uint8_t mode = BestMode(ShapeOf(values, n), values[0], size);
  WriteMode(values, n, mode, out);
}

void EncodeDocs(const uint32_t* docs, uint32_t n, uint32_t base, std::string& out) {
  uint32_t gaps[kBlockSize];
  gaps[0] = docs[0] - base - 1;
  for (uint32_t i = 1; i < n; ++i) gaps[i] = docs[i] - docs[i - 1] - 1;
  size_t size = 0;
  const uint8_t mode = BestMode(ShapeOf(gaps, n), gaps[0], size);
  const uint64_t words = (uint64_t{docs[n - 1] - base - 1} + 64) / 64;
  // A bitset may cost an eighth more than the best other mode: it decodes without gaps to add up.
  if (mode != kRun && words <= kMaxBitsetWords && 1 + words * 8 <= size + size / 8) {
    WriteBitset(docs, n, base, static_cast<uint32_t>(words), out);
  } else {
    WriteMode(gaps, n, mode, out);
  }
}

size_t DecodeValues(const void* in, const void* end, uint32_t n, uint32_t* out) {
  const uint8_t* from = static_cast<const uint8_t*>(in);
  const size_t available = static_cast<size_t>(static_cast<const uint8_t*>(end) - from);
  if (available >= kMaxBlockBytes + kReadAhead) return DecodeReadable(from, n, out);
  if (available == 0) return 0;
  uint8_t padded[kMaxBlockBytes + kReadAhead] = {};
  std::memcpy(padded, from, available);
  const size_t used = DecodeReadable(padded, n, out);
  return used <= available ? used : 0;
}

size_t DecodeDocs(const void* in, const void* end, uint32_t n, uint32_t base, uint32_t* out) {
  const uint8_t* from = static_cast<const uint8_t*>(in);
  if (from == end) return 0;
  size_t used = 0;
  if (*from == kBitset) {
    used = DecodeBitsetBlock(from, static_cast<const uint8_t*>(end), n, base, out);
  } else {
    used = DecodeValues(in, end, n, out);
    if (used == 0 || !SumFits(*from, out, n)) return 0;
    Active().prefix_sum(out, n, base);
  }
  return out[n - 1] >= base + 1 ? used : 0;
}

}  // namespace sakuin::index
