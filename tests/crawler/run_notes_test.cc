#include "crawler/run_notes.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/base/scratch_folder.h"

namespace sakuin::crawler {
namespace {

class RunNotesTest : public testing::Test {
 protected:
  RunNotesTest() : frontier_(*DiskFrontier::Open(scratch_.Path("frontier"), {})) {}

  std::unique_ptr<RunNotes> Open(size_t most) { return *RunNotes::Open(*frontier_, most); }

  const ScratchFolder scratch_;
  std::unique_ptr<DiskFrontier> frontier_;
};

TEST_F(RunNotesTest, AgreeWithAMapHoweverLittleIsInMemory) {
  std::mt19937 random(5);
  const auto notes = Open(3);
  std::map<std::string, std::string> expected;
  for (int step = 0; step < 2000; ++step) {
    const std::string about = std::string(1, static_cast<char>(random() % 20 + 0xF0)) + "x";
    const auto taken = notes->Take(about);
    ASSERT_TRUE(taken.ok());
    const auto before = expected.find(about);
    ASSERT_EQ(taken->has_value(), before != expected.end()) << "step " << step;
    if (before != expected.end()) {
      ASSERT_EQ(**taken, before->second);
      expected.erase(before);
    }
    if (random() % 3 == 0) continue;
    expected[about] = std::to_string(step);
    ASSERT_TRUE(notes->Put(about, std::to_string(step)).ok());
    ASSERT_LE(notes->in_memory(), 3U);
    ASSERT_EQ(notes->in_memory() + notes->on_disk(), expected.size());
  }
}

TEST_F(RunNotesTest, AreOfOneRunAndBesideOthers) {
  ASSERT_TRUE(frontier_->PutNote("g", "kept").ok());
  ASSERT_TRUE(frontier_->PutNote("i", "kept").ok());
  ASSERT_TRUE(Open(0)->Put("a", "1").ok());
  const auto notes = Open(0);
  ASSERT_TRUE(notes->Put("b", "2").ok());
  EXPECT_FALSE(notes->Take("a")->has_value()) << "of an earlier run";
  EXPECT_EQ(**notes->Take("b"), "2");
  std::string value;
  EXPECT_TRUE(*frontier_->ReadNote("g", value));
  EXPECT_TRUE(*frontier_->ReadNote("i", value));
}

}  // namespace
}  // namespace sakuin::crawler
