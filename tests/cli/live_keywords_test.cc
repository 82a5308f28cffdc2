// sakuin keywords and link with a live dictionary, from the terminal.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/file.h"
#include "tests/base/sanitized.h"
#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

using testing::HasSubstr;

class LiveKeywords : public testing::Test {
 protected:
  Ended Run(const std::string& what, std::vector<std::string> more = {}, std::string_view input = {}) const {
    std::vector<std::string> arguments = {"keywords", what, "--dict", folder_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunSakuin(arguments, input);
  }
  nlohmann::json Json(const std::string& what, std::vector<std::string> more = {}, std::string_view input = {}) const {
    more.insert(more.begin(), "--json");
    const Ended ended = Run(what, more, input);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return nlohmann::json::parse(ended.out, nullptr, false);
  }
  std::string Linked(std::string_view text, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"link", "--keywords", folder_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = RunSakuin(arguments, text);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.out;
  }

  const ScratchFolder scratch_;
  const std::string folder_ = scratch_.Path("site.keywords");
};

TEST_F(LiveKeywords, ChangesAreSeenFoldedAndTakenBack) {
  EXPECT_EQ(Json("init", {"-"}, "Tokyo\t/tokyo\nKyoto\t/kyoto\n")["keywords"], 2U);
  EXPECT_EQ(Linked("Tokyo, Kyoto, Nara"), "[Tokyo](/tokyo), [Kyoto](/kyoto), Nara");
  const auto added = Json("add", {"-"}, "Nara\t/nara\ntokyo\t/small\t1\nKyoto\t/kyoto\n");
  EXPECT_EQ(added["changed"], 2U) << "one was there already";
  EXPECT_EQ(added["keywords"], 4U);
  EXPECT_EQ(Linked("Tokyo, Kyoto, Nara"), "[Tokyo](/small), [Kyoto](/kyoto), [Nara](/nara)");
  EXPECT_EQ(Json("delete", {"-"}, "tokyo\nKyoto\tignored\t3\nOsaka\n")["changed"], 2U);
  EXPECT_EQ(Linked("<p>Tokyo, Kyoto</p>", {"--html"}), "<p><a href=\"/tokyo\">Tokyo</a>, Kyoto</p>");
  EXPECT_EQ(Json("fold")["version"], 2U);
  EXPECT_EQ(Linked("Tokyo, Kyoto, Nara"), "[Tokyo](/tokyo), Kyoto, [Nara](/nara)");
  const auto back = Json("rollback", {"1"});
  EXPECT_EQ(back["version"], 1U);
  EXPECT_EQ(back["keywords"], 2U);
  EXPECT_EQ(Linked("Tokyo, Kyoto, Nara"), "[Tokyo](/tokyo), [Kyoto](/kyoto), Nara");
  const auto versions = Json("versions");
  EXPECT_EQ(versions["current"], 1U);
  ASSERT_EQ(versions["versions"].size(), 2U);
  EXPECT_EQ(versions["versions"][1]["keywords"], 2U);
  EXPECT_THAT(Run("versions").out, HasSubstr("current"));
}

TEST_F(LiveKeywords, LinksAreCountedWhereAskedFor) {
  ASSERT_EQ(Run("init", {"-"}, "Tokyo\nKyoto\n").code, 0);
  EXPECT_EQ(Json("stats")["links"], 0U);
  Linked("Tokyo Tokyo Kyoto");
  EXPECT_EQ(Json("stats")["links"], 0U);
  Linked("Tokyo Tokyo Kyoto", {"--count"});
  Linked("TOKYO", {"--count", "--json"});
  const auto stats = Json("stats", {"--top", "1"});
  EXPECT_EQ(stats["links"], 4U);
  EXPECT_EQ(stats["linked_keywords"], 2U);
  ASSERT_EQ(stats["top"].size(), 1U);
  EXPECT_EQ(stats["top"][0]["keyword"], "Tokyo");
  EXPECT_EQ(stats["top"][0]["links"], 3U);
  EXPECT_EQ(Run("stats").out, "3\tTokyo\n1\tKyoto\n");
}

// Counts are written every ten seconds: those that cannot be do not cut the text off.
TEST_F(LiveKeywords, DamagedCountsAreToldBehindTheWholeText) {
  ASSERT_EQ(Run("init", {"-"}, "Tokyo\nKyoto\n").code, 0);
  const ScratchFolder scratch;
  const std::string sound = scratch.Path("sound.keywords");
  ASSERT_EQ(RunSakuin({"keywords", "init", "--dict", sound, "-"}, "Nara\n").code, 0);
  Linked("Tokyo", {"--count"});
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), folder_ + "/counts/linked", "damaged").ok());
  ChildProgram linker({"link", "--keywords", folder_, "--keywords", sound, "--count"});
  const std::string far(1'000'000, '.');  // so that nothing before it is undecided
  ASSERT_TRUE(linker.Write("From Tokyo " + far));
  std::this_thread::sleep_for(std::chrono::milliseconds(11'500));
  ASSERT_TRUE(linker.Write("to Nara and Kyoto\n"));
  const Ended ended = linker.Wait();
  EXPECT_TRUE(ended.out == "From [Tokyo](Tokyo) " + far + "to [Nara](Nara) and [Kyoto](Kyoto)\n") << ended.out.size();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr(folder_ + "/counts/linked"));
  EXPECT_EQ(RunSakuin({"keywords", "stats", "--dict", sound}).out, "1\tNara\n") << "the other folder counts";
}

TEST_F(LiveKeywords, RefusesWithAWord) {
  EXPECT_THAT(Run("add", {"-"}, "x\n").err, HasSubstr("sakuin keywords init"));
  EXPECT_EQ(Run("init", {}).code, 0);
  EXPECT_EQ(Run("init", {}).code, 1);
  const Ended broken = Run("add", {"-"}, "good\nbad\t/x\tpriority\n\xff\n");
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err, HasSubstr("standard input:2"));
  EXPECT_EQ(Linked("good bad"), "[good](good) bad");
  EXPECT_EQ(Run("rollback", {"9"}).code, 1);
  EXPECT_EQ(Run("rollback", {"x"}).code, 2);
  EXPECT_EQ(RunSakuin({"keywords", "fold"}).code, 2);
  const ScratchFolder plain;
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), plain.Path("k.tsv"), "good\n").ok());
  EXPECT_EQ(RunSakuin({"link", "--keywords", plain.Path("k.tsv"), "--count"}, "good").code, 1);
}

uint64_t LastAcknowledged(const std::string& output) {
  const size_t begin = output.rfind("acknowledged ");
  return begin == std::string::npos || output.find('\n', begin) == std::string::npos ? 0 : std::stoull(output.substr(begin + 13));
}

// What one process adds is linked by another while it goes on, and after kill -9.
TEST_F(LiveKeywords, WhatIsAcknowledgedIsSeenAndSurvivesKill) {
  ASSERT_EQ(Run("init", {}).code, 0);
  int given = 0;
  uint64_t acknowledged = 0;  // in all; what was given and not acknowledged may be lost
  for (int round = 0; round < Rounds(6); ++round) {
    ChildProgram adder({"keywords", "add", "--dict", folder_, "--acks", "-"});
    const int before = given;
    while (LastAcknowledged(adder.Output()) < 3) {
      ASSERT_TRUE(adder.Write("keyword" + std::to_string(given++) + "\n"));
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    const uint64_t now = LastAcknowledged(adder.Output());
    acknowledged += now;
    const std::string last = "keyword" + std::to_string(static_cast<uint64_t>(before) + now - 1);
    EXPECT_EQ(Linked(last), "[" + last + "](" + last + ")");
    if (round == 0) {
      EXPECT_THAT(Run("fold").err, HasSubstr("another process"));
    }
    adder.Kill();
    ASSERT_EQ(adder.Wait().signal, SIGKILL);
    const std::string first = "keyword" + std::to_string(before);
    EXPECT_EQ(Linked(first + " " + last), "[" + first + "](" + first + ") [" + last + "](" + last + ")");
    const uint64_t keywords = Json("fold")["keywords"];
    EXPECT_GE(keywords, acknowledged);
    EXPECT_LE(keywords, static_cast<uint64_t>(given));
  }
}

TEST_F(LiveKeywords, NamesWhatIsNotThereToDelete) {
  ASSERT_EQ(Run("init", {"-"}, "Dog\nCat\n").code, 0);
  const Ended ended = Run("delete", {"-"}, "Nope\ndog\nCat\n");
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("note: 'Nope' is not in the dictionary\n"));
  EXPECT_THAT(ended.err, HasSubstr("note: 'dog' is not in the dictionary, where it is spelled 'Dog'\n"));
  EXPECT_THAT(ended.err, HasSubstr("1 of 3 lines deleted"));
  const auto json = Json("delete", {"-"}, "Cat\nDog\n");
  EXPECT_EQ(json["missing"], 1U);
  EXPECT_EQ(json["changed"], 1U);
}

TEST_F(LiveKeywords, DamageIsTold) {
  FileSystem& fs = PosixFileSystem();
  const std::string current = folder_ + "/CURRENT", base = folder_ + "/base-00000000000000000001.dict";
  ASSERT_EQ(Run("init", {"-"}, "Dog\n").code, 0);
  const std::string sound = *fs.ReadAll(current), version = *fs.ReadAll(base);
  const auto told = [&](const std::string& what, const std::vector<std::string>& commands = {"link", "add", "init"}) {
    for (const std::string& command : commands) {
      const Ended ended = command == "link" ? RunSakuin({"link", "--keywords", folder_, "-"}, "Dog") : Run(command, {"-"}, "Cat\n");
      EXPECT_EQ(ended.code, 1) << command;
      EXPECT_THAT(ended.err, HasSubstr(what)) << command;
      EXPECT_THAT(ended.err, HasSubstr("from a copy")) << command;
      EXPECT_EQ(ended.err.find("keywords build"), std::string::npos) << ended.err;
    }
  };
  ASSERT_TRUE(WriteFileAtomically(fs, current, sound.substr(0, 5)).ok());
  told("CURRENT does not end in a checksum");
  ASSERT_TRUE(fs.Remove(current).ok());
  told("has versions of a live dictionary, but no CURRENT");
  EXPECT_EQ(*fs.ReadAll(base), version);
  ASSERT_TRUE(WriteFileAtomically(fs, current, sound).ok());
  ASSERT_TRUE(WriteFileAtomically(fs, base, version.substr(0, version.size() / 2)).ok());
  told("is damaged", {"link", "add"});
}

TEST_F(LiveKeywords, InitLeavesOtherFilesAlone) {
  FileSystem& fs = PosixFileSystem();
  ASSERT_TRUE(fs.CreateFolder(folder_).ok());
  ASSERT_TRUE(WriteFileAtomically(fs, folder_ + "/letter.txt", "Dear").ok());
  const Ended full = Run("init", {"-"}, "Dog\n");
  EXPECT_EQ(full.code, 1);
  EXPECT_THAT(full.err, HasSubstr("holds other files, for instance letter.txt; choose an empty folder"));
  const std::string index = scratch_.Path("index");
  ASSERT_EQ(RunSakuin({"index", "--index", index, "--format", "jsonl", "-"}, R"({"id":"a","body":"b"})").code, 0);
  const Ended refused = RunSakuin({"keywords", "init", "--dict", index, "-"}, "Dog\n");
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("holds other files"));
  ASSERT_TRUE(fs.Remove(folder_ + "/letter.txt").ok());
  EXPECT_EQ(Run("init", {"-"}, "Dog\n").code, 0);
  EXPECT_FALSE(fs.Exists(folder_ + "/creating"));
  EXPECT_THAT(Run("init", {"-"}, "Dog\n").err, HasSubstr("there is a live dictionary in"));
}

}  // namespace
}  // namespace sakuin::cli
