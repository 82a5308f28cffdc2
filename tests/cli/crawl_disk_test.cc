// A disk that fills up under a crawl, sooner and later: the program says so, nothing that was safe is lost, and with room
// again the same command goes on to the end.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "crawler/disk_frontier.h"
#include "crawler/url.h"
#include "tests/base/sanitized.h"
#include "tests/cli/crawl_fixture.h"

namespace sakuin::cli {
namespace {

constexpr int kPages = 60;

std::string PathOf(int page) { return "/n/" + std::to_string(page); }

// Words that no other page has, and that do not compress to nothing.
std::string HtmlOf(int page) {
  std::string words;
  for (int i = 0; i < 600; ++i) words += "word" + std::to_string((page * 600 + i) * 2654435761U % 1'000'003) + " ";
  return PageWith(words, {PathOf((2 * page + 1) % kPages), PathOf((2 * page + 2) % kPages)});
}

class FullDisk {
 public:
  FullDisk(const std::string& folder, uint64_t bytes) {
    ::setenv("LD_PRELOAD", SAKUIN_FULL_DISK, 1);
    ::setenv("SAKUIN_DISK_FOLDER", folder.c_str(), 1);
    ::setenv("SAKUIN_DISK_BYTES", std::to_string(bytes).c_str(), 1);
  }
  ~FullDisk() {
    for (const char* name : {"LD_PRELOAD", "SAKUIN_DISK_FOLDER", "SAKUIN_DISK_BYTES"}) ::unsetenv(name);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
};

class CrawlDisk : public CrawlTest, public testing::WithParamInterface<uint64_t> {
 protected:
  CrawlDisk() {
    for (int page = 0; page < kPages; ++page) server_.Route(PathOf(page), crawler::PageOf(HtmlOf(page)));
  }

  Ended Run() const { return Crawl({server_.Url(PathOf(0))}, {"--warc", scratch_.Path("pages.warc.gz"), "--rate", "100"}); }

  // Where there is an index yet.
  std::set<std::string> IndexedSoFar() const {
    if (!std::filesystem::exists(index_ + "/CURRENT")) return {};
    ExpectSound();
    return Indexed();
  }

  size_t Asked() const { return server_.requests().size(); }

  // Pages that the frontier has as fetched. The log is written before it: what a disk that fills up between them has
  // logged is asked for again.
  std::set<std::string> Fetched() const {
    std::set<std::string> urls;
    const auto frontier = crawler::DiskFrontier::Open(state_ + "/frontier", {});
    if (!frontier.ok()) ADD_FAILURE() << frontier.status().ToString();
    for (int page = 0; frontier.ok() && page < kPages; ++page) {
      const std::string url = server_.Url(PathOf(page));
      const Result<crawler::UrlStatus> status = (*frontier)->StatusOf(crawler::Url::Parse(url)->host(), url);
      if (status.ok() && status->known) urls.insert(url);
    }
    return urls;
  }

  crawler::HttpServer server_;
};

TEST_P(CrawlDisk, IsFull) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer wants to be loaded first";
  Ended full;
  {
    const FullDisk disk(scratch_.path(), GetParam());
    full = Run();
  }
  EXPECT_EQ(full.signal, 0);
  ASSERT_EQ(full.code, 1) << full.err;
  EXPECT_NE(full.err.find("No space left on device"), std::string::npos) << full.err;
  const std::set<std::string> indexed = IndexedSoFar();
  for (const std::string& url : LoggedAsStored()) EXPECT_TRUE(indexed.contains(url)) << url;
  const std::set<std::string> fetched = Fetched();
  for (const std::string& url : fetched) EXPECT_TRUE(indexed.contains(url)) << url;
  const size_t before = Asked();
  const Ended room = Run();
  ASSERT_EQ(room.code, 0) << room.err;
  ExpectSound();
  EXPECT_EQ(Indexed().size(), static_cast<size_t>(kPages));
  EXPECT_LE(Asked() - before, kPages - fetched.size() + 1) << "robots.txt, and nothing that was fetched";
}

// From the first file to the last pages.
INSTANTIATE_TEST_SUITE_P(After, CrawlDisk, testing::Values(0, 1000, 3000, 10'000, 30'000, 60'000, 100'000, 200'000, 400'000));

}  // namespace
}  // namespace sakuin::cli
