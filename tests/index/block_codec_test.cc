#include "index/block_codec.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <vector>

namespace sakuin::index {
namespace {

std::vector<uint32_t> RandomDocs(std::mt19937& random, uint32_t n, uint32_t base) {
  std::vector<uint32_t> docs(n);
  const uint32_t spread = 1U << random() % 20;
  uint32_t doc = base;
  for (uint32_t& d : docs) d = doc += 1 + (random() % spread >> random() % 8);
  return docs;
}

TEST(BlockCodec, TheExampleOfTheHeader) {
  const uint32_t docs[] = {3, 7, 300};
  std::string bytes;
  EncodeDocs(docs, 3, kBeforeFirst, bytes);
  // Gaps - 1 are 3, 3, 292: one nibble, one nibble, three nibbles (0x124), low nibble first.
  EXPECT_EQ(bytes, std::string("\x02\x04\x33\x24\x01", 5));
  uint32_t out[kDecodeRoom];
  ASSERT_EQ(DecodeDocs(bytes.data(), bytes.data() + bytes.size(), 3, kBeforeFirst, out), bytes.size());
  EXPECT_EQ(std::vector<uint32_t>(out, out + 3), (std::vector<uint32_t>{3, 7, 300}));
}

// Every "```hex docs N N N" of docs/index_format.md is decoded from the document itself.
TEST(BlockCodec, TheExamplesOfTheDocument) {
  std::ifstream document(SAKUIN_SOURCE_DIR "/docs/index_format.md");
  std::string line;
  int examples = 0;
  while (std::getline(document, line)) {
    std::istringstream fence(line);
    std::string tick;
    std::string docs_word;
    fence >> tick >> docs_word;
    if (tick != "```hex" || docs_word != "docs") continue;
    const std::vector<uint32_t> expected{std::istream_iterator<uint32_t>(fence), std::istream_iterator<uint32_t>()};
    std::getline(document, line);
    std::istringstream hex(line);
    std::string bytes;
    for (int byte = 0; hex >> std::hex >> byte;) bytes.push_back(static_cast<char>(byte));
    const auto n = static_cast<uint32_t>(expected.size());
    uint32_t out[kDecodeRoom];
    ASSERT_EQ(DecodeDocs(bytes.data(), bytes.data() + bytes.size(), n, kBeforeFirst, out), bytes.size()) << line;
    EXPECT_EQ(std::vector<uint32_t>(out, out + n), expected) << line;
    ++examples;
  }
  EXPECT_GT(examples, 0);
}

TEST(BlockCodec, DocumentsComeBackAsTheyWere) {
  std::mt19937 random(20261121);
  for (int round = 0; round < 20'000; ++round) {
    const uint32_t n = 1 + random() % kBlockSize;
    const uint32_t base = random() % 3 == 0 ? random() % 1000 : kBeforeFirst;
    const std::vector<uint32_t> docs = RandomDocs(random, n, base);
    std::string bytes;
    EncodeDocs(docs.data(), n, base, bytes);
    const size_t size = bytes.size();
    if (random() % 2 == 0) bytes.append(700, '\x7F');  // with and without room to read ahead
    uint32_t out[kDecodeRoom];
    ASSERT_EQ(DecodeDocs(bytes.data(), bytes.data() + bytes.size(), n, base, out), size) << "round " << round;
    ASSERT_EQ(std::vector<uint32_t>(out, out + n), docs) << "round " << round << ", mode " << int{static_cast<uint8_t>(bytes[0])};
  }
}

TEST(BlockCodec, ValuesOfEveryWidthComeBack) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    const uint32_t n = 1 + random() % kBlockSize;
    std::vector<uint32_t> values(n);
    const uint32_t bits = random() % 33;
    for (uint32_t& v : values) v = bits == 0 ? 5 : static_cast<uint32_t>(random() >> (32 - bits)) >> random() % 4;
    std::string bytes;
    EncodeValues(values.data(), n, bytes);
    uint32_t out[kDecodeRoom];
    ASSERT_EQ(DecodeValues(bytes.data(), bytes.data() + bytes.size(), n, out), bytes.size()) << "round " << round;
    ASSERT_EQ(std::vector<uint32_t>(out, out + n), values) << "round " << round;
  }
}

TEST(BlockCodec, DenseBlocksAreBitsets) {
  std::vector<uint32_t> docs;
  for (uint32_t doc = 10; docs.size() < kBlockSize; doc += 1 + doc % 2) docs.push_back(doc);
  std::string bytes;
  EncodeDocs(docs.data(), kBlockSize, 9, bytes);
  ASSERT_EQ(bytes[0], 10) << "the mode";
  const char* words = bytes.data() + 2;  // behind their number
  for (const uint32_t doc : docs) EXPECT_NE(words[(doc - 10) / 8] >> (doc - 10) % 8 & 1, 0);
}

TEST(BlockCodec, DamageIsNoticedOrGivesNumbersNeverMore) {
  std::mt19937 random(3);
  for (int round = 0; round < 20'000; ++round) {
    const uint32_t n = 1 + random() % kBlockSize;
    const std::vector<uint32_t> docs = RandomDocs(random, n, kBeforeFirst);
    std::string bytes;
    EncodeDocs(docs.data(), n, kBeforeFirst, bytes);
    if (random() % 2 == 0) {
      bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
    } else {
      bytes.resize(random() % bytes.size());
    }
    const std::vector<char> exact(bytes.begin(), bytes.end());  // the sanitizer sees a byte too far
    uint32_t out[kDecodeRoom];
    EXPECT_LE(DecodeDocs(exact.data(), exact.data() + exact.size(), n, kBeforeFirst, out), exact.size());
  }
}

// Gaps whose sum passes 32 bits would lead back before the base.
TEST(BlockCodec, DocumentsThatDoNotAscendAreRefused) {
  constexpr uint32_t kBase = UINT32_MAX - 4;  // the documents that may follow this base: four
  for (const std::vector<uint32_t>& gaps : std::vector<std::vector<uint32_t>>{{0, 3}, {1, 2}, {4}, {UINT32_MAX, 0}, {0, 200, 70'000}}) {
    std::string bytes;
    EncodeValues(gaps.data(), static_cast<uint32_t>(gaps.size()), bytes);
    uint32_t docs[kDecodeRoom];
    EXPECT_EQ(DecodeDocs(bytes.data(), bytes.data() + bytes.size(), static_cast<uint32_t>(gaps.size()), kBase, docs), 0U) << gaps[0];
  }
  std::string bytes;
  const uint32_t gaps[] = {1, 1};
  EncodeValues(gaps, 2, bytes);
  uint32_t docs[kDecodeRoom];
  EXPECT_EQ(DecodeDocs(bytes.data(), bytes.data() + bytes.size(), 2, kBase, docs), bytes.size());
  EXPECT_EQ(docs[1], UINT32_MAX);
}

}  // namespace
}  // namespace sakuin::index
