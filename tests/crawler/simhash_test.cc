#include "crawler/simhash.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sakuin::crawler {
namespace {

std::string Article(uint32_t seed, size_t words) {
  std::mt19937 random(seed);
  std::string out;
  for (size_t i = 0; i < words; ++i) out += "word" + std::to_string(random() % 2000) + (i % 12 == 11 ? ". " : " ");
  return out;
}

TEST(SimHashTest, BlanksMarksAndCaseAreNothing) {
  const TextFingerprint plain = FingerprintOf("The quick brown fox jumps");
  for (const char* same : {" the  QUICK\n\nbrown... fox, jumps!",
                           "The quick\xE2\x80\x94"
                           "brown \xC2\xA0 fox jumps",
                           "\xE3\x80\x8CThe quick brown fox jumps\xE3\x80\x8D"}) {
    EXPECT_EQ(FingerprintOf(same).content, plain.content) << same;
    EXPECT_EQ(FingerprintOf(same).simhash, plain.simhash) << same;
  }
  EXPECT_NE(FingerprintOf("The quick brown foxjumps").content, plain.content);
  EXPECT_NE(FingerprintOf("quick The brown fox jumps").content, plain.content);
  EXPECT_EQ(plain.shingles, 3u);
  EXPECT_EQ(FingerprintOf("").shingles, 0u);
  EXPECT_EQ(FingerprintOf("").content, FingerprintOf(" \n.").content);
  EXPECT_NE(FingerprintOf("").content, FingerprintOf("a").content);
}

TEST(SimHashTest, CharactersOfCjkAreInPairs) {
  EXPECT_EQ(FingerprintOf("\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD").shingles, 2u);               // 東京都
  EXPECT_EQ(FingerprintOf("\xEC\x84\x9C\xEC\x9A\xB8 \xEC\x8B\x9C\xEC\xB2\xAD").shingles, 3u);  // 서울 시청
}

TEST(SimHashTest, NearTextsHaveNearBitsAndOthersDoNot) {
  size_t near = 0;
  for (uint32_t seed = 0; seed < 50; ++seed) {
    const std::string article = Article(seed, 800);
    const uint64_t hash = FingerprintOf(article).simhash;
    near += SimHashDistance(hash, FingerprintOf(article + " Updated today at noon.").simhash) <= 3 ? 1 : 0;
    EXPECT_GT(SimHashDistance(hash, FingerprintOf(Article(seed + 1000, 800)).simhash), 10);
  }
  EXPECT_GE(near, 40u);
}

TEST(SimHashTest, AnyBytes) {
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    EXPECT_LE(FingerprintOf(bytes).shingles, 40u);
  }
}

}  // namespace
}  // namespace sakuin::crawler
