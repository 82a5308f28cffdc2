#include "base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/base/faulty_file_system.h"
#include "tests/base/scratch_folder.h"

namespace sakuin {
namespace {

class FileTest : public ::testing::Test {
 protected:
  void Write(const std::string& path, std::string_view bytes) {
    auto file = fs_.Create(path);
    ASSERT_TRUE(file.ok()) << file.status().ToString();
    ASSERT_TRUE((*file)->Append(bytes).ok());
    ASSERT_TRUE((*file)->Close().ok());
  }
  std::string Read(const std::string& path) {
    auto bytes = fs_.ReadAll(path);
    return bytes.ok() ? *bytes : bytes.status().ToString();
  }

  FileSystem& fs_ = PosixFileSystem();
  const ScratchFolder scratch_;
  const std::string path_ = scratch_.Path("file");
};

TEST_F(FileTest, WritesAppendsAndReads) {
  Write(path_, "one");
  EXPECT_EQ(Read(path_), "one");
  auto file = fs_.OpenForAppend(path_);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE((*file)->Append(" two").ok());
  EXPECT_TRUE((*file)->Append("").ok());
  EXPECT_TRUE((*file)->Sync().ok());
  EXPECT_TRUE((*file)->Close().ok());
  EXPECT_TRUE((*file)->Close().ok());
  EXPECT_EQ(Read(path_), "one two");
  Write(path_, "new");
  EXPECT_EQ(Read(path_), "new");
  EXPECT_EQ(*fs_.Size(path_), 3U);
}

TEST_F(FileTest, ReadsFromAByteOn) {
  Write(path_, "0123456");
  EXPECT_EQ(*fs_.ReadFrom(path_, 0), "0123456");
  EXPECT_EQ(*fs_.ReadFrom(path_, 5), "56");
  EXPECT_EQ(*fs_.ReadFrom(path_, 7), "");
  EXPECT_EQ(*fs_.ReadFrom(path_, 8), "");
  EXPECT_EQ(*fs_.FileSystem::ReadFrom(path_, 5), "56");
  EXPECT_EQ(*fs_.FileSystem::ReadFrom(path_, 8), "");
  EXPECT_EQ(fs_.ReadFrom(scratch_.Path("none"), 1).status().code(), StatusCode::kNotFound);
}

TEST_F(FileTest, WritingAfterCloseFails) {
  auto file = fs_.Create(path_);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE((*file)->Close().ok());
  EXPECT_FALSE((*file)->Append("x").ok());
  EXPECT_FALSE((*file)->Sync().ok());
}

TEST_F(FileTest, MapsWhatWasWritten) {
  const std::string bytes(300000, 'x');
  Write(path_, bytes);
  auto mapped = fs_.Map(path_);
  ASSERT_TRUE(mapped.ok());
  EXPECT_EQ((*mapped)->bytes(), bytes);
  (*mapped)->Release(0, bytes.size());
  (*mapped)->Release(5000, UINT64_MAX);
  (*mapped)->Release(UINT64_MAX, 1);
  EXPECT_EQ((*mapped)->bytes(), bytes);
}

TEST_F(FileTest, AnEmptyFileMapsToAnEmptyView) {
  Write(path_, "");
  auto mapped = fs_.Map(path_);
  ASSERT_TRUE(mapped.ok());
  EXPECT_TRUE((*mapped)->bytes().empty());
  (*mapped)->Release(0, 10);
}

TEST_F(FileTest, AMappingOutlivesTheName) {
  Write(path_, "still here");
  auto mapped = fs_.Map(path_);
  ASSERT_TRUE(mapped.ok());
  ASSERT_TRUE(fs_.Remove(path_).ok());
  EXPECT_EQ((*mapped)->bytes(), "still here");
}

TEST_F(FileTest, MissingFilesAreNotFoundAndNamed) {
  const std::string missing = scratch_.Path("missing");
  for (const Status& status : {fs_.Map(missing).status(), fs_.ReadAll(missing).status(), fs_.Size(missing).status(), fs_.Remove(missing),
                               fs_.Truncate(missing, 1), fs_.Rename(missing, path_), fs_.List(missing).status(), fs_.SyncFolder(missing),
                               fs_.Create(missing + "/x").status(), fs_.LockFolder(missing).status(), fs_.LockFile(missing + "/x").status()}) {
    EXPECT_EQ(status.code(), StatusCode::kNotFound) << status.ToString();
    EXPECT_NE(status.message().find(missing), std::string::npos);
  }
  EXPECT_FALSE(fs_.Exists(missing));
}

TEST_F(FileTest, AFolderIsNotAFile) {
  EXPECT_EQ(fs_.Map(scratch_.path()).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(fs_.ReadAll(scratch_.path()).status().code(), StatusCode::kInvalidArgument);
}

TEST_F(FileTest, RenameReplacesAndTruncateCuts) {
  Write(path_, "old");
  Write(scratch_.Path("other"), "new bytes");
  EXPECT_TRUE(fs_.Rename(scratch_.Path("other"), path_).ok());
  EXPECT_EQ(Read(path_), "new bytes");
  EXPECT_TRUE(fs_.Truncate(path_, 3).ok());
  EXPECT_EQ(Read(path_), "new");
}

TEST_F(FileTest, FoldersComeWithTheirParents) {
  const std::string folder = scratch_.Path("a/b/c");
  EXPECT_TRUE(fs_.CreateFolder(folder).ok());
  EXPECT_TRUE(fs_.CreateFolder(folder + "/").ok());
  Write(folder + "/2", "");
  Write(folder + "/1", "");
  EXPECT_THAT(*fs_.List(folder), ::testing::ElementsAre("1", "2"));
  EXPECT_THAT(*fs_.List(scratch_.path()), ::testing::ElementsAre("a"));
  EXPECT_FALSE(fs_.CreateFolder(folder + "/1").ok());
  EXPECT_FALSE(fs_.CreateFolder(folder + "/1/d").ok());
}

TEST_F(FileTest, DurableFoldersAreSyncedIntoTheirParents) {
  for (const std::string& path : {scratch_.Path("a/b/c"), scratch_.Path("a/b/c/"), scratch_.Path("a/d")}) {
    FaultyFileSystem fs(fs_);
    ASSERT_TRUE(CreateDurableFolder(fs, path).ok());
    ASSERT_TRUE(WriteFileAtomically(fs, JoinPath(path, "file"), "bytes").ok());
    fs.Restart();
    EXPECT_EQ(Read(JoinPath(path, "file")), "bytes");
  }
  EXPECT_FALSE(CreateDurableFolder(fs_, scratch_.Path("a/d/file")).ok()) << "a file";
  EXPECT_FALSE(CreateDurableFolder(fs_, scratch_.Path("a/d/file/more")).ok());
}

// Whoever created the folder was killed before it was synced.
TEST_F(FileTest, AFolderThatIsThereIsMadeDurable) {
  FaultyFileSystem fs(fs_);
  ASSERT_TRUE(fs.CreateFolder(scratch_.Path("a")).ok());
  ASSERT_TRUE(CreateDurableFolder(fs, scratch_.Path("a/b")).ok());
  fs.Restart();
  EXPECT_TRUE(fs.Exists(scratch_.Path("a/b")));
  ASSERT_TRUE(fs.CreateFolder(scratch_.Path("c")).ok());
  ASSERT_TRUE(CreateDurableFolder(fs, scratch_.Path("c")).ok());
  fs.Restart();
  EXPECT_TRUE(fs.Exists(scratch_.Path("c")));
}

TEST_F(FileTest, AFolderHasOneLockAtATime) {
  auto first = fs_.LockFolder(scratch_.path());
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(fs_.LockFolder(scratch_.path()).status().code(), StatusCode::kUnavailable);
  *first = nullptr;
  EXPECT_TRUE(fs_.LockFolder(scratch_.path()).ok());
}

TEST_F(FileTest, AFileHasOneLockAtATime) {
  const std::string path = scratch_.Path("locked");
  auto first = fs_.LockFile(path);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(*fs_.Size(path), 0U);
  EXPECT_EQ(fs_.LockFile(path).status().code(), StatusCode::kUnavailable);
  EXPECT_TRUE((*fs_.OpenForAppend(path))->Append("x").ok()) << "it is of those who ask";
  *first = nullptr;
  EXPECT_TRUE(fs_.LockFile(path).ok());
  EXPECT_EQ(*fs_.ReadAll(path), "x");
}

TEST(FolderOfTest, WhatIsBeforeTheName) {
  EXPECT_EQ(FolderOf("a/b/c"), "a/b");
  EXPECT_EQ(FolderOf("/c"), "/");
  EXPECT_EQ(FolderOf("c"), ".");
}

TEST(JoinPathTest, OneSlash) {
  EXPECT_EQ(JoinPath("a", "b"), "a/b");
  EXPECT_EQ(JoinPath("a/", "b"), "a/b");
  EXPECT_EQ(JoinPath("/", "b"), "/b");
  EXPECT_EQ(JoinPath("", "b"), "b");
}

// Whatever fails and wherever power goes, a reader finds the old bytes or the new ones.
class AtomicWriteTest : public FileTest {
 protected:
  void SetUp() override { ASSERT_TRUE(WriteFileAtomically(fs_, path_, "old").ok()); }
};

TEST_F(AtomicWriteTest, LeavesNothingElse) {
  ASSERT_TRUE(WriteFileAtomically(fs_, path_, "new").ok());
  EXPECT_EQ(Read(path_), "new");
  EXPECT_THAT(*fs_.List(scratch_.path()), ::testing::ElementsAre("file"));
}

TEST_F(AtomicWriteTest, AStreamThatBreaksOffKeepsTheOldBytes) {
  const auto write = [](Status end) {
    return [end](WritableFile& file) {
      RETURN_IF_ERROR(file.Append("a"));
      RETURN_IF_ERROR(file.Append("b"));
      return end;
    };
  };
  ASSERT_TRUE(WriteFileAtomically(fs_, path_, write(OkStatus())).ok());
  EXPECT_EQ(Read(path_), "ab");
  EXPECT_EQ(WriteFileAtomically(fs_, path_, write(DataLossError("no"))).code(), StatusCode::kDataLoss);
  EXPECT_EQ(Read(path_), "ab");
  EXPECT_FALSE(fs_.Exists(path_ + ".tmp"));
}

TEST_F(AtomicWriteTest, AFailureKeepsTheOldBytesAndCleansUp) {
  using enum FaultyFileSystem::Operation;
  for (const auto operation : {kCreate, kWrite, kSync, kRename}) {
    FaultyFileSystem faulty(fs_);
    faulty.FailAt(operation, 1);
    EXPECT_EQ(WriteFileAtomically(faulty, path_, "new").code(), StatusCode::kResourceExhausted);
    EXPECT_EQ(Read(path_), "old");
    EXPECT_THAT(*fs_.List(scratch_.path()), ::testing::ElementsAre("file"));
  }
}

TEST_F(AtomicWriteTest, PowerMayGoAtAnyPoint) {
  using enum FaultyFileSystem::UnsyncedNames;
  for (const auto names : {kLost, kKept}) {
    for (const uint64_t torn_bytes : {0U, 1U, 100U}) {
      bool finished = false;
      for (size_t n = 1; !finished; ++n) {
        ASSERT_TRUE(WriteFileAtomically(fs_, path_, "old").ok());
        FaultyFileSystem faulty(fs_);
        faulty.PowerOffAt(n);
        finished = WriteFileAtomically(faulty, path_, "new").ok();
        faulty.Restart(names, torn_bytes);
        const std::string found = Read(path_);
        EXPECT_TRUE(found == "new" || (found == "old" && !finished)) << "power off at " << n << ": " << found;
        ASSERT_LT(n, 20U);
      }
    }
  }
}

}  // namespace
}  // namespace sakuin
