// What robots.txt and its like say, in whole crawls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/crawler/crawler_fixture.h"

namespace sakuin::crawler {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::UnorderedElementsAre;

class CrawlerRobotsTest : public CrawlerTest {};

TEST_F(CrawlerRobotsTest, DoesAsRobotsAreTold) {
  server_.Route("/robots.txt", PageOf("User-agent: *\nDisallow: /secret\nAllow: /secret/open\nSitemap: /map.xml\n", "Content-Type: text/plain\r\n"));
  Serve("/map.xml", "<?xml version='1.0'?><urlset><url><loc>" + server_.Url("/listed") + "</loc></url><url><loc>/secret/listed</loc></url></urlset>",
        "Content-Type: application/xml\r\n");
  Serve("/", Links({"/secret/a", "/secret/open", "/noindex", "/nofollow", "/header"}) + "<a rel=nofollow href='/nf'>x</a>");
  Serve("/secret/open", "open");
  Serve("/listed", "listed");
  Serve("/noindex", "<meta name=robots content=noindex>kept out" + Links({"/behind"}));
  Serve("/nofollow", "<meta name=robots content=nofollow>read" + Links({"/never"}));
  Serve("/header", "kept out too", "Content-Type: text/html\r\nX-Robots-Tag: noindex\r\n");
  Serve("/behind", "behind");
  const CrawlCounts counts = Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_THAT(Stored(), UnorderedElementsAre("/", "/secret/open", "/listed", "/nofollow", "/behind"));
  EXPECT_THAT(Asked(), AllOf(Not(Contains("/secret/a")), Not(Contains("/secret/listed")), Not(Contains("/never")), Not(Contains("/nf"))));
  EXPECT_EQ(counts.blocked_by_robots, 2U);
}

// What is not asked for keeps nobody waiting: at a page a second these would take two minutes.
TEST_F(CrawlerRobotsTest, WhatRobotsForbidCostsNoTurn) {
  constexpr uint64_t kForbidden = 120;
  server_.Route("/robots.txt", PageOf("User-agent: *\nDisallow: /secret\n", "Content-Type: text/plain\r\n"));
  std::vector<std::string> hrefs;
  for (uint64_t i = 0; i < kForbidden; ++i) hrefs.push_back("/secret/" + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i / 26));
  hrefs.emplace_back("/open");
  Serve("/", Links(hrefs));
  Serve("/open", "open");
  options_.politeness.pages_per_second = 1;
  const CrawlCounts counts = Crawl("/", 160);
  EXPECT_THAT(Stored(), ElementsAre("/", "/open"));
  EXPECT_EQ(counts.blocked_by_robots, kForbidden);
  EXPECT_EQ(counts.pending, 0U);
}

TEST_F(CrawlerRobotsTest, PagesSayHowLongTheyAreToBeFound) {
  options_.agent = "SakuinTest/1.0";
  Serve("/", Links({"/past", "/future", "/header", "/ours", "/others"}));
  Serve("/past", "<meta name=robots content='unavailable_after: 25 Jun 2010 15:00:00 PST'>past" + Links({"/behind"}));
  Serve("/future", "<meta name=robots content='unavailable_after: 2990-01-01'>future");
  Serve("/header", "past too", "Content-Type: text/html\r\nX-Robots-Tag: unavailable_after: Friday, 25-Jun-10 15:00:00 PST\r\n");
  Serve("/ours", "<meta name=SakuinTest content=noindex>ours");
  Serve("/others", "<meta name=otherbot content=noindex>others");
  Serve("/behind", "behind");
  Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_THAT(Stored(), UnorderedElementsAre("/", "/future", "/others", "/behind"));
}

TEST_F(CrawlerRobotsTest, RobotsThatCannotBeReadBlockUntilTheyCan) {
  server_.Route("/robots.txt", StatusOnly("503 Service Unavailable"));
  Serve("/", Links({"/a"}));
  Serve("/a", "a");
  options_.patience = Duration(0);
  CrawlCounts counts = Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_THAT(Asked(), Not(Contains("/")));
  EXPECT_EQ(counts.blocked_by_robots, 0U);
  EXPECT_EQ(counts.pending, 1U);
  ASSERT_EQ(counts.resting.size(), 1U);
  EXPECT_EQ(counts.resting[0].why, "robots.txt: HTTP 503");
  server_.Route("/robots.txt", StatusOnly("404 Not Found"));
  options_.politeness.first_block = Duration(1);
  options_.patience = std::chrono::seconds(60);
  counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a"));
  EXPECT_EQ(counts.pending, 0U);
}

TEST_F(CrawlerRobotsTest, RobotsThatCannotBeReadAreAskedForAgain) {
  std::atomic<int> asked = 0;
  server_.Route("/robots.txt", [&asked](const ServedRequest&, ServedConnection& connection) {
    if (++asked < 3) {
      connection.Reset();
    } else {
      connection.Send(Answer("200 OK", "Content-Type: text/plain\r\n", "User-agent: *\nDisallow: /b\n"));
    }
  });
  Serve("/", Links({"/a", "/b"}));
  Serve("/a", "a");
  Serve("/b", "b");
  options_.politeness.first_block = Duration(5);
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a"));
  EXPECT_EQ(counts.blocked_by_robots, 1U);
  EXPECT_EQ(counts.errors, 0U);
}

// A host of which nothing comes lets go of a URL only after a few tries, and loses none.
TEST_F(CrawlerRobotsTest, AHostThatIsNotThereLosesNothing) {
  server_.Route("/robots.txt", Raw(""));
  Serve("/", "x");
  options_.politeness.first_block = Duration(1);
  options_.patience = Duration(4);
  CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.blocked_by_robots, 0U);
  EXPECT_EQ(counts.pending + counts.retries, 1U);
  server_.Route("/robots.txt", StatusOnly("404 Not Found"));
  counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/"));
}

TEST_F(CrawlerRobotsTest, LongRobotsCountAsFarAsTheyAreRead) {
  std::string robots = "User-agent: *\nDisallow: /private\n";
  while (robots.size() < 700'000) robots += "# padding line\n";
  server_.Route("/robots.txt", PageOf(robots, "Content-Type: text/plain\r\n"));
  Serve("/", Links({"/private", "/open"}));
  Serve("/open", "open");
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/open"));
  EXPECT_EQ(counts.blocked_by_robots, 1U);
}

TEST_F(CrawlerRobotsTest, RobotsMayBeSomewhereElse) {
  server_.Route("/robots.txt", RedirectTo("/r1"));
  server_.Route("/r1", RedirectTo("/r2"));
  server_.Route("/r2", PageOf("User-agent: *\nDisallow: /a\n", "Content-Type: text/plain\r\n"));
  Serve("/", Links({"/a", "/b"}));
  Serve("/b", "b");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/b"));
  EXPECT_THAT(Asked(), Not(Contains("/a")));
}

// Whoever else answers for it, a host is where its name leads.
TEST_F(CrawlerRobotsTest, TheAddressOfAHostIsItsOwn) {
  HttpServer service("127.0.0.2");
  service.Route("/robots.txt", PageOf("User-agent: *\nDisallow: /a\n", "Content-Type: text/plain\r\n"));
  server_.Route("/robots.txt", RedirectTo(service.Url("/robots.txt")));
  Serve("/", Links({"/a"}));
  Crawl();
  EXPECT_EQ(service.requests().size(), 1U);
  const auto frontier = DiskFrontier::Open(scratch_.Path("state/frontier"), {});
  ASSERT_TRUE(frontier.ok());
  EXPECT_EQ((*frontier)->StatsOf("127.0.0.1:" + std::to_string(server_.port()))->address, "127.0.0.1");
}

// `first` has been asked for; then some time goes by.
void WaitFor(const std::atomic<bool>& first, ServedConnection& connection) {
  while (!first && connection.Pause(10)) {
  }
  connection.Pause(200);
}

TEST_F(CrawlerRobotsTest, WhereRobotsAreRedirectedToIsAskedOneAtATime) {
  HttpServer moved("127.0.0.2");
  HttpServer shared("127.0.0.3");
  std::atomic<bool> is_asked = false;
  std::atomic<bool> is_busy = false;
  std::atomic<bool> overlapped = false;
  Serve("/", Links({shared.Url("/slow"), moved.Url("/page")}));
  shared.Route("/robots.txt", StatusOnly("404 Not Found"));
  shared.Route("/slow", [&](const ServedRequest&, ServedConnection& connection) {
    is_busy = is_asked = true;
    connection.Pause(1500);
    is_busy = false;
    connection.Send(Answer("200 OK", "Content-Type: text/html\r\n", "slow"));
  });
  moved.Route("/robots.txt", [&](const ServedRequest&, ServedConnection& connection) {
    WaitFor(is_asked, connection);
    connection.Send(Answer("301 Moved Permanently", "Location: " + shared.Url("/r") + "\r\n", ""));
  });
  shared.Route("/r", [&](const ServedRequest&, ServedConnection& connection) {
    overlapped = is_busy.load();
    connection.Send(Answer("200 OK", "Content-Type: text/plain\r\n", ""));
  });
  moved.Route("/page", PageOf("page"));
  options_.scope.allow = {"."};
  Crawl();
  EXPECT_TRUE(sink_.pages.contains(moved.Url("/page")));
  EXPECT_FALSE(overlapped);
}

TEST_F(CrawlerRobotsTest, WhereRobotsAreRedirectedToMayRest) {
  HttpServer moved("127.0.0.2");
  HttpServer shared("127.0.0.3");
  std::atomic<bool> is_asked = false;
  Serve("/", Links({shared.Url("/busy"), moved.Url("/page")}));
  shared.Route("/robots.txt", StatusOnly("404 Not Found"));
  shared.Route("/busy", [&](const ServedRequest&, ServedConnection& connection) {
    connection.Send(Answer("503 Service Unavailable", "Retry-After: 86400\r\n", ""));
    is_asked = true;
  });
  moved.Route("/robots.txt", [&](const ServedRequest&, ServedConnection& connection) {
    WaitFor(is_asked, connection);
    connection.Send(Answer("301 Moved Permanently", "Location: " + shared.Url("/r") + "\r\n", ""));
  });
  options_.scope.allow = {"."};
  options_.patience = Duration(0);
  const CrawlCounts counts = Crawl("/", 160);
  EXPECT_EQ(counts.pending, 2U);
  ASSERT_EQ(counts.resting.size(), 2U);
  EXPECT_EQ(std::max(counts.resting[0].why, counts.resting[1].why), "robots.txt: a redirect leads to a host that is to be left alone for now");
  EXPECT_EQ(shared.requests().size(), 2U) << "its robots.txt and a page";
}

TEST_F(CrawlerRobotsTest, RobotsThatReferToEachOtherEnd) {
  HttpServer other("127.0.0.2");
  server_.Route("/robots.txt", RedirectTo(other.Url("/robots.txt")));
  other.Route("/robots.txt", RedirectTo(server_.Url("/robots.txt")));
  Serve("/", Links({other.Url("/page")}));
  other.Route("/page", PageOf("page"));
  options_.scope.allow = {"."};
  options_.politeness.pages_per_second = 20;
  Crawl("/", 160);
  EXPECT_EQ(sink_.pages.size(), 2U) << "redirects without end are no rules";
}

TEST_F(CrawlerRobotsTest, CrawlDelaysThatAreNotKeptAreCounted) {
  server_.Route("/robots.txt", PageOf("User-agent: *\nCrawl-delay: 3\n", "Content-Type: text/plain\r\n"));
  Serve("/", "x");
  options_.politeness.max_crawl_delay = std::chrono::milliseconds(100);
  EXPECT_EQ(Crawl().crawl_delays_cut, 1U);
}

TEST_F(CrawlerRobotsTest, ARobotsTxtThatMovedToNoHostEndsNoCrawl) {
  server_.Route("/robots.txt", [](const ServedRequest&, ServedConnection& connection) {
    connection.Send(Answer("302 Found", "Location: http://" + std::string(600, 'a') + "/robots.txt\r\n", ""));
  });
  Serve("/", "a page");
  Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_THAT(Stored(), ElementsAre("/"));
}

}  // namespace
}  // namespace sakuin::crawler
