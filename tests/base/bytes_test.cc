#include "base/bytes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace sakuin {
namespace {

// Every number around the borders of a varint's length, and of the integer types.
std::vector<uint64_t> Borders() {
  std::vector<uint64_t> all = {0, 1, 300, UINT32_MAX, uint64_t{UINT32_MAX} + 1, UINT64_MAX - 1, UINT64_MAX};
  for (int bits = 7; bits < 64; bits += 7) {
    for (const int64_t step : {-1, 0, 1}) all.push_back((uint64_t{1} << bits) + static_cast<uint64_t>(step));
  }
  return all;
}

TEST(VarintTest, IsSevenBitsAByteLowFirst) {
  std::string out;
  AppendVarint(out, 300);
  EXPECT_EQ(out, "\xAC\x02");
}

TEST(VarintTest, BordersComeBack) {
  for (const uint64_t value : Borders()) {
    std::string out;
    AppendVarint(out, value);
    const size_t bits = value == 0 ? 1 : 64 - static_cast<size_t>(std::countl_zero(value));
    EXPECT_EQ(out.size(), (bits + 6) / 7) << value;
    ByteReader in(out);
    EXPECT_EQ(in.ReadVarint(), value);
    EXPECT_TRUE(in.ok() && in.AtEnd());
  }
}

TEST(VarintTest, EveryTruncationFails) {
  for (const uint64_t value : Borders()) {
    std::string out;
    AppendVarint(out, value);
    for (size_t size = 0; size < out.size(); ++size) {
      ByteReader in(std::string_view(out).substr(0, size));
      EXPECT_EQ(in.ReadVarint(), 0U);
      EXPECT_FALSE(in.ok());
    }
  }
}

TEST(VarintTest, MoreThan64BitsFail) {
  for (const std::string& bytes : {std::string(9, '\xFF') + '\x02', std::string(10, '\xFF'), std::string(10, '\x80') + '\x01'}) {
    ByteReader in(bytes);
    EXPECT_EQ(in.ReadVarint(), 0U);
    EXPECT_FALSE(in.ok());
    EXPECT_EQ(in.remaining(), 0U);
  }
}

TEST(VarintTest, ThirtyTwoBitsAreChecked) {
  for (const uint64_t value : Borders()) {
    std::string out;
    AppendVarint(out, value);
    ByteReader in(out);
    const bool fits = value <= UINT32_MAX;
    EXPECT_EQ(in.ReadVarint32(), fits ? value : 0);
    EXPECT_EQ(in.ok(), fits) << value;
  }
}

TEST(ZigZagTest, SmallMagnitudesAreSmall) {
  EXPECT_EQ(ZigZag(0), 0U);
  EXPECT_EQ(ZigZag(-1), 1U);
  EXPECT_EQ(ZigZag(1), 2U);
  EXPECT_EQ(ZigZag(-2), 3U);
  EXPECT_EQ(ZigZag(std::numeric_limits<int64_t>::min()), UINT64_MAX);
  for (const uint64_t value : Borders()) EXPECT_EQ(ZigZag(UnZigZag(value)), value);
}

TEST(ByteReaderTest, FixedWidthIsLittleEndian) {
  std::string out;
  AppendU8(out, 0x01);
  AppendU16(out, 0x0302);
  AppendU32(out, 0x07060504);
  AppendU64(out, 0x0F0E0D0C0B0A0908);
  EXPECT_EQ(out, std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F"));
  ByteReader in(out);
  EXPECT_EQ(in.ReadU8(), 0x01);
  EXPECT_EQ(in.ReadU16(), 0x0302);
  EXPECT_EQ(in.ReadU32(), 0x07060504U);
  EXPECT_EQ(in.ReadU64(), 0x0F0E0D0C0B0A0908U);
  EXPECT_TRUE(in.ok() && in.AtEnd());
}

TEST(ByteReaderTest, FailureStays) {
  ByteReader in("abc");
  EXPECT_EQ(in.ReadU32(), 0U);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.ReadU8(), 0);
  EXPECT_EQ(in.ReadBytes(1), "");
  EXPECT_FALSE(in.ok());
}

TEST(ByteReaderTest, BytesAreViewsAndBounded) {
  std::string out;
  AppendLengthPrefixed(out, "hello");
  AppendLengthPrefixed(out, "");
  ByteReader in(out);
  const std::string_view hello = in.ReadLengthPrefixed();
  EXPECT_EQ(hello, "hello");
  EXPECT_EQ(hello.data(), out.data() + 1);
  EXPECT_EQ(in.ReadLengthPrefixed(), "");
  EXPECT_TRUE(in.ok() && in.AtEnd());

  std::string lie;
  AppendVarint(lie, UINT64_MAX);
  ByteReader liar(lie);
  EXPECT_EQ(liar.ReadLengthPrefixed(), "");
  EXPECT_FALSE(liar.ok());
}

// Reads in a random order of kinds; true when the reader kept to its span.
bool ReadsStayInside(std::string_view bytes, std::mt19937& random) {
  ByteReader in(bytes);
  size_t before = in.remaining();
  for (int i = 0; i < 64; ++i) {
    switch (random() % 7) {
      case 0: in.ReadU8(); break;
      case 1: in.ReadU16(); break;
      case 2: in.ReadU32(); break;
      case 3: in.ReadU64(); break;
      case 4: in.ReadVarint(); break;
      case 5: in.ReadVarint32(); break;
      default: {
        const std::string_view view = in.ReadLengthPrefixed();
        if (!view.empty() && (view.data() < bytes.data() || view.data() + view.size() > bytes.data() + bytes.size())) return false;
      }
    }
    if (in.remaining() > before || (!in.ok() && in.remaining() != 0)) return false;
    before = in.remaining();
  }
  return true;
}

TEST(ByteReaderTest, RandomBytesAreNeverReadOutside) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 20000; ++round) {
    // On the heap in its exact size, so that AddressSanitizer sees the border.
    const size_t size = random() % 40;
    const auto bytes = std::make_unique<char[]>(size);
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(random());
    ASSERT_TRUE(ReadsStayInside({bytes.get(), size}, random)) << "round " << round;
  }
}

TEST(ByteReaderTest, RandomNumbersComeBack) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::string out;
  std::vector<uint64_t> values;
  for (int i = 0; i < 10000; ++i) {
    values.push_back(random() >> (random() % 64));
    AppendVarint(out, values.back());
  }
  ByteReader in(out);
  for (const uint64_t value : values) ASSERT_EQ(in.ReadVarint(), value);
  EXPECT_TRUE(in.ok() && in.AtEnd());
}

}  // namespace
}  // namespace sakuin
