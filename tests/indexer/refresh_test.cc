// What a writer shows before it commits, against a map.

#include <gtest/gtest.h>

#include <random>

#include "tests/indexer/writer_fixture.h"

namespace sakuin::indexer {
namespace {

using SnapshotPtr = std::shared_ptr<const index::Snapshot>;

class RefreshTest : public WriterFixture {
 protected:
  static Model Found(const SnapshotPtr& snapshot) { return WriterFixture::Found(**searcher::Searcher::Make(snapshot)); }
};

TEST_F(RefreshTest, ShowsWhatIsWrittenButNotCommitted) {
  auto writer = OpenWriter();
  Add(*writer, "a", "all one");
  ASSERT_TRUE(writer->Commit().ok());
  Add(*writer, "b", "all two");
  Add(*writer, "c", "all three", "headline");  // a field that no commit knows
  const SnapshotPtr snapshot = *writer->Refresh();
  EXPECT_EQ(Found(snapshot), model_);
  EXPECT_NE(snapshot->schema().Find("headline"), nullptr);
  EXPECT_EQ(Found(*index::Snapshot::Open(fs_, folder_)).size(), 1U);  // others see the commit
  writer.reset();
  EXPECT_EQ(Found(*index::Snapshot::Open(fs_, folder_)).size(), 1U);  // it was not made durable
}

TEST_F(RefreshTest, ASnapshotStaysAsItIs) {
  auto writer = OpenWriter();
  for (int i = 0; i < 50; ++i) Add(*writer, "k" + std::to_string(i), "all");
  const SnapshotPtr snapshot = *writer->Refresh();
  const Model then = model_;
  for (int i = 0; i < 50; i += 2) ASSERT_TRUE(writer->Delete("k" + std::to_string(i)).ok());
  Add(*writer, "k1", "all new");
  ASSERT_TRUE(writer->Commit().ok());
  ASSERT_TRUE(writer->Optimize().ok());  // the files of the snapshot are gone
  EXPECT_EQ(Found(snapshot), then);
  writer.reset();
  EXPECT_EQ(Found(snapshot), then);
}

TEST_F(RefreshTest, SegmentsStayOpen) {
  auto writer = OpenWriter();
  Add(*writer, "a", "all");
  const SnapshotPtr first = *writer->Refresh();
  Add(*writer, "b", "all");
  const SnapshotPtr second = *writer->Refresh();
  ASSERT_EQ(first->parts().size(), 1U);
  ASSERT_EQ(second->parts().size(), 2U);
  EXPECT_EQ(second->parts()[0].segment, first->parts()[0].segment);
}

TEST_F(RefreshTest, AJournalStillBringsBackWhatOnlyARefreshHasShown) {
  auto writer = OpenWriter({.journal = true});
  for (int i = 0; i < 20; ++i) Add(*writer, "k" + std::to_string(i), "all");
  ASSERT_TRUE(writer->Sync().ok());
  EXPECT_EQ(Found(*writer->Refresh()), model_);
  writer.reset();  // without Commit
  ASSERT_TRUE(RecoverIfNeeded(fs_, folder_).ok());
  EXPECT_EQ(Found(*index::Snapshot::Open(fs_, folder_)), model_);
}

TEST_F(RefreshTest, AgreesWithAMap) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (const uint32_t shards : {1U, 2U}) {
    folder_ = scratch_.Path("index" + std::to_string(shards));
    model_.clear();
    auto writer = OpenWriter({.shards = shards, .journal = shards == 2});
    std::vector<std::pair<SnapshotPtr, Model>> kept;
    for (int round = 0; round < 100; ++round) {
      for (uint32_t i = random() % 20; i > 0; --i) {
        const std::string key = "key" + std::to_string(random() % 200);
        if (random() % 4 == 0) {
          Delete(*writer, key);
        } else {
          Add(*writer, key, "all " + std::to_string(round), random() % 2 == 0 ? "body" : "title");
        }
      }
      const SnapshotPtr snapshot = *writer->Refresh();
      ASSERT_EQ(Found(snapshot), model_) << "round " << round;
      if (random() % 10 == 0) kept.emplace_back(snapshot, model_);
      if (random() % 5 == 0) {
        ASSERT_TRUE(writer->Commit().ok());
      }
    }
    ASSERT_TRUE(writer->WaitForMerges().ok());
    for (const auto& [snapshot, model] : kept) EXPECT_EQ(Found(snapshot), model);
    EXPECT_EQ(Found(*index::Snapshot::Open(fs_, folder_)), model_);
  }
}

}  // namespace
}  // namespace sakuin::indexer
