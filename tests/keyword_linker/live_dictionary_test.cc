// A live dictionary against one built afresh: changes, versions, folds, readers and threads.
#include "keyword_linker/live_dictionary.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "keyword_linker/live_dictionary_reader.h"
#include "tests/base/faulty_file_system.h"
#include "tests/keyword_linker/live_testing.h"

namespace sakuin::keyword_linker {
namespace {

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

}  // namespace
}  // namespace sakuin::keyword_linker
