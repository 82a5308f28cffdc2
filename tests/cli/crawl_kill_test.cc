// One crawl whose process is killed fifty times: in the end every page is in the index once, and what was safe was never
// asked for again.

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <random>
#include <thread>

#include "base/file.h"
#include "base/warc_reader.h"
#include "crawler/disk_frontier.h"
#include "crawler/url.h"
#include "tests/base/sanitized.h"
#include "tests/cli/crawl_fixture.h"

namespace sakuin::cli {
namespace {

using crawler::HttpServer;
using crawler::ServedConnection;
using crawler::ServedRequest;

constexpr uint64_t kPages = kSanitized ? 400 : 1500;
constexpr uint64_t kKills = kSanitized ? 12 : 50;
constexpr uint64_t kTwins = 100;  // the last ones: of each two the text is the same
constexpr const char* kRate = "500";
// What 500 a second come to between two safe points, a quarter of a second apart, and a little that is under way.
constexpr uint64_t kMostUnsafe = 130;

std::string PathOf(uint64_t page) { return "/n/" + std::to_string(page); }

std::string HtmlOf(uint64_t page) {
  const std::string words = page + kTwins < kPages ? "page" + std::to_string(page) : "twin" + std::to_string(page / 2);
  return PageWith(words, {PathOf((2 * page + 1) % kPages), PathOf((2 * page + 2) % kPages), PathOf((page + 1) % kPages)});
}

// The paths of pages that were asked for; tells when there are so many, and holds up those beyond a limit.
class Asked {
 public:
  void Add(const std::string& path) {
    std::unique_lock lock(mutex_);
    paths_.push_back(path);
    changed_.notify_all();
    changed_.wait(lock, [this] { return paths_.size() < limit_; });
  }

  void Limit(size_t limit) {
    const std::lock_guard lock(mutex_);
    limit_ = limit;
    changed_.notify_all();
  }

  // Until there are so many or the program has ended: then false.
  bool WaitFor(size_t count, const ChildProgram& program) {
    std::unique_lock lock(mutex_);
    while (paths_.size() < count) {
      if (changed_.wait_for(lock, std::chrono::milliseconds(50)) == std::cv_status::timeout && program.HasEnded()) return false;
    }
    return true;
  }

  std::vector<std::string> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(paths_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> paths_;
  size_t limit_ = SIZE_MAX;
};

class CrawlKill : public CrawlTest {
 protected:
  CrawlKill() {
    for (uint64_t page = 0; page < kPages; ++page) {
      server_.Route(PathOf(page), [this, answer = crawler::Answer("200 OK", "Content-Type: text/html\r\n", HtmlOf(page))](
                                      const ServedRequest& request, ServedConnection& connection) {
        asked_.Add(request.target);
        connection.Send(answer);
      });
    }
  }

  std::vector<std::string> Command() const {
    return {"crawl", "--into", index_, "--state", state_, "--warc", warc_, "--allow-private", "--rate", kRate, server_.Url(PathOf(0))};
  }

  // Pages that the frontier has as fetched, in a copy of it. The log is written before, so a kill between them leaves pages logged
  // that are asked for again.
  std::set<std::string> Safe() const {
    std::set<std::string> paths;
    if (!PosixFileSystem().Exists(state_ + "/frontier/store/CURRENT")) return paths;
    const std::string copy = scratch_.Path("frontier-copy");
    std::filesystem::remove_all(copy);
    std::filesystem::copy(state_ + "/frontier", copy, std::filesystem::copy_options::recursive);
    const auto frontier = crawler::DiskFrontier::Open(copy, {.memory_bytes = size_t{1} << 20});
    if (!frontier.ok()) ADD_FAILURE() << frontier.status().ToString();
    const std::string host(crawler::Url::Parse(server_.Url("/"))->host());
    for (uint64_t page = 0; frontier.ok() && page < kPages; ++page) {
      const Result<crawler::UrlStatus> status = (*frontier)->StatusOf(host, server_.Url(PathOf(page)));
      if (status.ok() && status->known) paths.insert(PathOf(page));
    }
    return paths;
  }

  // So many requests, and in every other round a moment more: then the end. There are always some left.
  bool RunAndKill(uint64_t round, uint64_t left) {
    const uint64_t requests = random_() % (std::min(2 * left / (kKills - round), left / 4) + 1);
    const bool goes_on = round % 2 == 1;
    asked_.Limit(goes_on ? requests + left / 4 + 1 : requests + 1);
    ChildProgram program(Command());
    const bool reached = asked_.WaitFor(requests, program);
    if (goes_on) std::this_thread::sleep_for(std::chrono::microseconds(random_() % 30'000));
    program.Kill();
    const Ended ended = program.Wait();
    asked_.Limit(SIZE_MAX);
    EXPECT_EQ(ended.signal, SIGKILL) << ended.code << " " << ended.err;
    return reached;
  }

  // What was safe before was left alone, and hardly more was asked for than is safe now.
  void ExpectLittleTwice(const std::set<std::string>& safe_before, const std::set<std::string>& safe_now) {
    std::set<std::string> asked;
    uint64_t unsafe = 0;
    for (const std::string& path : asked_.Take()) {
      EXPECT_FALSE(safe_before.contains(path)) << path << " was safe";
      EXPECT_TRUE(asked.insert(path).second || late_.contains(path)) << path << " twice in one run";
      unsafe += safe_now.contains(path) ? 0 : 1;
    }
    late_ = asked;
    EXPECT_LE(unsafe, kMostUnsafe);
  }

  uint64_t ResponsesInArchive() const {
    WarcReader reader;
    WarcRecord record;
    const Result<std::string> bytes = PosixFileSystem().ReadAll(warc_);
    EXPECT_TRUE(bytes.ok());
    reader.Feed(*bytes);
    reader.Finish();
    std::set<std::string> urls;
    for (WarcOutcome outcome = reader.Next(record); outcome != WarcOutcome::kEnd; outcome = reader.Next(record)) {
      EXPECT_NE(outcome, WarcOutcome::kDamage) << reader.damage().reason << " at " << reader.damage().offset;
      if (outcome == WarcOutcome::kRecord && record.Find("WARC-Type") == "response") urls.emplace(record.Find("WARC-Target-URI"));
    }
    return urls.size();
  }

  const std::string warc_ = scratch_.Path("pages.warc.gz");
  std::mt19937_64 random_{20260201};
  Asked asked_;
  std::set<std::string> late_;  // asked for in the run before: the server may hear of it late
  HttpServer server_;
};

TEST_F(CrawlKill, FiftyTimes) {
  std::set<std::string> safe;
  uint64_t useful = 0;
  for (uint64_t round = 0; round < kKills && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ASSERT_TRUE(RunAndKill(round, kPages - safe.size())) << "the crawl ended by itself";
    const std::set<std::string> now = Safe();
    ExpectLittleTwice(safe, now);
    useful += now.size() > safe.size() ? 1 : 0;
    safe = now;
  }
  EXPECT_GE(useful, kKills / 10) << "kills that come too early prove little";
  const Ended ended = RunSakuin(Command());
  ASSERT_EQ(ended.code, 0) << ended.err;
  ExpectLittleTwice(safe, Safe());
  ExpectSound();
  const std::set<std::string> indexed = Indexed();
  for (uint64_t page = 0; page + kTwins < kPages; ++page) EXPECT_TRUE(indexed.contains(server_.Url(PathOf(page)))) << page;
  for (uint64_t page = kPages - kTwins; page < kPages; page += 2) {
    EXPECT_EQ(indexed.count(server_.Url(PathOf(page))) + indexed.count(server_.Url(PathOf(page + 1))), 1U) << page;
  }
  EXPECT_EQ(indexed.size(), kPages - kTwins / 2);
  EXPECT_EQ(ResponsesInArchive(), kPages + 1) << "and robots.txt";
}

}  // namespace
}  // namespace sakuin::cli
