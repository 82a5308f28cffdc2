#include "crawler/fetch_log.h"

#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "tests/base/faulty_file_system.h"
#include "tests/base/scratch_folder.h"

namespace sakuin::crawler {
namespace {

FetchRecord Whole() {
  FetchRecord record;
  record.time_ms = 1'700'000'000'123;
  record.url = "http://a.example/\"x\"";
  record.host = "a.example";
  record.run = 2;
  record.depth = 3;
  record.outcome = Outcome::kDuplicate;
  record.status = 200;
  record.why = "the same text";
  record.target = "http://a.example/";
  record.type = "text/html";
  record.charset = "euc-kr";
  record.language = "ko";
  record.bytes = 12345;
  record.first_byte_ms = 10;
  record.total_ms = 21;
  record.links = 7;
  return record;
}

TEST(FetchRecord, ComesBackFromItsLine) {
  const std::string line = ToJson(Whole());
  EXPECT_EQ(line,
            R"({"time":1700000000123,"url":"http://a.example/\"x\"","host":"a.example","outcome":"duplicate","run":2,"depth":3,"status":200,)"
            R"("why":"the same text","target":"http://a.example/","type":"text/html","charset":"euc-kr","language":"ko","bytes":12345,)"
            R"("first_byte_ms":10,"total_ms":21,"links":7})");
  const Result<FetchRecord> record = ParseFetchRecord(line);
  ASSERT_TRUE(record.ok()) << record.status().ToString();
  EXPECT_EQ(ToJson(*record), line);
}

TEST(FetchRecord, EveryOutcomeHasItsName) {
  for (size_t i = 0; i < kOutcomes; ++i) {
    FetchRecord record;
    record.outcome = static_cast<Outcome>(i);
    const Result<FetchRecord> read = ParseFetchRecord(ToJson(record));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->outcome, record.outcome);
  }
}

TEST(FetchRecord, WhatIsNoneIsRefused) {
  for (const char* line : {"", "[]", "{}", "{\"outcome\":\"eaten\"}", "{\"outcome\":"}) EXPECT_FALSE(ParseFetchRecord(line).ok()) << line;
}

class FetchLogTest : public testing::Test {
 protected:
  std::vector<std::string> Urls() {
    std::vector<std::string> urls;
    broken_ = *ReadFetchLog(PosixFileSystem(), path_, [&urls](const FetchRecord& record) { urls.push_back(record.url); });
    return urls;
  }
  void Add(const std::string& url) {
    FetchRecord record;
    record.url = url;
    const auto log = *FetchLog::Open(PosixFileSystem(), path_);
    log->Add(record);
    ASSERT_TRUE(log->Sync().ok());
  }

  const ScratchFolder scratch_;
  const std::string path_ = scratch_.Path(kFetchLogFile);
  uint64_t broken_ = 0;
};

TEST_F(FetchLogTest, EachTimeItIsOpenedIsARun) {
  Add("one");
  Add("two");
  std::ofstream(path_, std::ios::app) << "no record\n{\"half";
  Add("three");
  std::vector<uint64_t> runs;
  EXPECT_TRUE(ReadFetchLog(PosixFileSystem(), path_, [&runs](const FetchRecord& record) { runs.push_back(record.run); }).ok());
  EXPECT_EQ(runs, (std::vector<uint64_t>{1, 2, 3}));
}

TEST_F(FetchLogTest, HalfALineIsLeftOutAndCut) {
  Add("one");
  Add("two");
  const uint64_t size = *PosixFileSystem().Size(path_);
  ASSERT_TRUE(PosixFileSystem().Truncate(path_, size - 5).ok());
  EXPECT_EQ(Urls(), std::vector<std::string>{"one"});
  Add("three");
  EXPECT_EQ(Urls(), (std::vector<std::string>{"one", "three"}));
  EXPECT_EQ(broken_, 0U);
}

TEST_F(FetchLogTest, ALineThatIsNoneIsCounted) {
  Add("one");
  {
    const auto file = *PosixFileSystem().OpenForAppend(path_);
    ASSERT_TRUE(file->Append("nonsense\n").ok());
  }
  Add("two");
  EXPECT_EQ(Urls(), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(broken_, 1U);
}

TEST_F(FetchLogTest, WhatIsSyncedOutlivesThePower) {
  for (size_t n = 1;; ++n) {
    const ScratchFolder scratch;
    const std::string path = scratch.Path("log");
    FaultyFileSystem fs(PosixFileSystem());
    fs.PowerOffAt(n);
    uint64_t synced = 0;
    bool finished = false;
    if (Result<std::unique_ptr<FetchLog>> log = FetchLog::Open(fs, path); log.ok()) {
      finished = true;
      for (int i = 0; i < 3 && finished; ++i) {
        (*log)->Add(Whole());
        finished = (*log)->Sync().ok();
        synced += finished ? 1 : 0;
      }
    }
    fs.Restart(FaultyFileSystem::UnsyncedNames::kLost);
    uint64_t read = 0;
    const Result<uint64_t> broken = ReadFetchLog(fs, path, [&read](const FetchRecord&) { ++read; });
    EXPECT_TRUE(broken.ok() || synced == 0) << n;
    EXPECT_GE(read, synced) << n;
    if (finished) break;
  }
}

TEST_F(FetchLogTest, AnEmptyOneIsRead) {
  { const auto log = *FetchLog::Open(PosixFileSystem(), path_); }
  EXPECT_TRUE(Urls().empty());
  EXPECT_EQ(ReadFetchLog(PosixFileSystem(), path_ + "x", [](const FetchRecord&) {}).status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace sakuin::crawler
