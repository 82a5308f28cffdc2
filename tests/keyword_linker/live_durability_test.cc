// What a live dictionary keeps through power loss, full disks, damage and another ICU.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "keyword_linker/live_dictionary.h"
#include "keyword_linker/live_dictionary_reader.h"
#include "tests/base/faulty_file_system.h"
#include "tests/base/memory_file_system.h"
#include "tests/keyword_linker/dictionary_checksums.h"
#include "tests/keyword_linker/live_testing.h"

namespace sakuin::keyword_linker {
namespace {

using testing::HasSubstr;

// Changes, folds and a roll back; what was acknowledged last goes to `acknowledged`,
// what may be there besides to `begun`. False: power went.
bool Work(FileSystem& fs, const std::string& folder, Keywords& acknowledged, Keywords& begun) {
  DictionaryBuilder builder;
  FillBuilder(acknowledged, builder);
  if (!LiveDictionary::Create(fs, folder, builder).ok()) return false;
  for (int round = 0; round < 2; ++round) {
    Result<std::unique_ptr<LiveDictionary>> live = LiveDictionary::Open(fs, folder, {.fold_after = 0, .versions = 2});
    if (!live.ok()) return false;
    for (int i = 0; i < 4; ++i) {
      const std::string keyword = "k" + std::to_string(i * 3 + round);
      begun[keyword] = {"/" + keyword, round};
      begun.erase("k" + std::to_string(i - 1));
      if (!(*live)->Add({keyword, "/" + keyword, round}).ok()) return false;
      (*live)->Delete("k" + std::to_string(i - 1));
      if (!(*live)->Commit().ok()) return false;
      acknowledged = begun;
      if (i == 1 && !(*live)->Fold().ok()) return false;
    }
    if (round == 0) continue;
    const Result<LiveState> state = ReadLiveState(fs, folder);
    if (!state.ok()) return false;
    begun = KeywordsOf(DictionaryView(Dictionary::Open(fs, BasePath(folder, state->current))->get()));
    if (!(*live)->RollBack(state->current).ok()) return false;
    acknowledged = begun;
  }
  return true;
}

TEST_F(LiveDictionaryTest, NothingAcknowledgedIsLostWhereverPowerGoes) {
  for (const auto names : {FaultyFileSystem::UnsyncedNames::kLost, FaultyFileSystem::UnsyncedNames::kKept}) {
    for (const uint64_t torn : {0, 5, 1000}) {
      for (size_t n = 1;; ++n) {
        const std::string folder = "k";
        MemoryFileSystem files;
        for (const char* name : {"k", "k/"}) files.Put(name, {});  // a folder that is there can be synced
        FaultyFileSystem fs(files);
        fs.PowerOffAt(n);
        Keywords acknowledged = {{"k0", {"/zero", 0}}, {"K0", {"/other", 0}}};
        Keywords begun = acknowledged;
        const bool finished = Work(fs, folder, acknowledged, begun);
        fs.Restart(names, torn);
        Result<std::unique_ptr<LiveDictionary>> live = LiveDictionary::Open(fs, folder, {});
        if (live.status().code() == StatusCode::kNotFound) {
          DictionaryBuilder builder;
          FillBuilder(acknowledged, builder);
          ASSERT_FALSE(finished) << n << " " << live.status().ToString();
          ASSERT_TRUE(LiveDictionary::Create(fs, folder, builder).ok()) << n;
          continue;
        }
        ASSERT_TRUE(live.ok()) << n << " " << live.status().ToString();
        const Keywords found = KeywordsOf(*(*live)->Snapshot());
        // Of a batch that was not acknowledged a part may be there.
        for (const auto& [keyword, meaning] : acknowledged) {
          const auto wanted = begun.find(keyword);
          const auto at = found.find(keyword);
          if (wanted != begun.end() && wanted->second == meaning) {
            ASSERT_TRUE(at != found.end() && at->second == meaning) << n << " " << keyword;
          }
        }
        for (const auto& [keyword, meaning] : found) ASSERT_TRUE(acknowledged.contains(keyword) || begun.contains(keyword)) << n << " " << keyword;
        ASSERT_TRUE((*live)->Add({"more", {}, 0}).ok());
        ASSERT_TRUE((*live)->Fold().ok()) << n;
        ASSERT_TRUE(KeywordsOf(*(*live)->Snapshot()).contains("more"));
        if (!finished) continue;
        ASSERT_EQ(found, acknowledged);
        ASSERT_GT(n, 40U);
        break;
      }
    }
  }
}

TEST_F(LiveDictionaryTest, AFullDiskLosesNothing) {
  Create({{"a", {"a", 0}}});
  for (size_t n = 1; n <= 12; ++n) {
    FaultyFileSystem fs(PosixFileSystem());
    Result<std::unique_ptr<LiveDictionary>> live = LiveDictionary::Open(fs, folder_, {.fold_after = 0});
    ASSERT_TRUE(live.ok()) << live.status().ToString();
    const std::string first = "first" + std::to_string(n);
    const std::string second = "second" + std::to_string(n);
    ASSERT_TRUE((*live)->Add({first, {}, 0}).ok());
    ASSERT_TRUE((*live)->Commit().ok());
    fs.FailAt(FaultyFileSystem::Operation::kWrite, n);
    static_cast<void>((*live)->Fold());
    fs.ClearFaults();
    ASSERT_TRUE((*live)->Add({second, {}, 0}).ok());
    ASSERT_TRUE((*live)->Commit().ok()) << "a fold that failed changes nothing";
    ASSERT_TRUE((*live)->Fold().ok());
    live->reset();
    const Keywords found = KeywordsOf(*Open()->Snapshot());
    EXPECT_TRUE(found.contains(first) && found.contains(second)) << n;
  }
  FaultyFileSystem fs(PosixFileSystem());
  const auto live = *LiveDictionary::Open(fs, folder_, {.fold_after = 2});
  ASSERT_TRUE(live->Add({"third", {}, 0}).ok());
  fs.FailAt(FaultyFileSystem::Operation::kWrite, 2);
  ASSERT_TRUE(live->Add({"fourth", {}, 0}).ok());
  ASSERT_TRUE(live->Commit().ok());
  EXPECT_EQ(live->WaitForFold().code(), StatusCode::kResourceExhausted) << "the base did not fit";
  EXPECT_TRUE(live->WaitForFold().ok()) << "told once";
  fs.ShortWriteAt(1, 9);
  ASSERT_TRUE(live->Add({"refused", {}, 0}).ok());
  EXPECT_FALSE(live->Commit().ok());
  EXPECT_FALSE(KeywordsOf(*live->Snapshot()).contains("refused"));
  ASSERT_TRUE(live->Add({"later", {}, 0}).ok());
  EXPECT_FALSE(live->Commit().ok()) << "behind a torn record nothing is acknowledged";
}

// Whoever begins to write a base waits until Go.
class HeldFileSystem : public FaultyFileSystem {
 public:
  using FaultyFileSystem::FaultyFileSystem;
  Result<std::unique_ptr<WritableFile>> Create(const std::string& path) override {
    if (path.find("base-") != std::string::npos) {
      begun_ = true;
      begun_.notify_all();
      may_go_.wait(false);
    }
    return FaultyFileSystem::Create(path);
  }
  void WaitForBase() { begun_.wait(false); }
  void Go() {
    may_go_ = true;
    may_go_.notify_all();
  }

 private:
  std::atomic<bool> begun_ = false;
  std::atomic<bool> may_go_ = false;
};

TEST_F(LiveDictionaryTest, WhatIsRefusedDuringAFoldStaysRefused) {
  Create({});
  {
    HeldFileSystem fs(PosixFileSystem());
    const auto live = *LiveDictionary::Open(fs, folder_, {.fold_after = 1});
    ASSERT_TRUE(live->Add({"first", {}, 0}).ok());
    ASSERT_TRUE(live->Commit().ok());
    fs.WaitForBase();
    fs.ShortWriteAt(1, 9);
    EXPECT_TRUE(live->Add({"refused", {}, 0}).ok());
    EXPECT_FALSE(live->Commit().ok());
    fs.Go();
    EXPECT_FALSE(live->WaitForFold().ok());
    EXPECT_FALSE(live->Commit().ok()) << "of no changes";
    EXPECT_FALSE(live->Fold().ok());
    const Keywords found = KeywordsOf(*live->Snapshot());
    EXPECT_TRUE(found.contains("first"));
    EXPECT_FALSE(found.contains("refused"));
    const auto reader = LiveDictionaryReader::Open(PosixFileSystem(), folder_);
    ASSERT_TRUE(reader.ok()) << reader.status().ToString();
    EXPECT_EQ(KeywordsOf(*(*reader)->Snapshot()), found);
  }
  const auto live = Open();
  EXPECT_EQ(live->keywords(), 1U);
  ASSERT_TRUE(live->Add({"again", {}, 0}).ok());
  ASSERT_TRUE(live->Fold().ok());
  EXPECT_EQ(live->keywords(), 2U);
}

class LiveDamage : public LiveDictionaryTest {
 protected:
  void Make() {
    Create({{"base", {"base", 0}}});
    const auto live = Open({.fold_after = 0});
    for (const char* keyword : {"one", "two", "three"}) {
      ASSERT_TRUE(live->Add({keyword, {}, 0}).ok());
      ASSERT_TRUE(live->Commit().ok());
    }
  }
  void Put(const std::string& path, std::string_view bytes) { ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), path, bytes).ok()); }
};

TEST_F(LiveDamage, ATornRecordIsCut) {
  Make();
  const std::string path = JournalPath(folder_, 1);
  const std::string bytes = *PosixFileSystem().ReadAll(path);
  for (const std::string& torn :
       {bytes.substr(0, bytes.size() - 1), bytes.substr(0, bytes.size() - 30), bytes + std::string(64, '\0'), bytes + "abc"}) {
    Put(path, torn);
    EXPECT_TRUE(LiveDictionaryReader::Open(PosixFileSystem(), folder_).ok());
    auto live = Open({.fold_after = 0});
    EXPECT_TRUE(KeywordsOf(*live->Snapshot()).contains("one"));
    ASSERT_TRUE(live->Add({"four", {}, 0}).ok());
    ASSERT_TRUE(live->Commit().ok());
    live.reset();
    live = Open({.fold_after = 0});
    EXPECT_TRUE(KeywordsOf(*live->Snapshot()).contains("four"));
  }
}

class LiveFolding : public LiveDamage {
 protected:
  // As another version of ICU would have written it.
  void ChangeFolding(uint64_t version) {
    const std::string path = BasePath(folder_, version);
    std::string bytes = *PosixFileSystem().ReadAll(path);
    const size_t folding = LoadUnaligned<uint64_t>(bytes.data() + LoadUnaligned<uint64_t>(bytes.data() + bytes.size() - kDictionaryFooterBytes) + 8);
    bytes[folding] = static_cast<char>(bytes[folding] ^ 1);
    MakeChecksumsRight(bytes);
    Put(path, bytes);
    ASSERT_EQ(Dictionary::Open(PosixFileSystem(), path).status().code(), StatusCode::kFailedPrecondition);
  }
  const Keywords keywords_ = {{"base", {"base", 0}}, {"one", {"one", 0}}, {"three", {"three", 0}}, {"two", {"two", 0}}};
};

TEST_F(LiveFolding, ReadersFoldAnewInMemory) {
  Make();
  ChangeFolding(1);
  const std::string before = *PosixFileSystem().ReadAll(BasePath(folder_, 1));
  const auto reader = LiveDictionaryReader::Open(PosixFileSystem(), folder_);
  ASSERT_TRUE(reader.ok()) << reader.status().ToString();
  EXPECT_EQ(KeywordsOf(*(*reader)->Snapshot()), keywords_);
  EXPECT_EQ(Told(*(*reader)->Snapshot(), "a BASE, one", MatchKind::kAll), (std::vector<std::string>{"2-6 base base 0", "8-11 one one 0"}));
  EXPECT_EQ(*PosixFileSystem().ReadAll(BasePath(folder_, 1)), before);
}

TEST_F(LiveFolding, WritersMakeAVersion) {
  Create(keywords_);
  ChangeFolding(1);
  {
    const auto live = Open({.fold_after = 0});
    EXPECT_TRUE(live->WaitForFold().ok());
    EXPECT_EQ(live->current_version(), 2U);
    EXPECT_EQ(KeywordsOf(*live->Snapshot()), keywords_);
    DictionaryBuilder builder;
    FillBuilder(keywords_, builder);
    EXPECT_EQ(*PosixFileSystem().ReadAll(BasePath(folder_, 2)), builder.ToBytes());
    ASSERT_TRUE(live->RollBack(1).ok()) << "its folding is another still";
    EXPECT_EQ(KeywordsOf(*live->Snapshot()), keywords_);
    ASSERT_TRUE(live->Fold().ok());
    EXPECT_EQ(live->current_version(), 3U);
  }
  EXPECT_EQ(Open()->current_version(), 3U) << "nothing more to fold";
}

TEST_F(LiveFolding, AFullDiskDoesNotMatter) {
  Make();
  ChangeFolding(1);
  FaultyFileSystem fs(PosixFileSystem());
  fs.FailAt(FaultyFileSystem::Operation::kWrite, 1);
  const auto live = LiveDictionary::Open(fs, folder_, {.fold_after = 0});
  ASSERT_TRUE(live.ok()) << live.status().ToString();
  EXPECT_EQ((*live)->WaitForFold().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ((*live)->current_version(), 1U);
  EXPECT_EQ(KeywordsOf(*(*live)->Snapshot()), keywords_);
  ASSERT_TRUE((*live)->Fold().ok());
  EXPECT_EQ((*live)->current_version(), 2U);
  EXPECT_EQ(KeywordsOf(*(*live)->Snapshot()), keywords_);
}

TEST_F(LiveFolding, AnotherFormatIsTold) {
  Make();
  std::string bytes = *PosixFileSystem().ReadAll(BasePath(folder_, 1));
  bytes[8] = static_cast<char>(kDictionaryVersion + 1);
  Put(BasePath(folder_, 1), bytes);
  const Status status = LiveDictionary::Open(PosixFileSystem(), folder_, {}).status();
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.ToString(), HasSubstr("sakuin keywords init"));
}

TEST_F(LiveDamage, DamageIsTold) {
  Make();
  for (const std::string& path : {JournalPath(folder_, 1), BasePath(folder_, 1), JoinPath(folder_, "CURRENT")}) {
    const std::string bytes = *PosixFileSystem().ReadAll(path);
    for (size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 100) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
      Put(path, damaged);
      const Status status = LiveDictionary::Open(PosixFileSystem(), folder_, {}).status();
      const Status read = LiveDictionaryReader::Open(PosixFileSystem(), folder_).status();
      EXPECT_EQ(status.code(), read.code());
      // The padding of a base belongs to nothing; a version that is not ours is no damage.
      EXPECT_TRUE(!status.ok() || path.ends_with(".dict")) << path << " at byte " << at;
      EXPECT_TRUE(status.code() == StatusCode::kDataLoss || !path.ends_with("1")) << path << " at byte " << at;
    }
    Put(path, bytes);
    EXPECT_TRUE(LiveDictionary::Open(PosixFileSystem(), folder_, {}).ok());
  }
  ASSERT_TRUE(PosixFileSystem().Remove(JournalPath(folder_, 1)).ok());
  const Status missing = LiveDictionary::Open(PosixFileSystem(), folder_, {}).status();
  EXPECT_EQ(missing.code(), StatusCode::kDataLoss);
  EXPECT_THAT(missing.ToString(), HasSubstr("is missing"));
}

}  // namespace
}  // namespace sakuin::keyword_linker
