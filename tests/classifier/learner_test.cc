#include "classifier/learner.h"

#include <gtest/gtest.h>

#include "tests/base/faulty_file_system.h"
#include "tests/base/scratch_folder.h"
#include "tests/classifier/classifier_testing.h"

namespace sakuin::classifier {
namespace {

std::vector<Example> Examples(size_t count) {
  std::mt19937 random(17);
  return RandomExamples(random, count, 3);
}

void Train(FileSystem& fs, const std::vector<Example>& examples) {
  const auto learner = Learner::Create(fs, "f/m", false, nullptr);
  ASSERT_TRUE(learner.ok());
  for (const Example& example : examples) ASSERT_TRUE((*learner)->Learn(example).ok());
  ASSERT_TRUE((*learner)->Commit().ok());
}

std::string BytesOf(std::vector<Example> examples) { return ModelBytes(SetOf(examples), nullptr); }

// What a killed process left is brought in by who learns next.
Status BringIn(FileSystem& fs, const std::string& path) { return Learner::Open(fs, path, nullptr).status(); }

std::vector<Example> FirstOf(const std::vector<Example>& examples, size_t n) {
  return {examples.begin(), examples.begin() + static_cast<ptrdiff_t>(n)};
}

TEST(Learner, LearnsAndUnlearnsToTheSameBytes) {
  const std::vector<Example> examples = Examples(40);
  MemoryFileSystem fs;
  Train(fs, FirstOf(examples, 25));
  EXPECT_EQ(fs.Get("f/m"), BytesOf(FirstOf(examples, 25)));
  for (const bool learn : {true, false}) {
    const auto learner = Learner::Open(fs, "f/m", nullptr);
    ASSERT_TRUE(learner.ok()) << learner.status().ToString();
    for (size_t i = 25; i < 40; ++i) ASSERT_TRUE((learn ? (*learner)->Learn(examples[i]) : (*learner)->Unlearn(examples[i])).ok());
    ASSERT_TRUE((*learner)->Commit().ok());
    EXPECT_EQ(fs.Get("f/m"), BytesOf(FirstOf(examples, learn ? 40 : 25)));
    EXPECT_FALSE(fs.Exists("f/m.learning/journal"));
  }
}

TEST(Learner, WhatIsSyncedSurvivesItsProcess) {
  const std::vector<Example> examples = Examples(30);
  MemoryFileSystem fs;
  Train(fs, FirstOf(examples, 20));
  {
    const auto learner = Learner::Open(fs, "f/m", nullptr);
    for (size_t i = 20; i < 25; ++i) ASSERT_TRUE((*learner)->Learn(examples[i]).ok());
    ASSERT_TRUE((*learner)->Unlearn(examples[0]).ok());
    ASSERT_TRUE((*learner)->Sync().ok());
    ASSERT_TRUE((*learner)->Learn(examples[29]).ok());  // never synced
  }
  EXPECT_EQ(fs.Get("f/m"), BytesOf(FirstOf(examples, 20)));
  ASSERT_TRUE(BringIn(fs, "f/m").ok());
  std::vector<Example> expected = FirstOf(examples, 25);
  expected.erase(expected.begin());
  EXPECT_EQ(fs.Get("f/m"), BytesOf(expected));
  EXPECT_FALSE(fs.Exists("f/m.learning/journal"));
}

TEST(Learner, AJournalCutAnywhereGivesItsFirstRecords) {
  const std::vector<Example> examples = Examples(14);
  MemoryFileSystem fs;
  Train(fs, FirstOf(examples, 10));
  const std::string model = fs.Get("f/m");
  {
    const auto learner = Learner::Open(fs, "f/m", nullptr);
    for (size_t i = 10; i < 14; ++i) ASSERT_TRUE((*learner)->Learn(examples[i]).ok());
    ASSERT_TRUE((*learner)->Sync().ok());
  }
  const std::string journal = fs.Get("f/m.learning/journal");
  std::vector<std::string> states;
  for (size_t n = 10; n <= 14; ++n) states.push_back(BytesOf(FirstOf(examples, n)));
  size_t least = 0;
  for (size_t size = 0; size <= journal.size(); ++size) {
    fs.Put("f/m", model);
    fs.Put("f/m.learning/journal", journal.substr(0, size));
    ASSERT_TRUE(BringIn(fs, "f/m").ok()) << size;
    const auto state = std::find(states.begin(), states.end(), fs.Get("f/m"));
    ASSERT_NE(state, states.end()) << size;
    const size_t learned = static_cast<size_t>(state - states.begin());
    ASSERT_GE(learned, least);
    least = learned;
  }
  EXPECT_EQ(least, 4U);
}

TEST(Learner, AJournalOfAnotherModelIsOfThePast) {
  const std::vector<Example> examples = Examples(20);
  MemoryFileSystem fs;
  Train(fs, FirstOf(examples, 10));
  {
    const auto learner = Learner::Open(fs, "f/m", nullptr);
    ASSERT_TRUE((*learner)->Learn(examples[15]).ok());
    ASSERT_TRUE((*learner)->Sync().ok());
  }
  fs.Put("f/m", BytesOf(FirstOf(examples, 12)));
  ASSERT_TRUE(BringIn(fs, "f/m").ok());
  EXPECT_EQ(fs.Get("f/m"), BytesOf(FirstOf(examples, 12)));
}

TEST(Learner, DamageWithinAJournalIsToldAndChangesNothing) {
  const std::vector<Example> examples = Examples(14);
  MemoryFileSystem fs;
  Train(fs, FirstOf(examples, 10));
  const std::string model = fs.Get("f/m");
  {
    const auto learner = Learner::Open(fs, "f/m", nullptr);
    for (size_t i = 10; i < 14; ++i) ASSERT_TRUE((*learner)->Learn(examples[i]).ok());
    ASSERT_TRUE((*learner)->Sync().ok());
  }
  std::string journal = fs.Get("f/m.learning/journal");
  journal[journal.size() / 2] ^= 1;
  fs.Put("f/m.learning/journal", journal);
  EXPECT_EQ(BringIn(fs, "f/m").code(), StatusCode::kDataLoss);
  EXPECT_EQ(fs.Get("f/m"), model);
}

TEST(Learner, PowerMayGoAtAnyPoint) {
  const std::vector<Example> examples = Examples(16);
  const std::string before = BytesOf(FirstOf(examples, 10));
  const std::string after = BytesOf(examples);
  bool finished = false;
  for (size_t n = 1; !finished; ++n) {
    const ScratchFolder scratch;
    const std::string path = scratch.Path("m");
    ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), path, before).ok());
    FaultyFileSystem fs(PosixFileSystem());
    fs.PowerOffAt(n);
    bool synced = false;
    const auto work = [&]() -> Status {
      ASSIGN_OR_RETURN(const auto learner, Learner::Open(fs, path, nullptr));
      for (size_t i = 10; i < 16; ++i) RETURN_IF_ERROR(learner->Learn(examples[i]));
      RETURN_IF_ERROR(learner->Sync());
      synced = true;
      return learner->Commit();
    };
    finished = work().ok();
    fs.Restart(FaultyFileSystem::UnsyncedNames::kLost);
    ASSERT_TRUE(BringIn(fs, path).ok()) << n;
    const std::string bytes = *fs.ReadAll(path);
    ASSERT_TRUE(bytes == after || (!synced && bytes == before)) << "power went at change " << n;
  }
}

TEST(Learner, GoesOnAfterCommit) {
  const std::vector<Example> examples = Examples(16);
  for (const bool is_new : {true, false}) {
    MemoryFileSystem fs;
    if (!is_new) Train(fs, FirstOf(examples, 10));
    {
      const auto learner = is_new ? Learner::Create(fs, "f/m", false, nullptr) : Learner::Open(fs, "f/m", nullptr);
      for (size_t i = 0; i < 12; ++i) ASSERT_TRUE((*learner)->Learn(examples[i]).ok());
      EXPECT_EQ((*learner)->Sync().code(), is_new ? StatusCode::kFailedPrecondition : StatusCode::kOk) << "nothing of a new one is on the disk";
      ASSERT_TRUE((*learner)->Commit().ok());
      EXPECT_FALSE(fs.Exists("f/m.learning/journal"));
      for (size_t i = 12; i < 16; ++i) ASSERT_TRUE((*learner)->Learn(examples[i]).ok());
      ASSERT_TRUE((*learner)->Sync().ok());
    }
    ASSERT_TRUE(BringIn(fs, "f/m").ok());
    EXPECT_EQ(fs.Get("f/m"), BytesOf(examples));
  }
}

// It cannot be known which model is on the disk, so nothing more is acknowledged.
TEST(Learner, AFailedCommitIsTheLast) {
  const std::vector<Example> examples = Examples(14);
  for (const auto failing : {FaultyFileSystem::Operation::kWrite, FaultyFileSystem::Operation::kSyncFolder}) {
    MemoryFileSystem files;
    ASSERT_TRUE(files.CreateFolder("f").ok());
    Train(files, FirstOf(examples, 10));
    FaultyFileSystem fs(files);
    {
      const auto learner = Learner::Open(fs, "f/m", nullptr);
      ASSERT_TRUE((*learner)->Learn(examples[10]).ok());
      ASSERT_TRUE((*learner)->Sync().ok());
      fs.FailAt(failing, 1);
      EXPECT_FALSE((*learner)->Commit().ok());
      fs.ClearFaults();
      (void)(*learner)->Learn(examples[11]);
      EXPECT_FALSE((*learner)->Sync().ok());
      EXPECT_FALSE((*learner)->Commit().ok());
    }
    ASSERT_TRUE(BringIn(fs, "f/m").ok());
    EXPECT_EQ(files.Get("f/m"), BytesOf(FirstOf(examples, 11)));
  }
}

// A model that has become what it was meets no journal of that time.
TEST(Learner, AJournalThatIsDoneNeverComesBack) {
  const std::vector<Example> examples = Examples(11);
  const ScratchFolder scratch;
  const std::string path = scratch.Path("m");
  const std::string before = BytesOf(FirstOf(examples, 10));
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), path, before).ok());
  FaultyFileSystem fs(PosixFileSystem());
  for (const bool learn : {true, false}) {
    const auto learner = Learner::Open(fs, path, nullptr);
    ASSERT_TRUE((learn ? (*learner)->Learn(examples[10]) : (*learner)->Unlearn(examples[10])).ok());
    ASSERT_TRUE(!learn || (*learner)->Sync().ok());
    ASSERT_TRUE((*learner)->Commit().ok());
  }
  fs.Restart();
  ASSERT_TRUE(BringIn(fs, path).ok());
  EXPECT_EQ(*fs.ReadAll(path), before);
}

TEST(Learner, OneProcessMakesOrChangesAModel) {
  const ScratchFolder scratch;
  const std::string path = scratch.Path("m");
  FileSystem& fs = PosixFileSystem();
  const auto make = [&] { return Learner::Create(fs, path, false, nullptr); };
  {
    const auto first = make();
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(make().status().code(), StatusCode::kUnavailable);
    ASSERT_TRUE((*first)->Learn(Examples(1)[0]).ok());
    ASSERT_TRUE((*first)->Commit().ok());
    EXPECT_EQ(Learner::Open(fs, path, nullptr).status().code(), StatusCode::kUnavailable) << "until it is gone";
  }
  const auto learner = Learner::Open(fs, path, nullptr);
  ASSERT_TRUE(learner.ok()) << learner.status().ToString();
  EXPECT_EQ(make().status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(Learner::Merge(fs, path, {path}, nullptr).status().code(), StatusCode::kUnavailable);
}

TEST(Learner, HoldsLittleOfItsJournalInMemory) {
  const std::vector<Example> examples = Examples(3);
  MemoryFileSystem fs;
  Train(fs, examples);
  const auto learner = Learner::Open(fs, "f/m", nullptr);
  Example large = examples[0];
  large.text.assign(LearningJournal::kMaxHeldBytes / 4, 'x');
  ASSERT_TRUE((*learner)->Learn(large).ok());
  EXPECT_FALSE(fs.Exists("f/m.learning/journal"));
  for (int i = 0; i < 16; ++i) {
    large.id = "large" + std::to_string(i);
    ASSERT_TRUE((*learner)->Learn(large).ok());
  }
  EXPECT_GE(fs.Get("f/m.learning/journal").size(), 15 * large.text.size()) << "though nothing was synced";
}

// Nothing is written that the new model makes idle at once.
TEST(Learner, CommitWritesTheModelOnly) {
  const std::vector<Example> examples = Examples(5);
  MemoryFileSystem files;
  Train(files, FirstOf(examples, 3));
  FaultyFileSystem fs(files);
  const auto learner = Learner::Open(fs, "f/m", nullptr);
  ASSERT_TRUE((*learner)->Learn(examples[4]).ok());
  ASSERT_TRUE((*learner)->Commit().ok());
  EXPECT_EQ(fs.count(FaultyFileSystem::Operation::kCreate), 1U);
}

TEST(Learner, WhoReadsIsToldWhatIsPending) {
  const std::vector<Example> examples = Examples(14);
  MemoryFileSystem files;
  Train(files, FirstOf(examples, 10));
  const std::string model = files.Get("f/m");
  const uint64_t checksum = Model::ChecksumOf(model);
  FaultyFileSystem fs(files);
  const auto note = [&] { return PendingNote(fs, "f/m", checksum); };
  EXPECT_EQ(note(), "");
  {
    const auto learner = Learner::Open(files, "f/m", nullptr);
    EXPECT_EQ(note(), "");
    for (size_t i = 10; i < 14; ++i) ASSERT_TRUE((*learner)->Learn(examples[i]).ok());
    ASSERT_TRUE((*learner)->Sync().ok());
  }
  EXPECT_NE(note().find("f/m has learned more"), std::string::npos) << note();
  EXPECT_NE(note().find("sakuin classify learn"), std::string::npos) << note();
  EXPECT_EQ(PendingNote(fs, "f/m", checksum + 1), "") << "of another model";
  std::string journal = files.Get("f/m.learning/journal");
  for (const size_t size : {size_t{0}, size_t{3}, size_t{24}}) {
    files.Put("f/m.learning/journal", journal.substr(0, size));
    EXPECT_EQ(note(), "") << size;
  }
  journal[9] ^= 1;
  files.Put("f/m.learning/journal", journal);
  EXPECT_NE(note(), "") << "what is damaged is not passed over";
  fs.FailAt(FaultyFileSystem::Operation::kRead, 1, EACCES);
  EXPECT_NE(note().find("may have learned more"), std::string::npos);
  EXPECT_EQ(fs.changes(), 0U);
  EXPECT_EQ(files.Get("f/m"), model);
}

TEST(Learner, MergesModelsAndTheirJournals) {
  const std::vector<Example> examples = Examples(30);
  MemoryFileSystem fs;
  fs.Put("f/a", BytesOf(FirstOf(examples, 20)));
  fs.Put("f/b", BytesOf({examples.begin() + 15, examples.begin() + 28}));
  {
    const auto learner = Learner::Open(fs, "f/b", nullptr);
    for (size_t i = 28; i < 30; ++i) ASSERT_TRUE((*learner)->Learn(examples[i]).ok());
    ASSERT_TRUE((*learner)->Sync().ok());
  }
  const std::string b = fs.Get("f/b"), journal = fs.Get("f/b.learning/journal");
  const auto all = Learner::Merge(fs, "f/m", {"f/b", "f/a"}, nullptr);
  ASSERT_TRUE(all.ok()) << all.status().ToString();
  EXPECT_FALSE(fs.Exists("f/m")) << "before it is committed";
  ASSERT_TRUE((*all)->Commit().ok());
  EXPECT_EQ(fs.Get("f/m"), BytesOf(examples));
  EXPECT_EQ(fs.Get("f/b"), b);
  EXPECT_EQ(fs.Get("f/b.learning/journal"), journal);
  fs.Put("f/several", ModelBytes(SetOf(examples, true)));
  EXPECT_EQ(Learner::Merge(fs, "f/m", {"f/several", "f/a"}, nullptr).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(Learner::Merge(fs, "f/m", {"f/a", "f/none"}, nullptr).status().code(), StatusCode::kNotFound);
}

TEST(Learner, RefusesWhatDoesNotFit) {
  MemoryFileSystem fs;
  EXPECT_EQ(Learner::Open(fs, "f/none", nullptr).status().code(), StatusCode::kNotFound);
  Train(fs, Examples(5));
  const auto learner = Learner::Open(fs, "f/m", nullptr);
  EXPECT_EQ((*learner)->Learn({"x", {"a", "b"}, "text"}).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE((*learner)->Learn(Examples(5)[0]).ok());
  EXPECT_EQ((*learner)->counts().known, 1U);
  EXPECT_TRUE((*learner)->Unlearn({"never", {"a"}, "text"}).ok());
  EXPECT_EQ((*learner)->counts().unknown, 1U);
}

}  // namespace
}  // namespace sakuin::classifier
