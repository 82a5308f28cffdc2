// Backups through the command line: whole while a writer merges, and told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

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

// An index with a file, a live dictionary of the same name elsewhere, and a model.
class BackupOfAnnotated : public testing::Test {
 protected:
  void SetUp() override {
    Write("site.keywords", "Tokyo\t/wiki/Tokyo\n");
    std::filesystem::create_directory(Path("live"));
    Run({"keywords", "init", "--dict", Path("live/site.keywords"), "-"}, "Kyoto\n");
    Run({"keywords", "add", "--dict", Path("live/site.keywords"), "-"}, "Osaka\n");
    Run({"classify", "train", "--model", Path("topics.model"), "-"}, Examples("food", "soup noodle") + Examples("travel", "train station"));
    Write("schema.toml", "[fields]\nlinks = {dictionary = \"site.keywords\", from = [\"body\"]}\n"
                         "again = {dictionary = \"site.keywords\", from = [\"title\"]}\n"
                         "living = {dictionary = \"live/site.keywords/\", from = [\"body\"]}\n"
                         "category = {classifier = \"topics.model\", from = [\"body\"], threshold = 0.6}\n");
    Run({"index", "--index", index_, "--schema", Path("schema.toml"), "--format", "jsonl", "-"}, R"({"id":"a","body":"Tokyo soup"})");
  }

  static std::string Examples(const std::string& label, const std::string& text) {
    std::string lines;
    for (int i = 0; i < 12; ++i) {
      const std::string n = std::to_string(i);
      lines += json{{"id", label + n}, {"label", label}, {"text", text + " " + n}}.dump() + "\n";
    }
    return lines;
  }

  std::string Path(const std::string& name) const { return scratch_.Path(name); }
  void Write(const std::string& name, const std::string& text) const { std::ofstream(Path(name), std::ios::binary) << text; }

  static Ended Run(const std::vector<std::string>& arguments, std::string_view input = {}) {
    Ended ended = RunSakuin(arguments, input);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended;
  }

  // What the restored index finds in a document that comes in now.
  static json FieldsOfNew(const std::string& index) {
    Run({"index", "--index", index, "--format", "jsonl", "-"}, R"({"id":"n","title":"Tokyo","body":"train station, Tokyo, Kyoto, Osaka"})");
    return json::parse(Run({"search", "--index", index, "--json", "--fields", "links,again,living,category", "_key:n"}).out)["hits"][0]["fields"];
  }
  const json all_ = json::parse(R"({"links":["Tokyo"],"again":["Tokyo"],"living":["Kyoto","Osaka"],"category":"travel"})");

  void LoseFiles() const {
    for (const char* name : {"site.keywords", "live", "topics.model", "topics.model.learning"}) std::filesystem::remove_all(Path(name));
  }

  const ScratchFolder scratch_;
  const std::string index_ = scratch_.Path("index");
  const std::string copy_ = scratch_.Path("copy");
  const std::string restored_ = scratch_.Path("restored");
};

TEST_F(BackupOfAnnotated, RestoresDictionariesAndModelsThatAreLost) {
  const json told = json::parse(Run({"backup", "--json", index_, copy_}).out);
  uint64_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(copy_)) files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(told["files"], files);
  EXPECT_TRUE(std::filesystem::exists(copy_ + "/dictionaries-and-models/2-site.keywords/CURRENT"));
  LoseFiles();
  std::filesystem::remove_all(index_);
  std::filesystem::rename(copy_, Path("moved"));
  const Ended restored = Run({"restore", Path("moved"), restored_});
  EXPECT_THAT(restored.err, HasSubstr("dictionary " + Path("site.keywords") + " is not there: the index goes on with the copy " + restored_));
  std::filesystem::remove_all(Path("moved"));
  EXPECT_EQ(FieldsOfNew(restored_), all_);
  EXPECT_EQ(Run({"verify", restored_}).code, 0);

  Run({"backup", restored_, Path("second")});
  std::filesystem::remove_all(restored_);
  Run({"restore", Path("second"), Path("again")});
  EXPECT_EQ(FieldsOfNew(Path("again")), all_) << "of a restored index too";
}

TEST_F(BackupOfAnnotated, GoesOnWithFilesThatAreWhereTheyWere) {
  Run({"backup", index_, copy_});
  Write("site.keywords", "Tokyo\t/wiki/Tokyo\ntrain\n");
  const Ended restored = Run({"restore", copy_, restored_});
  EXPECT_THAT(restored.err, HasSubstr("dictionary " + Path("site.keywords") + " is where it was"));
  EXPECT_FALSE(std::filesystem::exists(restored_ + "/dictionaries-and-models"));
  EXPECT_EQ(FieldsOfNew(restored_)["links"], (json{"train", "Tokyo"}));
}

TEST_F(BackupOfAnnotated, ABackupOfABackupHasThemToo) {
  Run({"backup", index_, copy_});
  LoseFiles();
  Run({"backup", copy_, Path("second")});
  Run({"restore", Path("second"), restored_});
  EXPECT_EQ(FieldsOfNew(restored_), all_);
}

TEST_F(BackupOfAnnotated, SaysWhatIsNowhere) {
  std::filesystem::remove(Path("site.keywords"));
  EXPECT_THAT(Run({"backup", index_, copy_}).err, HasSubstr("note: field 'again' of the schema, dictionary " + Path("site.keywords") +
                                                            " is not there: the backup is without it"));
  EXPECT_THAT(Run({"restore", copy_, restored_}).err, HasSubstr("is not there and not in the backup"));
  EXPECT_EQ(Run({"search", "--index", restored_, "links:Tokyo"}).code, 0);
}

TEST_F(BackupOfAnnotated, WhatIsDamagedIsNoBackup) {
  for (const auto& entry : std::filesystem::directory_iterator(Path("live/site.keywords"))) {
    if (entry.path().extension() == ".dict") std::filesystem::resize_file(entry.path(), 100);
  }
  const Ended ended = RunSakuin({"backup", index_, copy_});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("field 'living' of the schema, dictionary " + Path("live/site.keywords")));
  EXPECT_FALSE(std::filesystem::exists(copy_ + "/CURRENT"));
  std::filesystem::remove_all(Path("live"));
  Run({"backup", index_, copy_});
}

// What was learned and acknowledged, and is not yet in the file of the model.
TEST_F(BackupOfAnnotated, KeepsWhatTheModelHasYetToTakeUp) {
  {
    ChildProgram learner({"classify", "learn", "--model", Path("topics.model"), "--acks", "-"});
    ASSERT_TRUE(learner.Write(Examples("money", "budget")));
    for (int i = 0; i < 2000 && learner.Output().find("acknowledged 12") == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ASSERT_THAT(learner.Output(), HasSubstr("acknowledged 12"));
    Run({"backup", index_, copy_});  // while it learns
    learner.Kill();
    learner.Wait();
  }
  LoseFiles();
  Run({"restore", copy_, restored_});
  const std::string model = restored_ + "/dictionaries-and-models/topics.model";
  Run({"classify", "learn", "--model", model, "-"});  // takes it up
  const json report = json::parse(Run({"classify", "report", "--model", model}).out);
  EXPECT_EQ(report["documents"], 36);
}

}  // namespace
}  // namespace sakuin::cli
