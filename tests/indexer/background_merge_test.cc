// Merges beside indexing: writes and deletes that arrive while a merge runs, a
// process killed in the middle, a disk that refuses, a merge that never ends.

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <random>
#include <thread>

#include "indexer/index_verifier.h"
#include "indexer/merge_thread.h"
#include "tests/indexer/writer_fixture.h"

namespace sakuin::indexer {
namespace {

// Stops, or fails, when a segment gets its final name. Everything else is passed on.
class GateFileSystem : public FileSystem {
 public:
  // The n-th segment from the beginning waits until Open().
  void CloseAt(size_t n) {
    const std::lock_guard lock(mutex_);
    closed_at_ = n;
    open_ = false;
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void WaitUntilSomebodyWaits() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_; });
  }
  void FailAt(size_t n) {
    const std::lock_guard lock(mutex_);
    fails_at_ = n;
  }
  size_t segments() const {
    const std::lock_guard lock(mutex_);
    return segments_;
  }

  Status Rename(const std::string& from, const std::string& to) override {
    if (to.ends_with(".seg")) RETURN_IF_ERROR(Pass());
    return base_.Rename(from, to);
  }
  Result<std::unique_ptr<WritableFile>> Create(const std::string& path) override { return base_.Create(path); }
  Result<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) override { return base_.OpenForAppend(path); }
  Result<std::unique_ptr<MappedFile>> Map(const std::string& path) override { return base_.Map(path); }
  Result<std::string> ReadAll(const std::string& path) override { return base_.ReadAll(path); }
  Status Truncate(const std::string& path, uint64_t size) override { return base_.Truncate(path, size); }
  Status Remove(const std::string& path) override { return base_.Remove(path); }
  Status CreateFolder(const std::string& path) override { return base_.CreateFolder(path); }
  Status SyncFolder(const std::string& path) override { return base_.SyncFolder(path); }
  bool Exists(const std::string& path) override { return base_.Exists(path); }
  Result<uint64_t> Size(const std::string& path) override { return base_.Size(path); }
  Result<std::vector<std::string>> List(const std::string& folder) override { return base_.List(folder); }
  Result<std::unique_ptr<FileLock>> LockFolder(const std::string& folder) override { return base_.LockFolder(folder); }
  Result<std::unique_ptr<FileLock>> LockFile(const std::string& path) override { return base_.LockFile(path); }

 private:
  Status Pass() {
    std::unique_lock lock(mutex_);
    const size_t n = ++segments_;
    if (n == fails_at_) return ResourceExhaustedError("the disk is full");
    if (n == closed_at_) {
      waiting_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
      waiting_ = false;
    }
    return OkStatus();
  }

  FileSystem& base_ = PosixFileSystem();
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  size_t segments_ = 0;
  size_t closed_at_ = 0;
  size_t fails_at_ = 0;
  bool open_ = false;
  bool waiting_ = false;
};

class BackgroundMergeTest : public WriterFixture {
 protected:
  ~BackgroundMergeTest() override { gate_.Open(); }

  // One thread, if nothing else is asked for, so that a commit makes one segment.
  std::unique_ptr<IndexWriter> OpenWriter(const WriterKind& kind = {.threads = 1}) { return OpenWriterOn(gate_, kind); }

  // Eight segments of ten documents, of one tier: the ninth to be written is the merged one.
  void WriteEightSegments(IndexWriter& writer) {
    for (int segment = 0; segment < 8; ++segment) {
      for (int i = 0; i < 10; ++i) Add(writer, "k" + std::to_string(segment) + "-" + std::to_string(i), "all s" + std::to_string(segment));
      ASSERT_TRUE(writer.Commit().ok());
    }
  }

  // Their merge waits at the gate when this returns.
  std::unique_ptr<IndexWriter> OpenInTheMiddleOfAMerge(const WriterKind& kind = {.threads = 1}) {
    auto writer = OpenWriter(kind);
    gate_.CloseAt(9);
    WriteEightSegments(*writer);
    gate_.WaitUntilSomebodyWaits();
    return writer;
  }

  void LetTheMergeEnd(IndexWriter& writer) {
    gate_.Open();
    ASSERT_TRUE(writer.WaitForMerges().ok());
  }

  size_t Segments() { return (*index::Snapshot::Open(gate_, folder_))->parts().size(); }

  static Model Found(const std::string& folder) {
    const auto searcher = searcher::Searcher::Open(PosixFileSystem(), folder);
    EXPECT_TRUE(searcher.ok()) << searcher.status().ToString();
    return WriterFixture::Found(**searcher);
  }

  void ExpectModel(const std::string& where) {
    EXPECT_EQ(Found(folder_), model_) << where;
    EXPECT_EQ(VerifyIndex(PosixFileSystem(), folder_), std::vector<std::string>()) << where;
  }

  GateFileSystem gate_;
};

TEST_F(BackgroundMergeTest, WhatComesDuringAMergeIsAppliedToTheMergedSegment) {
  auto writer = OpenInTheMiddleOfAMerge();
  Delete(*writer, "k3-4");
  Add(*writer, "k5-5", "all new");
  Add(*writer, "fresh", "all fresh");
  ASSERT_TRUE(writer->Commit().ok());
  Delete(*writer, "k0-0");
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Segments(), 9U);  // none is merged yet
  ExpectModel("during the merge");
  Delete(*writer, "k7-9");  // not committed when the merge ends
  LetTheMergeEnd(*writer);
  EXPECT_EQ(writer->counts().merges, 1U);
  EXPECT_EQ(Segments(), 2U);
  ExpectModel("after the merge");
}

TEST_F(BackgroundMergeTest, PartsThatVanishDuringAMergeStayAway) {
  auto writer = OpenInTheMiddleOfAMerge();
  for (int i = 0; i < 10; ++i) Delete(*writer, "k2-" + std::to_string(i));
  ASSERT_TRUE(writer->Commit().ok());  // the third segment goes
  EXPECT_EQ(Segments(), 7U);
  LetTheMergeEnd(*writer);
  EXPECT_EQ(Segments(), 1U);
  ExpectModel("after the merge");
}

TEST_F(BackgroundMergeTest, AllPartsMayVanish) {
  auto writer = OpenInTheMiddleOfAMerge();
  for (const auto& [key, body] : Model(model_)) Delete(*writer, key);
  ASSERT_TRUE(writer->Commit().ok());
  LetTheMergeEnd(*writer);
  EXPECT_EQ(Segments(), 0U);
  ExpectModel("after the merge");
}

TEST_F(BackgroundMergeTest, AMergedSegmentIsCommittedWithoutAnotherWrite) {
  auto writer = OpenInTheMiddleOfAMerge();
  const uint64_t generation = writer->generation();
  gate_.Open();
  while (writer->generation() == generation) std::this_thread::yield();
  EXPECT_EQ(Segments(), 1U);
  ExpectModel("after the merge");
}

TEST_F(BackgroundMergeTest, SegmentsMergedBeforeACommitLeaveNoFiles) {
  auto writer = OpenWriter();
  for (int i = 0; i < 8; ++i) {
    Add(*writer, "k" + std::to_string(i), "all");
    ASSERT_TRUE(writer->Refresh().ok());
  }
  while (writer->counts().merges == 0) std::this_thread::yield();
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) files += entry.path().extension() == ".seg" ? 1 : 0;
  EXPECT_EQ(files, 1U);
  ASSERT_TRUE(writer->Commit().ok());
  ExpectModel("after the commit");
}

// Killed: a copy of the folder while a merge runs and a journal is open.
TEST_F(BackgroundMergeTest, AKilledMergeLeavesTheIndexAsItWas) {
  auto writer = OpenInTheMiddleOfAMerge({.threads = 1, .journal = true});
  Delete(*writer, "k1-1");
  Add(*writer, "k2-2", "all new");
  ASSERT_TRUE(writer->Sync().ok());
  const std::string copy = scratch_.Path("copy");
  std::filesystem::copy(folder_, copy);
  gate_.Open();
  writer.reset();
  EXPECT_TRUE(VerifyIndex(PosixFileSystem(), copy).empty());
  ASSERT_TRUE(RecoverIfNeeded(PosixFileSystem(), copy).ok());
  EXPECT_EQ(Found(copy), model_);
  EXPECT_TRUE(VerifyIndex(PosixFileSystem(), copy).empty());
  for (const auto& entry : std::filesystem::directory_iterator(copy)) EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
}

TEST_F(BackgroundMergeTest, AFailedMergeIsToldOnceAndTriedAgain) {
  auto writer = OpenWriter();
  gate_.FailAt(9);
  std::vector<Status> statuses;
  for (int segment = 0; segment < 8; ++segment) {
    Add(*writer, "k" + std::to_string(segment), "all");
    statuses.push_back(writer->Commit());
  }
  statuses.push_back(writer->WaitForMerges());
  ExpectModel("after the failure");
  Add(*writer, "fresh", "all fresh");
  statuses.push_back(writer->WaitForMerges());
  const auto failures = std::count_if(statuses.begin(), statuses.end(), [](const Status& status) { return !status.ok(); });
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(writer->counts().merges, 1U);
  EXPECT_LE(Segments(), 2U);
  ExpectModel("after the second try");
}

// At a byte a second the merge never ends: everything else must.
TEST_F(BackgroundMergeTest, AMergeHoldsUpNeitherCommitNorOptimizeNorClosing) {
  auto writer = OpenWriter({.threads = 1, .merge_bytes_per_second = 1});
  WriteEightSegments(*writer);
  Delete(*writer, "k4-4");
  ASSERT_TRUE(writer->Commit().ok());
  ExpectModel("beside the merge");
  writer.reset();
  writer = OpenWriter({.threads = 1, .merge_bytes_per_second = 1});
  Add(*writer, "fresh", "all fresh");
  ASSERT_TRUE(writer->Commit().ok());
  ASSERT_TRUE(writer->Optimize().ok());
  EXPECT_EQ(Segments(), 1U);
  EXPECT_EQ(writer->counts().merges, 0U);
  ExpectModel("after Optimize");
}

// While the first merge stands still, a second writer of segments comes to a halt before there are too many.
TEST_F(BackgroundMergeTest, SegmentsThatNobodyMergesAreNotPiledUp) {
  constexpr size_t kCommits = 2 * kMostSegmentsOfShard;
  auto writer = OpenInTheMiddleOfAMerge();
  std::thread writing([&] {
    for (size_t i = 0; i < kCommits; ++i) {
      Add(*writer, "k" + std::to_string(i), "all");
      ASSERT_TRUE(writer->Commit().ok());
    }
  });
  while (gate_.segments() < kMostSegmentsOfShard) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // to go on, if it does
  EXPECT_LE(gate_.segments(), kMostSegmentsOfShard + 1);         // and the merged one
  gate_.Open();
  writing.join();
  ASSERT_TRUE(writer->WaitForMerges().ok());
  EXPECT_LT(Segments(), 16U);
  ExpectModel("at the end");
}

// Random writes against a map, with merges that start and end when they like.
TEST_F(BackgroundMergeTest, AgreesWithAMap) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  uint64_t merges = 0;
  const WriterKind kinds[] = {{.threads = 1},
                              {.threads = 3, .journal = true, .merge_bytes_per_second = 500'000},
                              {.shards = 3, .threads = 2, .merge_bytes_per_second = 2'000'000}};
  for (const WriterKind& kind : kinds) {
    folder_ = scratch_.Path("index" + std::to_string(kind.shards) + "-" + std::to_string(kind.threads));
    model_.clear();
    std::mt19937 random(seed);
    auto writer = OpenWriter(kind);
    for (int round = 0; round < 100; ++round) {
      for (uint32_t i = 1 + random() % 30; i > 0; --i) {
        const std::string key = "key" + std::to_string(random() % 500);
        if (random() % 4 == 0) {
          Delete(*writer, key);
        } else {
          Add(*writer, key, "all w" + std::to_string(random() % 100) + " r" + std::to_string(round));
        }
      }
      ASSERT_TRUE(writer->Commit().ok());
      if (round % 10 == 9) ExpectModel("round " + std::to_string(round));
      if (random() % 40 == 0) {
        ASSERT_TRUE(writer->Optimize().ok());
      }
      if (random() % 40 == 0) {
        merges += writer->counts().merges;
        writer.reset();
        writer = OpenWriter(kind);
      }
    }
    ASSERT_TRUE(writer->WaitForMerges().ok());
    ExpectModel("at the end");
    EXPECT_EQ(writer->documents(), model_.size());
    merges += writer->counts().merges;
  }
  EXPECT_GT(merges, 0U);
}

}  // namespace
}  // namespace sakuin::indexer
