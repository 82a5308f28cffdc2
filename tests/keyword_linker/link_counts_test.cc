#include "keyword_linker/link_counts.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/base/faulty_file_system.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::keyword_linker {
namespace {

TEST(LinkCountsTest, AddUpOverFlushes) {
  const ScratchFolder scratch;
  EXPECT_TRUE(ReadLinkCounts(PosixFileSystem(), scratch.path())->empty());
  LinkCounts counts;
  for (int round = 0; round < 3; ++round) {
    counts.Add("東京");
    counts.Add("東京");
    counts.Add("Kyoto");
    ASSERT_TRUE(counts.Flush(PosixFileSystem(), scratch.path()).ok());
  }
  ASSERT_TRUE(counts.Flush(PosixFileSystem(), scratch.path()).ok());
  EXPECT_EQ(*ReadLinkCounts(PosixFileSystem(), scratch.path()), (CountsByKeyword{{"Kyoto", 3}, {"東京", 6}}));
}

TEST(LinkCountsTest, NobodyWhoFlushesIsLost) {
  const ScratchFolder scratch;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&scratch] {
      for (int n = 0; n < 10; ++n) {
        LinkCounts counts;
        counts.Add("k");
        EXPECT_TRUE(counts.Flush(PosixFileSystem(), scratch.path()).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ReadLinkCounts(PosixFileSystem(), scratch.path())->at("k"), 40U);
}

TEST(LinkCountsTest, AFailedFlushIsTriedAgain) {
  const ScratchFolder scratch;
  FaultyFileSystem fs(PosixFileSystem());
  LinkCounts counts;
  counts.Add("k");
  fs.FailAt(FaultyFileSystem::Operation::kWrite, 1);
  EXPECT_FALSE(counts.Flush(fs, scratch.path()).ok());
  EXPECT_TRUE(counts.Flush(fs, scratch.path()).ok());
  EXPECT_EQ(ReadLinkCounts(fs, scratch.path())->at("k"), 1U);
}

TEST(LinkCountsTest, DamageIsTold) {
  const ScratchFolder scratch;
  LinkCounts counts;
  for (int i = 0; i < 20; ++i) counts.Add("keyword " + std::to_string(i));
  ASSERT_TRUE(counts.Flush(PosixFileSystem(), scratch.path()).ok());
  const std::string bytes = *PosixFileSystem().ReadAll(scratch.Path("counts/linked"));
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x21);
    EXPECT_EQ(ParseLinkCounts(damaged).status().code(), StatusCode::kDataLoss) << at;
    EXPECT_EQ(ParseLinkCounts(bytes.substr(0, at)).status().code(), StatusCode::kDataLoss) << at;
  }
}

}  // namespace
}  // namespace sakuin::keyword_linker
