#include "base/checksum.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

namespace sakuin {
namespace {

std::string RandomBytes(size_t size) {
  std::mt19937 random(7);
  std::string bytes(size, 0);
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

// The function is part of the format on disk: these values must never change.
TEST(ChecksumTest, IsXxh3WithSeedZero) {
  EXPECT_EQ(Checksum(""), 0x2D06800538D394C2U);
  EXPECT_EQ(Checksum("a"), 0xE6C632B61E964E1FU);
  EXPECT_EQ(Checksum("abc"), 0x78AF5F94892F3950U);
}

TEST(ChecksumTest, PartsEqualTheWhole) {
  const std::string bytes = RandomBytes(3000);
  for (const size_t part : {1U, 7U, 64U, 255U, 256U, 1024U, 2999U, 3000U}) {
    RunningChecksum running;
    for (size_t at = 0; at < bytes.size(); at += part) {
      running.Update(std::string_view(bytes).substr(at, part));
      EXPECT_EQ(running.Value(), Checksum(std::string_view(bytes).substr(0, at + part)));
    }
  }
}

TEST(ChecksumTest, ResetAndMove) {
  RunningChecksum running;
  running.Update("something");
  running.Reset();
  EXPECT_EQ(running.Value(), Checksum(""));
  running.Update("abc");
  const RunningChecksum moved = std::move(running);
  EXPECT_EQ(moved.Value(), Checksum("abc"));
}

TEST(ChecksumTest, SeesEveryFlippedBit) {
  for (const size_t size : {1U, 16U, 100U, 300U}) {
    std::string bytes = RandomBytes(size);
    const uint64_t whole = Checksum(bytes);
    for (size_t bit = 0; bit < size * 8; ++bit) {
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_NE(Checksum(bytes), whole) << "bit " << bit << " of " << size << " bytes";
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    }
  }
}

}  // namespace
}  // namespace sakuin
