// A live dictionary against one built afresh, through kills, damage and threads.
#include "keyword_linker/live_dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "keyword_linker/live_dictionary_reader.h"
#include "tests/base/faulty_file_system.h"
#include "tests/base/memory_file_system.h"
#include "tests/base/scratch_folder.h"
#include "tests/keyword_linker/dictionary_checksums.h"
#include "tests/keyword_linker/link_cases.h"

namespace sakuin::keyword_linker {
namespace {

using testing::HasSubstr;

struct Meaning {
  std::string target;
  int32_t priority = 0;
  bool operator==(const Meaning&) const = default;
};
using Keywords = std::map<std::string, Meaning>;

void FillBuilder(const Keywords& keywords, DictionaryBuilder& builder) {
  for (const auto& [keyword, meaning] : keywords) ASSERT_TRUE(builder.Add({keyword, meaning.target, meaning.priority}).ok());
}

Keywords KeywordsOf(const DictionaryView& view) {
  Keywords keywords;
  view.ForEach([&keywords](const Entry& entry) {
    const auto [at, is_new] = keywords.emplace(entry.keyword, Meaning{std::string(entry.target), entry.priority});
    EXPECT_TRUE(is_new) << at->first << " is shown twice";
  });
  return keywords;
}

// Every link, whole.
std::vector<std::string> Told(const DictionaryView& view, std::string_view text, MatchKind kind) {
  LinkOptions options;
  options.kind = kind;
  options.boundaries = Boundaries::kNone;
  std::vector<std::string> told;
  for (const Link& link : LinksIn({view}, text, options)) {
    told.push_back(std::to_string(link.start) + "-" + std::to_string(link.end) + " " + std::string(link.entry().keyword) + " " +
                   std::string(link.entry().target) + " " + std::to_string(link.entry().priority));
  }
  if (kind == MatchKind::kAll) std::sort(told.begin(), told.end());
  return told;
}

class LiveDictionaryTest : public testing::Test {
 protected:
  void Create(const Keywords& keywords, FileSystem& fs = PosixFileSystem()) {
    DictionaryBuilder builder;
    FillBuilder(keywords, builder);
    const Status status = LiveDictionary::Create(fs, folder_, builder);
    ASSERT_TRUE(status.ok()) << status.ToString();
  }
  std::unique_ptr<LiveDictionary> Open(const LiveOptions& options = {}) {
    Result<std::unique_ptr<LiveDictionary>> live = LiveDictionary::Open(PosixFileSystem(), folder_, options);
    EXPECT_TRUE(live.ok()) << live.status().ToString();
    return *std::move(live);
  }

  const ScratchFolder scratch_;
  std::string folder_ = scratch_.Path("site.keywords");
};

TEST_F(LiveDictionaryTest, IsSeenOnceCommitted) {
  Create({{"Tokyo", {"/old", 0}}, {"Tokyo Tower", {"/tower", 0}}});
  const auto live = Open();
  const auto before = live->Snapshot();
  ASSERT_TRUE(live->Add({"TOKYO", "/new", 1}).ok());
  live->Delete("Tokyo Tower");
  ASSERT_TRUE(live->Commit().ok());
  EXPECT_EQ(Told(*live->Snapshot(), "tokyo tower", MatchKind::kAll), std::vector<std::string>{"0-5 TOKYO /new 1"});
  live->Delete("TOKYO");
  ASSERT_TRUE(live->Commit().ok());
  EXPECT_EQ(Told(*live->Snapshot(), "tokyo tower", MatchKind::kAll), std::vector<std::string>{"0-5 Tokyo /old 0"});
  live->Delete("Tokyo");
  ASSERT_TRUE(live->Commit().ok());
  EXPECT_TRUE(Told(*live->Snapshot(), "tokyo tower", MatchKind::kAll).empty());
  EXPECT_EQ(live->keywords(), 0U);
  EXPECT_EQ(live->changes(), 4U);
  EXPECT_EQ(Told(*before, "tokyo tower", MatchKind::kLongest), std::vector<std::string>{"0-11 Tokyo Tower /tower 0"}) << "a snapshot stays as it was";
}

TEST_F(LiveDictionaryTest, RefusesWithAWord) {
  DictionaryBuilder builder;
  EXPECT_EQ(LiveDictionary::Open(PosixFileSystem(), folder_, {}).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(LiveDictionaryReader::Open(PosixFileSystem(), folder_).status().code(), StatusCode::kNotFound);
  Create({});
  EXPECT_EQ(LiveDictionary::Create(PosixFileSystem(), folder_, builder).code(), StatusCode::kAlreadyExists);
  const auto live = Open();
  EXPECT_EQ(LiveDictionary::Open(PosixFileSystem(), folder_, {}).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(live->Add({"", "/x", 0}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(live->Add({"\xff", "/x", 0}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(live->RollBack(7).code(), StatusCode::kNotFound);
  live->Delete("\xff");
  live->Delete("nobody");
  EXPECT_TRUE(live->Commit().ok());
  EXPECT_EQ(live->changes(), 0U);
}

TEST_F(LiveDictionaryTest, VersionsAreKeptAndComeBack) {
  Create({{"one", {"one", 0}}});
  const auto live = Open({.fold_after = 0, .versions = 3});
  std::map<uint64_t, Keywords> seen = {{1, KeywordsOf(*live->Snapshot())}};
  for (const char* keyword : {"two", "three"}) {
    ASSERT_TRUE(live->Add({keyword, {}, 0}).ok());
    ASSERT_TRUE(live->Fold().ok());
    seen[live->current_version()] = KeywordsOf(*live->Snapshot());
  }
  ASSERT_TRUE(live->Fold().ok());
  EXPECT_EQ(live->current_version(), 3U) << "nothing was new";
  ASSERT_TRUE(live->Add({"not folded", {}, 0}).ok());
  ASSERT_TRUE(live->RollBack(1).ok());
  EXPECT_EQ(KeywordsOf(*live->Snapshot()), seen[1]);
  ASSERT_TRUE(live->RollBack(4).ok()) << "what was not folded became a version";
  EXPECT_TRUE(KeywordsOf(*live->Snapshot()).contains("not folded"));
  ASSERT_TRUE(live->RollBack(3).ok());
  EXPECT_EQ(KeywordsOf(*live->Snapshot()), seen[3]);
  ASSERT_TRUE(live->Add({"after", {}, 0}).ok());
  ASSERT_TRUE(live->Fold().ok());
  EXPECT_EQ(live->current_version(), 5U);
  EXPECT_EQ(live->versions().size(), 3U);
  EXPECT_EQ(live->RollBack(1).code(), StatusCode::kNotFound) << "it is too old";
  uint64_t bases = 0;
  const std::vector<std::string> names = *PosixFileSystem().List(folder_);
  for (const std::string& name : names) bases += name.ends_with(".dict") ? 1 : 0;
  EXPECT_EQ(bases, 3U);
}

// A fold writes what a build of the same keywords does.
TEST_F(LiveDictionaryTest, AFoldIsABuild) {
  Keywords keywords = {{"Tokyo", {"/tokyo", 1}}, {"TOKYO", {"TOKYO", 0}}, {"Kyoto", {"Kyoto", 0}}, {"가나", {"/x", -3}}};
  Create(keywords);
  const auto live = Open();
  live->Delete("Kyoto");
  ASSERT_TRUE(live->Add({"tokyo", {}, 5}).ok());
  ASSERT_TRUE(live->Add({"日本", "/jp", 0}).ok());
  ASSERT_TRUE(live->Fold().ok());
  keywords.erase("Kyoto");
  keywords["tokyo"] = {"tokyo", 5};
  keywords["日本"] = {"/jp", 0};
  DictionaryBuilder builder;
  FillBuilder(keywords, builder);
  EXPECT_EQ(*PosixFileSystem().ReadAll(BasePath(folder_, 2)), builder.ToBytes());
}

class LiveOracle : public LiveDictionaryTest {
 protected:
  // Spellings that fold alike, prefixes of each other.
  std::string Spelling() {
    static const std::vector<std::string> letters = {"a", "A", "b", "B", "ｂ", "京"};
    std::string keyword;
    for (size_t i = 0; i < 1 + random_() % 4; ++i) keyword += letters[random_() % letters.size()];
    return keyword;
  }

  void Change(LiveDictionary& live) {
    for (size_t i = 0; i < 1 + random_() % 12; ++i) {
      const std::string keyword = Spelling();
      if (random_() % 5 < 2) {
        live.Delete(keyword);
        now_.erase(keyword);
        continue;
      }
      const Meaning meaning{random_() % 2 == 0 ? keyword : "/" + keyword, static_cast<int32_t>(random_() % 3)};
      ASSERT_TRUE(live.Add({keyword, meaning.target, meaning.priority}).ok());
      now_[keyword] = meaning;
    }
    const Status status = live.Commit();
    ASSERT_TRUE(status.ok()) << status.ToString();
  }

  void Check(const DictionaryView& view) {
    ASSERT_EQ(KeywordsOf(view), now_);
    DictionaryBuilder builder;
    FillBuilder(now_, builder);
    const auto fresh = Dictionary::FromBytes(builder.ToBytes());
    std::string text;
    for (int i = 0; i < 60; ++i) text += Spelling();
    for (const MatchKind kind : {MatchKind::kLongest, MatchKind::kFirst, MatchKind::kAll}) {
      ASSERT_EQ(Told(view, text, kind), Told(DictionaryView(fresh->get()), text, kind)) << text;
    }
  }

  // A version and what it holds are known once it is current without changes.
  void FoldAndNote(LiveDictionary& live) {
    ASSERT_TRUE(live.Fold().ok());
    versions_[live.current_version()] = now_;
  }

  void RollBack(LiveDictionary& live) {
    FoldAndNote(live);
    const std::vector<DictionaryVersion> versions = live.versions();
    const uint64_t version = versions[random_() % versions.size()].number;
    const Status status = live.RollBack(version);
    ASSERT_TRUE(status.ok()) << status.ToString();
    ASSERT_TRUE(versions_.contains(version));
    now_ = versions_[version];
  }

  std::mt19937 random_;
  Keywords now_;
  std::map<uint64_t, Keywords> versions_;
};

TEST_F(LiveOracle, LinksAsADictionaryBuiltAfresh) {
  for (uint32_t seed = 0; seed < 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_.seed(seed);
    now_.clear();
    for (int i = 0; i < 40; ++i) now_[Spelling()] = {"/base", static_cast<int32_t>(random_() % 3)};
    folder_ = scratch_.Path(std::to_string(seed));
    Create(now_);
    versions_ = {{1, now_}};
    const LiveOptions options{.fold_after = seed % 2 == 0 ? 0U : 30U, .versions = 50};
    auto live = Open(options);
    auto reader = *LiveDictionaryReader::Open(PosixFileSystem(), folder_);
    for (int step = 0; step < 80; ++step) {
      switch (random_() % (seed % 2 == 0 ? 12 : 9)) {
        case 9: FoldAndNote(*live); break;
        case 10: RollBack(*live); break;
        case 8:
          live.reset();
          live = Open(options);
          break;
        default: Change(*live); break;
      }
      ASSERT_NO_FATAL_FAILURE(Check(*live->Snapshot())) << "step " << step;
      ASSERT_EQ(live->keywords(), now_.size());
      const Status status = reader->Refresh();
      ASSERT_TRUE(status.ok()) << status.ToString();
      ASSERT_NO_FATAL_FAILURE(Check(*reader->Snapshot())) << "step " << step;
    }
    EXPECT_GT(live->current_version(), 1U);
  }
}

// One keyword over and over does not make the journal grow for ever.
TEST_F(LiveDictionaryTest, AJournalThatGrowsIsFolded) {
  Create({});
  const auto live = Open({.fold_after = 1000, .fold_after_bytes = 500});
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(live->Add({"same", "/" + std::to_string(i), 0}).ok());
    ASSERT_TRUE(live->Commit().ok());
    ASSERT_TRUE(live->WaitForFold().ok());
  }
  EXPECT_GE(live->current_version(), 3U);
  EXPECT_LT(*PosixFileSystem().Size(JournalPath(folder_, ReadLiveState(PosixFileSystem(), folder_)->first_journal)), 600U);
  EXPECT_EQ(KeywordsOf(*live->Snapshot()).at("same").target, "/39");
}

TEST_F(LiveDictionaryTest, AFoldThatFailsIsTriedAgainWhenThereIsTwiceAsMuch) {
  Create({});
  FaultyFileSystem fs(PosixFileSystem());
  const auto live = *LiveDictionary::Open(fs, folder_, {.fold_after = 1000, .fold_after_bytes = 500});
  const auto commit = [&live](int i) {
    ASSERT_TRUE(live->Add({"same", "/" + std::to_string(1000 + i), 0}).ok());
    ASSERT_TRUE(live->Commit().ok());
    static_cast<void>(live->WaitForFold());
  };
  fs.FailFrom(FaultyFileSystem::Operation::kCreate, 1);
  const size_t before = fs.count(FaultyFileSystem::Operation::kCreate);
  for (int i = 0; i < 100; ++i) commit(i);
  const uint64_t bytes = *PosixFileSystem().Size(JournalPath(folder_, 1));
  ASSERT_GT(bytes, 2000U);
  ASSERT_LT(bytes, 8000U);
  const size_t tries = fs.count(FaultyFileSystem::Operation::kCreate) - before;
  EXPECT_GE(tries, 2U);
  EXPECT_LE(tries, 4U);
  EXPECT_EQ(live->current_version(), 1U);
  fs.ClearFaults();
  for (int i = 100; i < 300; ++i) commit(i);
  EXPECT_GE(live->current_version(), 3U) << "after one that did not fail, every 500 bytes again";
}

TEST_F(LiveDictionaryTest, AFoldThatCannotBeginHidesNothing) {
  Create({});
  for (const auto operation : {FaultyFileSystem::Operation::kCreate, FaultyFileSystem::Operation::kSync, FaultyFileSystem::Operation::kSyncFolder}) {
    FaultyFileSystem fs(PosixFileSystem());
    const auto live = *LiveDictionary::Open(fs, folder_, {.fold_after = 0});
    ASSERT_TRUE(live->Add({"before", std::to_string(static_cast<int>(operation)), 0}).ok());
    ASSERT_TRUE(live->Commit().ok());
    const auto reader = *LiveDictionaryReader::Open(PosixFileSystem(), folder_);
    fs.FailAt(operation, 1);
    EXPECT_FALSE(live->Fold().ok());
    ASSERT_TRUE(reader->Refresh().ok());
    const std::string after = "after" + std::to_string(static_cast<int>(operation));
    ASSERT_TRUE(live->Add({after, {}, 0}).ok());
    ASSERT_TRUE(live->Commit().ok());
    ASSERT_TRUE(reader->Refresh().ok());
    EXPECT_TRUE(KeywordsOf(*reader->Snapshot()).contains(after));
  }
}

// Batches of one make as few levels as one batch of all.
TEST_F(LiveDictionaryTest, ManySmallBatchesStayAFewLevels) {
  DictionaryDelta delta(DictionaryOf(std::vector<std::string>{"base"}));
  std::shared_ptr<const DictionaryView> view;
  size_t most = 0;
  for (int i = 0; i < 6000; ++i) {
    const std::string keyword = "k" + std::to_string(i % 5000);
    ASSERT_TRUE(delta.Apply({ChangeKind::kAdd, {keyword, "/" + std::to_string(i), 0}}));
    view = *delta.Publish();
    most = std::max(most, view->layers().size());
  }
  EXPECT_LE(most, 5U);
  EXPECT_GE(most, 3U);
  EXPECT_EQ(delta.entries(), 5001U);
  EXPECT_EQ(KeywordsOf(*view).at("k100").target, "/5100");
  EXPECT_EQ(KeywordsOf(*view).at("k4000").target, "/4000");
}

TEST_F(LiveDictionaryTest, ReadersGoOnWhileItChangesAndFolds) {
  Create({{"always", {"/always", 0}}, {"old", {"/old", 0}}});
  const auto live = Open({.fold_after = 20});
  std::atomic<bool> done = false;
  const auto read = [&](const std::function<std::shared_ptr<const DictionaryView>()>& snapshot) {
    while (!done) {
      const auto view = snapshot();
      EXPECT_EQ(Told(*view, "always", MatchKind::kLongest).size(), 1U);
    }
  };
  std::thread inside([&] { read([&] { return live->Snapshot(); }); });
  std::thread outside([&] {
    const auto reader = *LiveDictionaryReader::Open(PosixFileSystem(), folder_);
    read([&] {
      const Status status = reader->Refresh();
      EXPECT_TRUE(status.ok()) << status.ToString();
      return reader->Snapshot();
    });
  });
  for (int i = 0; i < 300; ++i) {
    EXPECT_TRUE(live->Add({"k" + std::to_string(i), {}, 0}).ok());
    EXPECT_TRUE(live->Commit().ok());
    EXPECT_EQ(Told(*live->Snapshot(), "k" + std::to_string(i), MatchKind::kLongest).size(), 1U);
    if (i % 100 == 50) {
      EXPECT_TRUE(live->Fold().ok());
    }
  }
  done = true;
  inside.join();
  outside.join();
  EXPECT_TRUE(live->WaitForFold().ok());
  EXPECT_EQ(live->keywords(), 302U);
  EXPECT_GT(live->current_version(), 3U);
}

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

class CountingFileSystem : public FaultyFileSystem {
 public:
  using FaultyFileSystem::FaultyFileSystem;
  Result<std::string> ReadAll(const std::string& path) override { return Counted(path, FaultyFileSystem::ReadAll(path)); }
  Result<std::string> ReadFrom(const std::string& path, uint64_t begin) override { return Counted(path, FaultyFileSystem::ReadFrom(path, begin)); }
  uint64_t journal_bytes = 0;

 private:
  Result<std::string> Counted(const std::string& path, Result<std::string> bytes) {
    if (bytes.ok() && path.find("journal-") != std::string::npos) journal_bytes += bytes->size();
    return bytes;
  }
};

TEST_F(LiveDictionaryTest, ARefreshReadsWhatIsNew) {
  Create({});
  const auto live = Open({.fold_after = 0});
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(live->Add({"k" + std::to_string(i), {}, 0}).ok());
  ASSERT_TRUE(live->Commit().ok());
  CountingFileSystem fs(PosixFileSystem());
  const auto reader = *LiveDictionaryReader::Open(fs, folder_);
  const uint64_t before = *PosixFileSystem().Size(JournalPath(folder_, 1));
  EXPECT_EQ(fs.journal_bytes, before);
  ASSERT_TRUE(live->Add({"new", {}, 0}).ok());
  ASSERT_TRUE(live->Commit().ok());
  ASSERT_TRUE(reader->Refresh().ok());
  EXPECT_EQ(fs.journal_bytes, *PosixFileSystem().Size(JournalPath(folder_, 1)));
  EXPECT_GT(fs.journal_bytes, before);
  EXPECT_TRUE(KeywordsOf(*reader->Snapshot()).contains("new"));
  ASSERT_TRUE(PosixFileSystem().Truncate(JournalPath(folder_, 1), before - 1).ok());
  EXPECT_EQ(reader->Refresh().code(), StatusCode::kDataLoss);
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
