// crawler_fixture.h: crawls of a small site on loopback, into memory.
//
//   class CrawlerThingTest : public CrawlerTest {};
//   TEST_F(CrawlerThingTest, Name) {
//     Serve("/", Links({"/a"}));
//     const CrawlCounts counts = Crawl();
//     EXPECT_THAT(Stored(), ElementsAre("/"));
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "crawler/crawler.h"
#include "tests/base/scratch_folder.h"
#include "tests/base/warc_testing.h"
#include "tests/crawler/http_server.h"

namespace sakuin::crawler {

// What was stored, by path.
class MemorySink : public PageSink {
 public:
  Status Put(const CrawledPage& page) override {
    if (full) return ResourceExhaustedError("the disk is full");
    pages[page.url] = page;
    return OkStatus();
  }
  Status Remove(const std::string& url) override {
    pages.erase(url);
    return OkStatus();
  }
  Status Sync() override { return full || is_full_at_sync ? ResourceExhaustedError("the disk is full") : OkStatus(); }

  std::string name() const override { return named; }
  bool is_new() const override { return fresh; }

  std::map<std::string, CrawledPage> pages;
  bool full = false;
  bool is_full_at_sync = false;
  std::string named = "memory";
  bool fresh = false;
};

inline std::string Links(const std::vector<std::string>& hrefs) {
  std::string html = "<title>links</title>";
  for (const std::string& href : hrefs) html += "<a href='" + href + "'>x</a> ";
  return html;
}

class CrawlerTest : public testing::Test {
 protected:
  CrawlerTest() {
    options_.allow_private = true;
    options_.politeness.pages_per_second = 0;
    options_.politeness.rest_factor = 0;
    server_.Route("/robots.txt", StatusOnly("404 Not Found"));
  }

  void Serve(const std::string& path, const std::string& html, const std::string& headers = "Content-Type: text/html\r\n") {
    server_.Route(path, PageOf(html, headers));
  }

  // Given up when it has been shown so often, four times a second.
  CrawlCounts Crawl(const std::string& seed = "/", int most_shows = INT_MAX) {
    CrawlOptions options = options_;
    options.scope.seeds = {*Url::Parse(server_.Url(seed))};
    std::atomic<bool> stop = false;
    auto crawler = Crawler::Open(scratch_.Path("state"), options, &sink_);
    EXPECT_TRUE(crawler.ok()) << crawler.status().ToString();
    (*crawler)->WriteTo(warc_.get());
    status_ = (*crawler)->Run(stop, [&](const CrawlCounts&) { stop = --most_shows <= 0; });
    EXPECT_GT(most_shows, 0) << "it did not end by itself";
    CrawlCounts counts = (*crawler)->counts();
    EXPECT_EQ(counts.fetched, counts.stored + counts.not_modified + counts.duplicates + counts.listings + counts.redirects + counts.noindex +
                                  counts.postponed + counts.answered_errors);
    return counts;
  }

  std::vector<std::string> Stored() const {
    std::vector<std::string> paths;
    for (const auto& [url, page] : sink_.pages) paths.push_back(url.substr(server_.Url("").size()));
    return paths;
  }

  const CrawledPage& StoredAt(const std::string& path) { return sink_.pages[server_.Url(path)]; }

  std::vector<std::string> Asked() const {
    std::vector<std::string> targets;
    for (const ServedRequest& request : server_.requests()) targets.push_back(request.target);
    return targets;
  }

  uint64_t CountOf(const std::string& target) const {
    const std::vector<std::string> asked = Asked();
    return static_cast<uint64_t>(std::count(asked.begin(), asked.end(), target));
  }

  // Every crawl writes into it from now on.
  void Archive() {
    Result<std::unique_ptr<WarcWriter>> made = WarcWriter::Open(PosixFileSystem(), scratch_.Path("a.warc.gz"), {});
    ASSERT_TRUE(made.ok()) << made.status().ToString();
    warc_ = *std::move(made);
  }

  // Of the responses and revisits to a URL, in order.
  std::vector<WarcRecord> Archived(const std::string& path) const {
    std::vector<WarcRecord> records;
    for (const WarcRecord& record : ReadAllOf(*PosixFileSystem().ReadAll(scratch_.Path("a.warc.gz"))).records) {
      if (record.Find("WARC-Target-URI") == server_.Url(path) && record.Find("WARC-Type") != "request") records.push_back(record);
    }
    return records;
  }

  const ScratchFolder scratch_;
  HttpServer server_;
  std::unique_ptr<WarcWriter> warc_;
  MemorySink sink_;
  CrawlOptions options_;
  Status status_;
};

// Answers with its ETag, or with 304 to who has it.
inline Handler Validated(const std::string& etag, const std::string& html, const std::string& headers_of_304 = "") {
  return [=](const ServedRequest& request, ServedConnection& connection) {
    const bool known = request.Header("If-None-Match") == etag;
    connection.Send(known ? Answer("304 Not Modified", headers_of_304, "")
                          : Answer("200 OK", "Content-Type: text/html\r\nETag: " + etag + "\r\n", html));
  };
}

}  // namespace sakuin::crawler
