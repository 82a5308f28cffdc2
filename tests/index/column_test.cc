#include "index/column.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "index/length_code.h"

namespace sakuin::index {
namespace {

TEST(PackedNumbers, ComeBackAtEveryWidth) {
  std::mt19937_64 random(5);
  for (uint32_t bits = 0; bits <= 64; ++bits) {
    std::vector<uint64_t> numbers(100);
    for (uint64_t& n : numbers) n = bits == 0 ? 42 : random() >> (64 - bits);
    std::string bytes;
    AppendPacked(numbers, bytes);
    ByteReader in(bytes);
    PackedNumbers view;
    ASSERT_TRUE(PackedNumbers::Read(in, view)) << bits;
    ASSERT_EQ(view.size(), numbers.size());
    for (size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(view[i], numbers[i]) << bits << " " << i;
    for (size_t size = 0; size < bytes.size(); ++size) {
      ByteReader cut(std::string_view(bytes).substr(0, size));
      EXPECT_FALSE(PackedNumbers::Read(cut, view)) << size;
    }
  }
}

TEST(OrderedFromDouble, KeepsTheOrder) {
  const double values[] = {-std::numeric_limits<double>::infinity(), -1e300, -2, -1e-300, 0.0, 1e-300, 0.5, 3, 1e300,
                           std::numeric_limits<double>::infinity()};
  for (size_t i = 0; i + 1 < std::size(values); ++i) {
    EXPECT_LT(OrderedFromDouble(values[i]), OrderedFromDouble(values[i + 1])) << values[i];
    EXPECT_EQ(DoubleFromOrdered(OrderedFromDouble(values[i])), values[i]);
  }
  EXPECT_EQ(OrderedFromDouble(-0.0), OrderedFromDouble(0.0));
}

TEST(LengthCode, RoundsDownAndGrows) {
  uint8_t before = 0;
  for (uint32_t length = 0; length < 200'000; ++length) {
    const uint8_t code = CodeOfLength(length);
    ASSERT_GE(code, before);
    ASSERT_LE(LengthOfCode(code), length);
    ASSERT_GE(LengthOfCode(code) * 17 / 16 + 1, length) << "at most 6 % too short";
    before = code;
  }
}

}  // namespace
}  // namespace sakuin::index
