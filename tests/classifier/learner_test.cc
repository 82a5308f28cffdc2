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

std::string BytesOf(std::vector<Example> examples) { return BuildModel(SetOf(examples), nullptr); }

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
  ASSERT_TRUE(FinishLearning(fs, "f/m", nullptr).ok());
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
    ASSERT_TRUE(FinishLearning(fs, "f/m", nullptr).ok()) << size;
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
  ASSERT_TRUE(FinishLearning(fs, "f/m", nullptr).ok());
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
  EXPECT_EQ(FinishLearning(fs, "f/m", nullptr).code(), StatusCode::kDataLoss);
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
    ASSERT_TRUE(FinishLearning(fs, path, nullptr).ok()) << n;
    const std::string bytes = *fs.ReadAll(path);
    ASSERT_TRUE(bytes == after || (!synced && bytes == before)) << "power went at change " << n;
  }
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
