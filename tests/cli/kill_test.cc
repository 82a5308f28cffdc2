// Writers and readers that are killed at random moments, and writers that meet.
// Afterwards the index verifies clean and holds exactly the documents after some
// first part of the writes, a part that holds everything acknowledged.

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "base/file.h"
#include "tests/base/sanitized.h"
#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

using std::chrono::milliseconds;

constexpr int kRounds = kSanitized ? 25 : 100;
constexpr uint64_t kKeys = 1500;
constexpr uint64_t kLinesPerRound = 4000;
constexpr uint64_t kLinesAtOnce = 40;

// Every write has a number; keys come again, so that most writes replace.
std::string KeyOf(uint64_t number) { return "k" + std::to_string(number * 7919 % kKeys); }

std::string Line(uint64_t number) {
  const std::string digits = std::to_string(number);
  return R"({"id":")" + KeyOf(number) + R"(","body":"unique)" + digits + R"( apple","number":)" + digits + "}\n";
}

uint64_t LastAcknowledged(const std::string& output) {
  const std::string word = "acknowledged ";
  const size_t end = output.rfind('\n');
  if (end == std::string::npos) return 0;
  const size_t begin = output.rfind(word, end);
  return begin == std::string::npos ? 0 : std::stoull(output.substr(begin + word.size()));
}

using Documents = std::map<std::string, uint64_t>;  // key -> number of the write

class Kill : public testing::Test {
 protected:
  std::vector<std::string> WriterArguments() const {
    return {"index", "--index", index_, "--acks", "--format", "jsonl", "--memory", "8M", "--threads", "2", "--shards", "2", "-"};
  }

  milliseconds Random(int most) { return milliseconds(random_() % static_cast<unsigned>(most)); }

  // Feeds lines until the moment to die, which in every other round is counted
  // from the first acknowledgement, and in every fourth lies in the commit at the end.
  uint64_t WriteAndKill(int round) {
    ChildProgram writer(WriterArguments());
    auto end = std::chrono::steady_clock::now() + Random(250);
    bool waits = round % 2 == 0;
    uint64_t given = 0;
    std::string lines;  // that the pipe has not taken yet
    while (waits || std::chrono::steady_clock::now() < end) {
      for (uint64_t i = 0; lines.size() < 10'000 && given < kLinesPerRound && i < kLinesAtOnce; ++i) lines += Line(first_ + given++);
      lines.erase(0, writer.Offer(lines, milliseconds(50)));
      if (given == kLinesPerRound && lines.empty() && round % 4 == 0 && !waits) writer.CloseInput();
      std::this_thread::sleep_for(milliseconds(2));
      if (waits && LastAcknowledged(writer.Output()) > 0) {
        waits = false;
        end = std::chrono::steady_clock::now() + Random(100);
      }
    }
    writer.Kill();
    const Ended ended = writer.Wait();
    EXPECT_TRUE(ended.signal == SIGKILL || ended.code == 0) << ended.code << " " << ended.err;
    first_unused_ = first_ + given;
    return LastAcknowledged(ended.out);
  }

  // A reader brings in what the writer left, and may die of the same.
  void ReadAndKill() {
    ChildProgram reader({"search", "--index", index_, "apple"});
    std::this_thread::sleep_for(Random(40));
    reader.Kill();
    const Ended ended = reader.Wait();
    EXPECT_TRUE(ended.signal == SIGKILL || ended.code == 0) << ended.code << " " << ended.err;
  }

  static Documents Found(const std::string& folder) {
    const Ended ended = RunSakuin({"search", "--index", folder, "--json", "--top", "1000000", "*"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    Documents found;
    const nlohmann::json answer = nlohmann::json::parse(ended.out, nullptr, false);
    if (!answer.is_object()) return found;
    for (const auto& hit : answer["hits"]) {
      EXPECT_TRUE(found.emplace(hit["key"], hit["fields"]["number"].get<uint64_t>()).second) << hit["key"] << " twice";
    }
    return found;
  }

  void ExpectVerified() {
    const Ended verified = RunSakuin({"verify", index_});
    EXPECT_EQ(verified.code, 0) << verified.err;
  }

  // `found` is what was there before and the first writes of this round, the acknowledged ones at least.
  void ExpectPrefix(const Documents& found, uint64_t acknowledged) {
    uint64_t end = first_;
    for (const auto& [key, number] : found) end = std::max(end, number + 1);
    EXPECT_GE(end, first_ + acknowledged);
    EXPECT_LE(end, first_unused_);
    for (uint64_t number = first_; number < end; ++number) documents_[KeyOf(number)] = number;
    EXPECT_EQ(found, documents_);
  }

  void ExpectSearchable() {
    std::string query;
    uint64_t expected = 0;
    for (const auto& [key, number] : documents_) {
      if (random_() % 20 != 0) continue;
      query += " unique" + std::to_string(number);
      ++expected;
    }
    if (expected == 0) return;
    const Ended ended = RunSakuin({"search", "--index", index_, "--json", "--top", "0", query});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(nlohmann::json::parse(ended.out)["total"]["value"], expected);
  }

  const ScratchFolder scratch_;
  const std::string index_ = scratch_.Path("index");
  const std::string copy_ = scratch_.Path("copy");
  std::mt19937 random_{20260101};
  uint64_t first_ = 0;  // write of this round
  uint64_t first_unused_ = 0;
  Documents documents_;  // that have to be there
};

TEST_F(Kill, LosesNothingAcknowledged) {
  int useful = 0;
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const uint64_t acknowledged = WriteAndKill(round);
    useful += acknowledged > 0 ? 1 : 0;
    if (!std::filesystem::exists(index_ + "/CURRENT")) {
      EXPECT_EQ(acknowledged, 0U);
      EXPECT_TRUE(documents_.empty());
      continue;
    }
    ExpectVerified();
    if (round % 3 == 0) ReadAndKill();
    ExpectVerified();
    ExpectPrefix(Found(index_), acknowledged);
    ExpectSearchable();
    first_ = first_unused_;
  }
  EXPECT_GE(useful, kRounds / 3);
}

TEST_F(Kill, AnEditOfTheSchemaHidesNothingAcknowledged) {
  {
    ChildProgram writer(WriterArguments());
    ASSERT_TRUE(writer.Write(Line(0)));
    while (LastAcknowledged(writer.Output()) < 1) std::this_thread::sleep_for(milliseconds(5));
  }
  const std::string path = index_ + "/schema.toml";
  const std::string before = *PosixFileSystem().ReadAll(path);
  std::string edited = before;
  edited.replace(edited.find("standard"), 8, "english");
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), path, edited).ok());
  const Ended ended = RunSakuin({"search", "--index", index_, "apple"});
  EXPECT_EQ(ended.code, 1) << ended.out;
  EXPECT_NE(ended.err.find("take the edit back"), std::string::npos) << ended.err;
  ASSERT_EQ(RunSakuin({"backup", index_, copy_}).code, 0);  // of what was acknowledged, not of the edit
  EXPECT_EQ(Found(copy_), (Documents{{KeyOf(0), 0}}));
  ASSERT_TRUE(WriteFileAtomically(PosixFileSystem(), path, before).ok());
  EXPECT_EQ(Found(index_), (Documents{{KeyOf(0), 0}}));
}

TEST_F(Kill, ABackupBesideAWriterHasAllThatWasAcknowledged) {
  ChildProgram writer(WriterArguments());
  Documents expected;
  for (uint64_t number = 0; number < 3; ++number) {
    ASSERT_TRUE(writer.Write(Line(number)));
    expected[KeyOf(number)] = number;
  }
  while (LastAcknowledged(writer.Output()) < 3) std::this_thread::sleep_for(milliseconds(5));
  const Ended backup = RunSakuin({"backup", index_, copy_});
  ASSERT_EQ(backup.code, 0) << backup.err;
  const Ended restore = RunSakuin({"restore", copy_, scratch_.Path("restored")});
  ASSERT_EQ(restore.code, 0) << restore.err;
  for (const std::string& folder : {copy_, scratch_.Path("restored")}) {
    EXPECT_EQ(RunSakuin({"verify", folder}).code, 0);
    EXPECT_EQ(Found(folder), expected);
  }
}

TEST_F(Kill, ASecondWriterGetsAClearErrorAndTheFirstGoesOn) {
  ChildProgram first(WriterArguments());
  for (uint64_t number = 0; number < 100; ++number) ASSERT_TRUE(first.Write(Line(number)));
  while (LastAcknowledged(first.Output()) < 100) std::this_thread::sleep_for(milliseconds(5));
  const std::vector<std::vector<std::string>> seconds = {WriterArguments(), {"delete", "--index", index_, KeyOf(1)}, {"optimize", index_}};
  for (const std::vector<std::string>& arguments : seconds) {
    const Ended second = RunSakuin(arguments, Line(500));
    EXPECT_EQ(second.code, 1) << arguments[0];
    EXPECT_NE(second.err.find("another"), std::string::npos) << second.err;
  }
  EXPECT_EQ(RunSakuin({"search", "--index", index_, "apple"}).code, 0);
  const Ended ended = first.Wait();
  EXPECT_EQ(ended.code, 0) << ended.err;
  first_unused_ = 100;
  ExpectPrefix(Found(index_), 100);
  ExpectVerified();
}

}  // namespace
}  // namespace sakuin::cli
