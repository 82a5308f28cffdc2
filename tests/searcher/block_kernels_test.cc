// The vector loops against the plainest code for the same; CMakeLists.txt runs
// this at every level of vector instructions.

#include "searcher/block_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sakuin::searcher {
namespace {

using index::kBlockSize;

struct Block {
  uint32_t n = 0;
  uint32_t docs[kBlockSize];
  float bounds[kBlockSize + kKernelRoom];
};

Block RandomBlock(std::mt19937& random, uint32_t base) {
  Block block;
  block.n = 1 + static_cast<uint32_t>(random() % kBlockSize);
  uint32_t doc = base;
  const uint32_t spread = 1 + static_cast<uint32_t>(random() % 40);
  for (uint32_t i = 0; i < kBlockSize; ++i) {
    block.docs[i] = i < block.n ? doc : index::kNoMoreDocs;
    doc += 1 + static_cast<uint32_t>(random() % spread);
    block.bounds[i] = static_cast<float>(random() % 8);
  }
  return block;
}

TEST(BlockKernels, ExpandLooksUpEveryNibble) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    uint8_t impacts[kBlockSize / 2];
    float table[16];
    for (uint8_t& pair : impacts) pair = static_cast<uint8_t>(random());
    for (float& value : table) value = static_cast<float>(random() % 1000);
    const uint32_t n = 1 + static_cast<uint32_t>(random() % kBlockSize);
    float bounds[kBlockSize + kKernelRoom];
    ExpandBounds(impacts, n, table, bounds);
    for (uint32_t i = 0; i < n; ++i) ASSERT_EQ(bounds[i], table[impacts[i / 2] >> i % 2 * 4 & 15]) << i << " of " << n;
  }
}

TEST(BlockKernels, KeepLeavesOutWhatIsBelow) {
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    const uint32_t base = random() % 2 == 0 ? 0 : 4'000'000'000U;
    const Block block = RandomBlock(random, base);
    const auto least = static_cast<float>(random() % 10);
    std::vector<std::pair<uint32_t, float>> expected;
    for (uint32_t i = 0; i < block.n; ++i) {
      if (block.bounds[i] >= least) expected.emplace_back(block.docs[i] - base, block.bounds[i]);
    }
    uint32_t at[kBlockSize + kKernelRoom];
    float bound[kBlockSize + kKernelRoom];
    const uint32_t kept = KeepAtLeast(block.docs, block.bounds, block.n, base, least, at, bound);
    ASSERT_EQ(kept, expected.size());
    for (uint32_t i = 0; i < kept; ++i) ASSERT_EQ(std::make_pair(at[i], bound[i]), expected[i]);
  }
}

TEST(BlockKernels, DrainTakesAndClears) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    float sums[64];
    for (float& sum : sums) sum = random() % 3 == 0 ? static_cast<float>(random() % 8) : 0;
    const auto least = static_cast<float>(1 + random() % 8);
    std::vector<std::pair<uint32_t, float>> expected;
    for (uint32_t i = 0; i < 64; ++i) {
      if (sums[i] >= least) expected.emplace_back(128 + i, sums[i]);
    }
    uint32_t at[64 + kKernelRoom];
    float bound[64 + kKernelRoom];
    const uint32_t kept = DrainSums(sums, 128, least, at, bound);
    ASSERT_EQ(kept, expected.size());
    for (uint32_t i = 0; i < kept; ++i) ASSERT_EQ(std::make_pair(at[i], bound[i]), expected[i]);
    EXPECT_TRUE(std::all_of(sums, sums + 64, [](float sum) { return sum == 0; }));
  }
}

TEST(BlockKernels, FindTellsPlaces) {
  std::mt19937 random(4);
  for (int round = 0; round < 500; ++round) {
    const uint32_t base = random() % 2 == 0 ? 0 : 4'000'000'000U;
    const Block block = RandomBlock(random, base);
    std::vector<uint32_t> at;
    for (uint32_t offset = 0; offset <= block.docs[block.n - 1] - base; ++offset) {
      if (random() % 3 == 0) at.push_back(offset);
    }
    std::vector<uint8_t> places(at.size());
    FindAll(block.docs, base, at.data(), static_cast<uint32_t>(at.size()), places.data());
    for (size_t i = 0; i < at.size(); ++i) {
      const uint32_t* found = std::find(block.docs, block.docs + block.n, base + at[i]);
      const auto expected = found == block.docs + block.n ? kAbsentPlace : static_cast<uint32_t>(found - block.docs);
      ASSERT_EQ(places[i], expected) << at[i];
    }
  }
}

}  // namespace
}  // namespace sakuin::searcher
