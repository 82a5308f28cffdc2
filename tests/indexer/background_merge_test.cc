// Merges beside indexing: writes and deletes that arrive while a merge runs, a
// process killed in the middle, a disk that refuses, a merge that never ends.

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "indexer/index_verifier.h"
#include "indexer/index_writer.h"
#include "indexer/mapped_document.h"
#include "indexer/merge_thread.h"
#include "searcher/searcher.h"
#include "tests/base/scratch_folder.h"

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

using Model = std::map<std::string, std::string>;  // key to body

class BackgroundMergeTest : public testing::Test {
 protected:
  ~BackgroundMergeTest() override { gate_.Open(); }

  std::unique_ptr<IndexWriter> OpenWriter(uint64_t merge_bytes_per_second = 0, uint32_t shards = 1, size_t threads = 1, bool journal = false) {
    IndexWriterOptions options;
    options.memory_bytes = size_t{64} << 20;
    options.threads = threads;
    options.journal = journal;
    options.merge_bytes_per_second = merge_bytes_per_second;
    options.schema = EmptySchema();
    options.schema.shards = shards;
    auto writer = IndexWriter::Open(gate_, folder_, std::move(options));
    EXPECT_TRUE(writer.ok()) << writer.status().ToString();
    return *std::move(writer);
  }

  void Add(IndexWriter& writer, const std::string& key, const std::string& body) {
    index::Document document;
    document.key = key;
    document.fields = {{"body", body}};
    document.stored = "{\"body\":\"" + body + "\"}";
    ASSERT_TRUE(writer.Add(std::move(document)).ok());
    model_[key] = body;
  }
  void Delete(IndexWriter& writer, const std::string& key) {
    ASSERT_TRUE(writer.Delete(key).ok());
    model_.erase(key);
  }

  // Eight segments of ten documents, of one tier: the ninth to be written is the merged one.
  void WriteEightSegments(IndexWriter& writer) {
    for (int segment = 0; segment < 8; ++segment) {
      for (int i = 0; i < 10; ++i) Add(writer, "k" + std::to_string(segment) + "-" + std::to_string(i), "all s" + std::to_string(segment));
      ASSERT_TRUE(writer.Commit().ok());
    }
  }

  size_t SegmentsIn(const std::string& folder) { return (*index::Snapshot::Open(gate_, folder))->parts().size(); }

  static std::string Describe(const Model& model) {
    std::string text;
    for (const auto& [key, body] : model) text.append(key).append("={\"body\":\"").append(body).append("\"}\n");
    return text;
  }

  // What the index of `folder` holds, as its search sees it.
  static std::string Found(const std::string& folder) {
    const auto searcher = searcher::Searcher::Open(PosixFileSystem(), folder);
    EXPECT_TRUE(searcher.ok()) << searcher.status().ToString();
    searcher::SearchRequest request;
    request.query = searcher::ParsePlain("all");
    request.top = 100'000;
    const searcher::SearchAnswer answer = *(*searcher)->Search(request);
    EXPECT_EQ(answer.total, answer.hits.size());
    EXPECT_EQ((*searcher)->snapshot().documents(), answer.total);
    std::map<std::string, std::string> hits;
    for (const searcher::Hit& hit : answer.hits) hits[hit.key] = hit.stored;
    EXPECT_EQ(hits.size(), answer.hits.size()) << "a key is found twice";
    std::string text;
    for (const auto& [key, stored] : hits) text.append(key).append("=").append(stored).append("\n");
    return text;
  }

  void ExpectModel(const std::string& where) {
    EXPECT_EQ(Found(folder_), Describe(model_)) << where;
    EXPECT_EQ(VerifyIndex(PosixFileSystem(), folder_), std::vector<std::string>()) << where;
  }

  GateFileSystem gate_;
  ScratchFolder scratch_;
  std::string folder_ = scratch_.Path("index");
  Model model_;
};

TEST_F(BackgroundMergeTest, WhatComesDuringAMergeIsAppliedToTheMergedSegment) {
  auto writer = OpenWriter();
  gate_.CloseAt(9);
  WriteEightSegments(*writer);
  gate_.WaitUntilSomebodyWaits();
  Delete(*writer, "k3-4");
  Add(*writer, "k5-5", "all new");
  Add(*writer, "fresh", "all fresh");
  ASSERT_TRUE(writer->Commit().ok());
  Delete(*writer, "k0-0");
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(SegmentsIn(folder_), 9U);  // none is merged yet
  ExpectModel("during the merge");
  Delete(*writer, "k7-9");  // not committed when the merge ends
  gate_.Open();
  ASSERT_TRUE(writer->WaitForMerges().ok());
  EXPECT_EQ(writer->counts().merges, 1U);
  EXPECT_EQ(SegmentsIn(folder_), 2U);
  ExpectModel("after the merge");
}

TEST_F(BackgroundMergeTest, PartsThatVanishDuringAMergeStayAway) {
  auto writer = OpenWriter();
  gate_.CloseAt(9);
  WriteEightSegments(*writer);
  gate_.WaitUntilSomebodyWaits();
  for (int i = 0; i < 10; ++i) Delete(*writer, "k2-" + std::to_string(i));
  ASSERT_TRUE(writer->Commit().ok());  // the third segment goes
  EXPECT_EQ(SegmentsIn(folder_), 7U);
  gate_.Open();
  ASSERT_TRUE(writer->WaitForMerges().ok());
  EXPECT_EQ(SegmentsIn(folder_), 1U);
  ExpectModel("after the merge");
}

TEST_F(BackgroundMergeTest, AllPartsMayVanish) {
  auto writer = OpenWriter();
  gate_.CloseAt(9);
  WriteEightSegments(*writer);
  gate_.WaitUntilSomebodyWaits();
  for (const auto& [key, body] : Model(model_)) Delete(*writer, key);
  ASSERT_TRUE(writer->Commit().ok());
  gate_.Open();
  ASSERT_TRUE(writer->WaitForMerges().ok());
  EXPECT_EQ(SegmentsIn(folder_), 0U);
  ExpectModel("after the merge");
}

TEST_F(BackgroundMergeTest, AMergedSegmentIsCommittedWithoutAnotherWrite) {
  auto writer = OpenWriter();
  gate_.CloseAt(9);
  WriteEightSegments(*writer);
  gate_.WaitUntilSomebodyWaits();
  const uint64_t generation = writer->generation();
  gate_.Open();
  while (writer->generation() == generation) std::this_thread::yield();
  EXPECT_EQ(SegmentsIn(folder_), 1U);
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
  auto writer = OpenWriter(0, 1, 1, true);
  gate_.CloseAt(9);
  WriteEightSegments(*writer);
  gate_.WaitUntilSomebodyWaits();
  Delete(*writer, "k1-1");
  Add(*writer, "k2-2", "all new");
  ASSERT_TRUE(writer->Sync().ok());
  const std::string copy = scratch_.Path("copy");
  std::filesystem::copy(folder_, copy);
  gate_.Open();
  writer.reset();
  EXPECT_TRUE(VerifyIndex(PosixFileSystem(), copy).empty());
  ASSERT_TRUE(RecoverIfNeeded(PosixFileSystem(), copy).ok());
  EXPECT_EQ(Found(copy), Describe(model_));
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
  EXPECT_LE(SegmentsIn(folder_), 2U);
  ExpectModel("after the second try");
}

// At a byte a second the merge never ends: everything else must.
TEST_F(BackgroundMergeTest, AMergeHoldsUpNeitherCommitNorOptimizeNorClosing) {
  auto writer = OpenWriter(1);
  WriteEightSegments(*writer);
  Delete(*writer, "k4-4");
  ASSERT_TRUE(writer->Commit().ok());
  ExpectModel("beside the merge");
  writer.reset();
  writer = OpenWriter(1);
  Add(*writer, "fresh", "all fresh");
  ASSERT_TRUE(writer->Commit().ok());
  ASSERT_TRUE(writer->Optimize().ok());
  EXPECT_EQ(SegmentsIn(folder_), 1U);
  EXPECT_EQ(writer->counts().merges, 0U);
  ExpectModel("after Optimize");
}

// While the first merge stands still, a second writer of segments comes to a halt before there are too many.
TEST_F(BackgroundMergeTest, SegmentsThatNobodyMergesAreNotPiledUp) {
  constexpr size_t kCommits = 2 * kMostSegmentsOfShard;
  auto writer = OpenWriter();
  gate_.CloseAt(9);
  WriteEightSegments(*writer);
  gate_.WaitUntilSomebodyWaits();
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
  EXPECT_LT(SegmentsIn(folder_), 16U);
  ExpectModel("at the end");
}

// Random writes against a map, with merges that start and end when they like.
TEST_F(BackgroundMergeTest, AgreesWithAMap) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  uint64_t merges = 0;
  for (const auto& [shards, threads, rate, journal] :
       std::vector<std::tuple<uint32_t, size_t, uint64_t, bool>>{{1, 1, 0, false}, {1, 3, 500'000, true}, {3, 2, 2'000'000, false}}) {
    folder_ = scratch_.Path("index" + std::to_string(shards) + "-" + std::to_string(threads));
    model_.clear();
    std::mt19937 random(seed);
    auto writer = OpenWriter(rate, shards, threads, journal);
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
        writer = OpenWriter(rate, shards, threads, journal);
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
