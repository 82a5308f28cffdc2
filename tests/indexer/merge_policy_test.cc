#include "indexer/merge_policy.h"

#include <gtest/gtest.h>

#include "index/types.h"

namespace sakuin::indexer {
namespace {

struct Size {
  uint32_t documents;
  uint32_t deleted = 0;
  uint32_t shard = 0;
};

index::Manifest MakeManifest(const std::vector<Size>& sizes) {
  index::Manifest manifest;
  for (const Size& size : sizes) {
    index::SegmentEntry& entry = manifest.segments.emplace_back();
    entry.documents = size.documents;
    entry.deleted = size.deleted;
    entry.shard = size.shard;
  }
  return manifest;
}

using Places = std::vector<size_t>;

TEST(MergePolicy, EightOfATierAreMerged) {
  EXPECT_EQ(ChooseMerge(MakeManifest(std::vector<Size>(7, {100})), false), Places());
  EXPECT_EQ(ChooseMerge(MakeManifest(std::vector<Size>(8, {100})), false), Places({0, 1, 2, 3, 4, 5, 6, 7}));
  std::vector<Size> sizes(8, {5000});
  sizes.insert(sizes.begin(), {100});
  EXPECT_EQ(ChooseMerge(MakeManifest(sizes), false), Places({1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(MergePolicy, ShardsStayApart) {
  std::vector<Size> sizes(7, {100});
  sizes.push_back({100, 0, 1});
  EXPECT_EQ(ChooseMerge(MakeManifest(sizes), false), Places());
}

TEST(MergePolicy, ASegmentMoreThanHalfDeletedIsWrittenAnew) {
  EXPECT_EQ(ChooseMerge(MakeManifest({{100}, {100, 51}, {100, 50}}), false), Places({1}));
  EXPECT_EQ(ChooseMerge(MakeManifest({{100, 100}}), false), Places());  // nothing to write: the next commit drops it
}

TEST(MergePolicy, MergedSegmentsStayBelowTheLimit) {
  std::vector<Size> sizes(8, {1000});
  sizes[0].documents = 400;
  sizes[5].documents = 300;
  EXPECT_EQ(ChooseMerge(MakeManifest(sizes), false, 1700), Places({0, 1, 5}));
  EXPECT_EQ(ChooseMerge(MakeManifest(sizes), false, 1699), Places({0, 5}));
  EXPECT_EQ(ChooseMerge(MakeManifest(sizes), false, 699), Places());
  EXPECT_EQ(ChooseMerge(MakeManifest({{1000, 600}}), false, 399), Places());
  // A full tier does not stand in the way of another.
  std::vector<Size> tiers(8, {50'000});
  tiers.insert(tiers.end(), 8, {5});
  EXPECT_EQ(ChooseMerge(MakeManifest(tiers), false, 60'000), Places({8, 9, 10, 11, 12, 13, 14, 15}));
}

TEST(MergePolicy, OptimizeLeavesOneSegmentPerShardWithoutDeletes) {
  EXPECT_EQ(ChooseMerge(MakeManifest({{10}, {10'000}}), true), Places({0, 1}));
  EXPECT_EQ(ChooseMerge(MakeManifest({{10, 1}}), true), Places({0}));
  EXPECT_EQ(ChooseMerge(MakeManifest({{10}, {10, 0, 1}}), true), Places());
}

TEST(MergePolicy, NoSegmentIsMadeLargerThanAReaderTakes) {
  constexpr uint32_t kHalf = index::kMaxDocsPerSegment / 2;
  EXPECT_EQ(ChooseMerge(MakeManifest({{kHalf}, {kHalf}}), true), Places());
  EXPECT_EQ(ChooseMerge(MakeManifest({{kHalf}, {kHalf - 1}}), true), Places({0, 1}));
  EXPECT_EQ(ChooseMerge(MakeManifest({{kHalf}, {10}, {kHalf}}), true), Places({0, 1}));
  EXPECT_EQ(ChooseMerge(MakeManifest({{kHalf}, {kHalf + 5, 5}}), true), Places({1}));
  std::vector<Size> sizes(8, {index::kMaxDocsPerSegment / 4});
  EXPECT_EQ(ChooseMerge(MakeManifest(sizes), false), Places({0, 1, 2}));
}

}  // namespace
}  // namespace sakuin::indexer
