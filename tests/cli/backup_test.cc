// Backups through the command line: whole while a writer merges, and told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class Backup : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* record : {"{\"id\":\"a\",\"body\":\"sound\"}\n", "{\"id\":\"b\",\"body\":\"sound\"}\n"}) {
      ASSERT_EQ(RunSakuin({"index", "--index", index_, "--format", "jsonl", "-"}, record).code, 0);
    }
    ASSERT_EQ(RunSakuin({"delete", "--index", index_, "a"}).code, 0);
  }

  const ScratchFolder scratch_;
  const std::string index_ = scratch_.Path("index");
  const std::string copy_ = scratch_.Path("copy");
};

TEST_F(Backup, SaysWhatItCopied) {
  const Ended ended = RunSakuin({"backup", "--json", index_, copy_});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const json told = json::parse(ended.out);
  uint64_t files = 0;
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(copy_)) {
    ++files;
    bytes += entry.file_size();
  }
  EXPECT_EQ(told["files"], files);
  EXPECT_EQ(told["bytes"], bytes);
  EXPECT_EQ(told["generation"], 3);
  EXPECT_EQ(RunSakuin({"verify", copy_}).code, 0);
  const Ended restored = RunSakuin({"restore", copy_, scratch_.Path("restored")});
  EXPECT_EQ(restored.code, 0);
  EXPECT_THAT(restored.err, HasSubstr("generation 3"));
}

TEST_F(Backup, AFolderWithWhatIsLeftOfAnIndexIsRefused) {
  ASSERT_EQ(RunSakuin({"backup", index_, copy_}).code, 0);
  std::filesystem::remove(copy_ + "/CURRENT");
  const Ended ended = RunSakuin({"backup", index_, copy_});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("there is an index in"));
}

TEST_F(Backup, ADamagedSegmentMakesNoIndex) {
  for (const auto& entry : std::filesystem::directory_iterator(index_)) {
    if (entry.path().extension() != ".seg") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file.put('\x5a');
    file.put('\xa5');
  }
  EXPECT_EQ(RunSakuin({"backup", index_, copy_}).code, 1);
  EXPECT_FALSE(std::filesystem::exists(copy_ + "/CURRENT"));
}

}  // namespace
}  // namespace sakuin::cli
