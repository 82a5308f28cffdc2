#include "crawler/simhash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

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

// Of articles with so many words, some of their words other ones: of how many the bits are near.
size_t NearOnes(size_t words, size_t other_words) {
  size_t near = 0;
  for (uint32_t seed = 0; seed < 50; ++seed) {
    const std::string article = Article(seed, words);
    const std::string other = Article(seed, words - other_words) + Article(seed + 2000, other_words);
    near += SimHashDistance(FingerprintOf(article).simhash, FingerprintOf(other).simhash) <= 3 ? 1 : 0;
    EXPECT_GT(SimHashDistance(FingerprintOf(article).simhash, FingerprintOf(Article(seed + 1000, words)).simhash), 10);
  }
  return near;
}

TEST(SimHashTest, NearTextsHaveNearBitsAndOthersDoNot) {
  EXPECT_GE(NearOnes(800, 4), 35u);
  EXPECT_GE(NearOnes(1100, 5), 40u);
  EXPECT_GE(NearOnes(5000, 25), 40u);
  EXPECT_GE(NearOnes(20'000, 100), 40u);
  EXPECT_LE(NearOnes(5000, 1000), 2u);
}

// Of a long text that says the same again and again all different shingles count, not the few that are in a sample.
TEST(SimHashTest, OfRepeatedTextAllShinglesAreLookedAt) {
  std::string menu;
  for (int line = 0; line < 4000; ++line) menu += "home about contact terms privacy help press jobs ";
  const TextFingerprint alone = FingerprintOf(menu);
  EXPECT_EQ(alone.shingles, 8U);
  const TextFingerprint one = FingerprintOf(menu + Article(1, 200));
  const TextFingerprint other = FingerprintOf(menu + Article(2, 200));
  EXPECT_NEAR(one.shingles, 208, 5);
  EXPECT_GT(SimHashDistance(one.simhash, other.simhash), 10);
}

// The limit of the sample moves with the length.
TEST(SimHashTest, LongTextsOfAnotherLengthAreNear) {
  size_t near = 0;
  for (uint32_t seed = 0; seed < 50; ++seed) {
    const std::string article = Article(seed, 4000);
    const TextFingerprint longer = FingerprintOf(article + Article(seed + 3000, 20));
    near += SimHashDistance(FingerprintOf(article).simhash, longer.simhash) <= 3 ? 1 : 0;
    EXPECT_NEAR(longer.shingles, 4018, 400);
  }
  EXPECT_GE(near, 40u);
}

uint64_t Fold(uint64_t a, uint64_t b) {
  __extension__ using Product = unsigned __int128;
  const Product product = Product{a} * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

constexpr uint64_t kFirstKey = 0xA0761D6478BD642F;
constexpr uint64_t kSecondKey = 0xE7037ED1A0B428DB;
constexpr uint64_t kThirdKey = 0x8EBC6AF09C88C6E3;
constexpr uint64_t kSampleKey = 0xD6E8FEB86659FD93;
constexpr size_t kSampled = 1024;

// By the bytes: those of a character by itself are one number, of a word sixteen are taken at a time.
uint64_t HashOf(std::string word, bool alone) {
  uint64_t hash = 0;
  if (alone) {
    for (size_t i = word.size(); i-- > 0;) hash = hash << 8 | static_cast<uint8_t>(word[i]);
    return Fold(hash ^ kThirdKey, kSecondKey) | 1;
  }
  for (word.resize((word.size() + 15) / 16 * 16); !word.empty(); word.erase(0, 16)) {
    hash = Fold(LoadUnaligned<uint64_t>(word.data()) ^ kFirstKey ^ hash, LoadUnaligned<uint64_t>(word.data() + 8) ^ kSecondKey);
  }
  return hash & ~uint64_t{1};
}

// The shingles as they are said to be, or a sample of many. Words are in lower case here.
std::vector<uint64_t> ShinglesOf(const std::vector<std::string>& words, const std::vector<bool>& alone) {
  const auto hash_of = [&](size_t i) { return HashOf(words[i], alone[i]); };
  std::set<uint64_t> shingles;
  for (size_t i = 1; i < words.size(); ++i) {
    const uint64_t last = hash_of(i - 1);
    const uint64_t hash = hash_of(i);
    if (alone[i - 1] && alone[i]) {
      shingles.insert(Fold(last + kThirdKey, hash ^ kFirstKey));
    } else if (i > 1) {
      shingles.insert(Fold(std::rotl(hash_of(i - 2), 32) + last + kThirdKey, hash ^ kFirstKey));
    }
  }
  if (words.size() > kSampled) std::erase_if(shingles, [&](uint64_t shingle) { return shingle * kSampleKey > UINT64_MAX / words.size() * kSampled; });
  return {shingles.begin(), shingles.end()};
}

uint64_t Estimated(size_t sampled, size_t words) {
  return static_cast<uint64_t>(static_cast<double>(sampled) / static_cast<double>(UINT64_MAX / words * kSampled) * 0x1p64);
}

// Each counted bit by bit.
uint64_t MajorityOf(const std::vector<uint64_t>& shingles) {
  uint64_t out = 0;
  for (size_t bit = 0; bit < 64; ++bit) {
    const auto has = static_cast<size_t>(std::ranges::count_if(shingles, [bit](uint64_t shingle) { return (shingle >> bit & 1) != 0; }));
    out |= uint64_t{2 * has > shingles.size() ? 1u : 0u} << bit;
  }
  return out;
}

TEST(SimHashTest, EqualsTheMajorityOfItsShingles) {
  constexpr std::string_view kWords[] = {"a", "the", "x9", "antidisestablishment", "sixteenlettersss", "caf\xC3\xA9",
                                         "\xD0\xB4\xD0\xB0", "longer", "0"};
  constexpr std::string_view kAlone[] = {"\xE6\x9D\xB1", "\xE4\xBA\xAC", "\xEC\x84\x9C", "\xF0\xA0\x80\x80"};
  constexpr std::string_view kMarks[] = {" ", ", ", "\n", "\xE3\x80\x82", "\xFF", "\xE2\x80\x94"};
  for (uint32_t seed = 1; seed <= 500; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::string> words;
    std::vector<bool> alone;
    std::string text;
    for (size_t left = random() % (seed % 10 == 0 ? 3000 : 40); left > 0; --left) {
      alone.push_back(random() % 3 == 0);
      words.emplace_back(alone.back() ? kAlone[random() % std::size(kAlone)] : kWords[random() % std::size(kWords)]);
      if (!alone.back() && random() % 2 == 0) words.back() += std::to_string(random() % 50);
      std::string written = words.back();
      if (written[0] >= 'a' && written[0] <= 'z' && random() % 2 == 0) written[0] = static_cast<char>(written[0] - 32);
      text += written;
      text += kMarks[random() % std::size(kMarks)];
    }
    const std::vector<uint64_t> shingles = ShinglesOf(words, alone);
    const TextFingerprint fingerprint = FingerprintOf(text);
    ASSERT_EQ(fingerprint.shingles, words.size() <= kSampled ? shingles.size() : Estimated(shingles.size(), words.size())) << "seed " << seed;
    ASSERT_EQ(fingerprint.simhash, MajorityOf(shingles)) << "seed " << seed;
  }
}

// Fingerprints are kept on disk: with them kVersion of frontier_records.cc changes.
TEST(SimHashTest, IsWhatItWas) {
  const TextFingerprint fingerprint = FingerprintOf("The quick brown fox, caf\xC3\xA9 \xE6\x9D\xB1\xE4\xBA\xAC!");
  EXPECT_EQ(fingerprint.content.low, 9385251390776782331u);
  EXPECT_EQ(fingerprint.content.high, 13674021398219170706u);
  EXPECT_EQ(fingerprint.simhash, 9198384206570833398u);
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
