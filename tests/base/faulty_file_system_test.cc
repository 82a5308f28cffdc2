#include "tests/base/faulty_file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/base/scratch_folder.h"

namespace sakuin {
namespace {

using enum FaultyFileSystem::Operation;
using enum FaultyFileSystem::UnsyncedNames;

class FaultyFileSystemTest : public ::testing::Test {
 protected:
  // Creates `name`; syncs file and folder when `durable`.
  void Write(const std::string& name, std::string_view bytes, bool durable) {
    auto file = fs_.Create(Path(name));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Append(bytes).ok());
    if (!durable) return;
    ASSERT_TRUE((*file)->Sync().ok());
    ASSERT_TRUE(fs_.SyncFolder(scratch_.path()).ok());
  }
  void Append(const std::string& name, std::string_view bytes) {
    auto file = fs_.OpenForAppend(Path(name));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Append(bytes).ok());
  }
  std::string Path(const std::string& name) const { return scratch_.Path(name); }
  std::string Read(const std::string& name) {
    auto bytes = fs_.ReadAll(Path(name));
    return bytes.ok() ? *bytes : "none";
  }

  const ScratchFolder scratch_;
  FaultyFileSystem fs_{PosixFileSystem()};
};

TEST_F(FaultyFileSystemTest, PassesThroughAndCounts) {
  Write("a", "bytes", true);
  EXPECT_EQ(Read("a"), "bytes");
  EXPECT_EQ(fs_.count(kWrite), 1U);
  EXPECT_EQ(fs_.count(kRead), 1U);
  EXPECT_EQ(fs_.changes(), 4U);
}

TEST_F(FaultyFileSystemTest, TheNthWriteFailsOnce) {
  auto file = fs_.Create(Path("a"));
  ASSERT_TRUE(file.ok());
  fs_.FailAt(kWrite, 2);
  EXPECT_TRUE((*file)->Append("1").ok());
  EXPECT_EQ((*file)->Append("2").code(), StatusCode::kResourceExhausted);
  EXPECT_TRUE((*file)->Append("3").ok());
  EXPECT_EQ(Read("a"), "13");
}

TEST_F(FaultyFileSystemTest, AFullDiskStaysFull) {
  auto file = fs_.Create(Path("a"));
  ASSERT_TRUE(file.ok());
  fs_.FailFrom(kWrite, 2);
  EXPECT_TRUE((*file)->Append("1").ok());
  EXPECT_FALSE((*file)->Append("2").ok());
  EXPECT_FALSE((*file)->Append("3").ok());
  fs_.ClearFaults();
  EXPECT_TRUE((*file)->Append("4").ok());
  EXPECT_EQ(Read("a"), "14");
}

TEST_F(FaultyFileSystemTest, AWriteFallsShort) {
  auto file = fs_.Create(Path("a"));
  ASSERT_TRUE(file.ok());
  fs_.ShortWriteAt(1, 3);
  EXPECT_FALSE((*file)->Append("bytes").ok());
  EXPECT_EQ(Read("a"), "byt");
}

TEST_F(FaultyFileSystemTest, EveryKindFails) {
  Write("a", "bytes", true);
  for (const auto operation : {kCreate, kRename, kRemove, kTruncate, kSyncFolder, kRead}) fs_.FailAt(operation, 1, EIO);
  EXPECT_FALSE(fs_.Create(Path("b")).ok());
  EXPECT_FALSE(fs_.Rename(Path("a"), Path("b")).ok());
  EXPECT_FALSE(fs_.Remove(Path("a")).ok());
  EXPECT_FALSE(fs_.Truncate(Path("a"), 0).ok());
  EXPECT_FALSE(fs_.SyncFolder(scratch_.path()).ok());
  EXPECT_EQ(fs_.ReadAll(Path("a")).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(Read("a"), "bytes");
  EXPECT_THAT(*fs_.List(scratch_.path()), ::testing::ElementsAre("a"));
}

TEST_F(FaultyFileSystemTest, UnsyncedBytesAreLost) {
  Write("a", "durable", true);
  Append("a", " and not");
  fs_.Restart();
  EXPECT_EQ(Read("a"), "durable");
}

TEST_F(FaultyFileSystemTest, AnUnsyncedEndMayBeTorn) {
  Write("a", "durable", true);
  Append("a", " and not");
  fs_.Restart(kLost, 4);
  EXPECT_EQ(Read("a"), "durable and");
}

TEST_F(FaultyFileSystemTest, UnsyncedNamesAreLost) {
  Write("a", "old a", true);
  Write("b", "old b", true);
  Write("c", "c", true);
  Write("new", "new", false);
  ASSERT_TRUE(fs_.Rename(Path("a"), Path("b")).ok());
  ASSERT_TRUE(fs_.Remove(Path("c")).ok());
  fs_.Restart(kLost);
  EXPECT_EQ(Read("a"), "old a");
  EXPECT_EQ(Read("b"), "old b");
  EXPECT_EQ(Read("c"), "c");
  EXPECT_EQ(Read("new"), "none");
}

TEST_F(FaultyFileSystemTest, UnsyncedFoldersAreLostWithAllInThem) {
  ASSERT_TRUE(fs_.CreateFolder(Path("a/b")).ok());
  ASSERT_TRUE(WriteFileAtomically(fs_, Path("a/b/file"), "durable in its folder").ok());
  ASSERT_TRUE(fs_.SyncFolder(Path("a")).ok());
  fs_.Restart(kLost);
  EXPECT_FALSE(fs_.Exists(Path("a")));
  EXPECT_THAT(*fs_.List(scratch_.path()), ::testing::IsEmpty());
  ASSERT_TRUE(fs_.CreateFolder(Path("c")).ok());
  fs_.Restart(kKept);
  EXPECT_TRUE(fs_.Exists(Path("c")));
  fs_.FailAt(kCreateFolder, 1);
  EXPECT_FALSE(fs_.CreateFolder(Path("d")).ok());
  EXPECT_FALSE(fs_.Exists(Path("d")));
}

TEST_F(FaultyFileSystemTest, KeptNamesMayBeEmptyFiles) {
  Write("b", "old b", true);
  Write("a", "never synced", false);
  ASSERT_TRUE(fs_.Rename(Path("a"), Path("b")).ok());
  fs_.Restart(kKept);
  EXPECT_EQ(Read("a"), "none");
  EXPECT_EQ(Read("b"), "");
}

TEST_F(FaultyFileSystemTest, WhatIsSyncedStays) {
  Write("a", "bytes", true);
  ASSERT_TRUE(fs_.Rename(Path("a"), Path("b")).ok());
  ASSERT_TRUE(fs_.SyncFolder(scratch_.path() + "/").ok());
  fs_.Restart(kLost);
  EXPECT_EQ(Read("b"), "bytes");
  EXPECT_THAT(*fs_.List(scratch_.path()), ::testing::ElementsAre("b"));
}

TEST_F(FaultyFileSystemTest, WhatWasThereBeforeIsDurable) {
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), Path("a"), "before").ok());
  Append("a", " after");
  fs_.Restart();
  EXPECT_EQ(Read("a"), "before");
}

TEST_F(FaultyFileSystemTest, WithoutPowerNothingChanges) {
  Write("a", "bytes", true);
  fs_.PowerOffAt(2);
  auto file = fs_.Create(Path("b"));
  ASSERT_TRUE(file.ok());
  EXPECT_EQ((*file)->Append("x").code(), StatusCode::kUnknown);
  EXPECT_FALSE((*file)->Sync().ok());
  EXPECT_FALSE(fs_.Remove(Path("a")).ok());
  *file = nullptr;
  fs_.Restart();
  EXPECT_THAT(*fs_.List(scratch_.path()), ::testing::ElementsAre("a"));
  Write("c", "on again", true);
  EXPECT_EQ(Read("c"), "on again");
}

}  // namespace
}  // namespace sakuin
