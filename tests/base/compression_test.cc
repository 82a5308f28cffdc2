#include "base/compression.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sakuin {
namespace {

std::string Text(size_t size) {
  std::string text;
  while (text.size() < size) text += "line " + std::to_string(text.size() % 97) + " of a text that repeats itself\n";
  text.resize(size);
  return text;
}

TEST(CompressionTest, ComesBack) {
  for (const size_t size : {0U, 1U, 100U, 70000U, 300000U}) {
    const std::string text = Text(size);
    std::string compressed = "before ";
    Compress(text, compressed);
    ASSERT_EQ(compressed.substr(0, 7), "before ");
    std::string back = "rubbish";
    const Status status = Decompress(std::string_view(compressed).substr(7), size, back);
    ASSERT_TRUE(status.ok()) << status.ToString();
    EXPECT_EQ(back, text);
  }
}

TEST(CompressionTest, TextBecomesSmaller) {
  std::string compressed;
  Compress(Text(100000), compressed);
  EXPECT_LT(compressed.size(), 20000U);
}

TEST(CompressionTest, AnotherSizeIsDataLoss) {
  std::string compressed;
  Compress(Text(1000), compressed);
  std::string back;
  for (const size_t size : {0U, 999U, 1001U}) EXPECT_EQ(Decompress(compressed, size, back).code(), StatusCode::kDataLoss);
}

TEST(CompressionTest, DamageNeverYieldsAnotherSize) {
  const std::string text = Text(2000);
  std::string compressed;
  Compress(text, compressed);
  std::string back;
  for (size_t size = 0; size < compressed.size(); ++size) {
    EXPECT_EQ(Decompress(std::string_view(compressed).substr(0, size), text.size(), back).code(), StatusCode::kDataLoss) << size;
  }
  std::mt19937 random(7);
  for (int i = 0; i < 5000; ++i) {
    std::string damaged = compressed;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    const Status status = Decompress(damaged, text.size(), back);
    if (status.ok()) {
      EXPECT_EQ(back.size(), text.size());
    } else {
      EXPECT_EQ(status.code(), StatusCode::kDataLoss);
    }
  }
}

}  // namespace
}  // namespace sakuin
