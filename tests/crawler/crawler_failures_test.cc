// Servers that fail or ask for time, in whole crawls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/crawler/crawler_fixture.h"

namespace sakuin::crawler {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CrawlerFailuresTest : public CrawlerTest {};

TEST_F(CrawlerFailuresTest, AHostThatAsksToComeLaterIsAskedLater) {
  Serve("/", Links({"/busy"}));
  std::atomic<int> asked = 0;
  server_.Route("/busy", [&asked](const ServedRequest&, ServedConnection& connection) {
    connection.Send(++asked == 1 ? Answer("429 Too Many Requests", "Retry-After: 1\r\n", "later") : Answer("200 OK", "Content-Type: text/html\r\n", "now"));
  });
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/busy"));
  EXPECT_EQ(counts.errors, 0U);
}

TEST_F(CrawlerFailuresTest, AHostThatAsksToComeTomorrowIsLeftForAnotherRun) {
  Serve("/", Links({"/busy"}));
  server_.Route("/busy", StatusOnly("503 Service Unavailable", "Retry-After: 86400\r\n"));
  const CrawlCounts counts = Crawl("/", 160);
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_EQ(counts.pending, 1U);
  EXPECT_EQ(counts.errors, 0U);
  Crawl("/", 160);
  EXPECT_EQ(CountOf("/busy"), 1U) << "it is not tomorrow";
}

TEST_F(CrawlerFailuresTest, WhatTheSinkDidNotKeepIsAskedForAgain) {
  Serve("/", Links({"/a"}));
  Serve("/a", "a");
  sink_.full = true;
  Crawl();
  EXPECT_EQ(status_.code(), StatusCode::kResourceExhausted);
  sink_.full = false;
  Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a"));
}

TEST_F(CrawlerFailuresTest, BadServersEndNoCrawl) {
  options_.limits.first_byte = std::chrono::milliseconds(200);
  options_.limits.total = std::chrono::milliseconds(1500);
  Serve("/", Links({"/hang", "/reset", "/garbage", "/endless", "/cut", "/chunks", "/gzip", "/image", "/last"}));
  server_.Route("/hang", [](const ServedRequest&, ServedConnection& connection) { connection.Hang(); });
  server_.Route("/reset", RawThenReset("HTTP/1.1 200 OK\r\n"));
  server_.Route("/garbage", Raw("no HTTP at all\r\n\r\n"));
  server_.Route("/endless", Endless("HTTP/1.1 200 OK\r\n", "X-More: yes\r\n"));
  server_.Route("/cut", Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
  server_.Route("/chunks", Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));
  server_.Route("/gzip", PageOf("\x1F\x8B no gzip", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"));
  server_.Route("/image", PageOf("\x89PNG\r\n\x1a\n", "Content-Type: image/png\r\n"));
  Serve("/last", "still here");
  const CrawlCounts counts = Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_THAT(Stored(), ElementsAre("/", "/last"));
  EXPECT_EQ(counts.errors, 8U);
}

TEST_F(CrawlerFailuresTest, WhatFailedIsAskedForByTheNextRun) {
  Serve("/", Links({"/reset", "/busy", "/broken"}));
  server_.Route("/reset", RawThenReset("HTTP/1.1 200 OK\r\n"));
  server_.Route("/busy", StatusOnly("500 Internal Server Error"));
  server_.Route("/broken", PageOf("\x1F\x8B no gzip", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"));
  CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/"));
  EXPECT_EQ(counts.retries, 2U) << "what does not pass is no matter of time";
  for (const char* path : {"/reset", "/busy", "/broken"}) Serve(path, std::string("mended ") + path);
  counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/busy", "/reset"));
  EXPECT_EQ(counts.retries, 0U);
  EXPECT_EQ(CountOf("/"), 1U);
}

TEST_F(CrawlerFailuresTest, WhatGoesOnFailingIsAskedForMoreAndMoreSeldom) {
  Serve("/", Links({"/x"}));
  server_.Route("/x", StatusOnly("500 Internal Server Error"));
  for (int run = 0; run < 8; ++run) Crawl();
  EXPECT_EQ(CountOf("/x"), 4U);
}

TEST_F(CrawlerFailuresTest, AHostThatDiesDoesNotHoldTheCrawl) {
  std::vector<std::string> paths;
  for (int i = 0; i < 12; ++i) paths.push_back("/dead/" + std::to_string(i));
  Serve("/", Links(paths));
  for (const std::string& path : paths) server_.Route(path, RawThenReset("HTTP/1.1 200 OK\r\n"));
  options_.politeness.first_block = std::chrono::minutes(10);
  CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.errors, 4U);
  EXPECT_EQ(counts.pending, 8U);
  ASSERT_EQ(counts.resting.size(), 1U);
  EXPECT_EQ(counts.resting[0].urls, 8U);
  EXPECT_THAT(counts.resting[0].why, HasSubstr("closed the connection"));
  for (const std::string& path : paths) Serve(path, "alive " + path);
  counts = Crawl();
  EXPECT_EQ(Stored().size(), 13U);
}

TEST_F(CrawlerFailuresTest, AHostThatAsksForALongTimeIsLeftAloneByTheNextRunToo) {
  Serve("/", Links({"/busy"}));
  server_.Route("/busy", StatusOnly("503 Service Unavailable", "Retry-After: 3000\r\n"));
  EXPECT_EQ(Crawl().pending, 1U);
  Serve("/busy", "now");
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(CountOf("/busy"), 1U);
  EXPECT_EQ(counts.resting.size(), 1U);
}

TEST_F(CrawlerFailuresTest, ASeedThatMovedToALongAddressEndsNoCrawl) {
  server_.Route("/", [](const ServedRequest&, ServedConnection& connection) {
    connection.Send(Answer("302 Found", "Location: /" + std::string(20'000, 'b') + "\r\n", ""));
  });
  Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_EQ(CountOf("/"), 1U);
}

// What the index did not take is not noted as taken, nor as removed.
TEST_F(CrawlerFailuresTest, AFullDiskLosesNoChange) {
  options_.revisit_all = true;
  Serve("/", "version one");
  Crawl();
  Serve("/", "version two");
  sink_.is_full_at_sync = true;
  Crawl();
  EXPECT_FALSE(status_.ok());
  sink_.pages.clear();  // what was not synced is gone
  sink_.is_full_at_sync = false;
  Crawl();
  ASSERT_THAT(Stored(), ElementsAre("/"));
  EXPECT_EQ(StoredAt("/").body, "version two");

  server_.Route("/", StatusOnly("404 Not Found"));
  sink_.is_full_at_sync = true;
  const auto before = sink_.pages;
  Crawl();
  EXPECT_FALSE(status_.ok());
  sink_.pages = before;
  sink_.is_full_at_sync = false;
  Crawl();
  EXPECT_TRUE(Stored().empty());
}

}  // namespace
}  // namespace sakuin::crawler
