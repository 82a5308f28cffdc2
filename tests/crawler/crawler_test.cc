// Whole crawls of small sites on loopback.
#include "crawler/crawler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/base/scratch_folder.h"
#include "tests/crawler/http_server.h"

namespace sakuin::crawler {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

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
  Status Sync() override { return full ? ResourceExhaustedError("the disk is full") : OkStatus(); }

  std::string name() const override { return named; }
  bool is_new() const override { return fresh; }

  std::map<std::string, CrawledPage> pages;
  bool full = false;
  std::string named = "memory";
  bool fresh = false;
};

std::string Links(const std::vector<std::string>& hrefs) {
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

  CrawlCounts Crawl(const std::string& seed = "/") {
    CrawlOptions options = options_;
    options.scope.seeds = {*Url::Parse(server_.Url(seed))};
    const std::atomic<bool> stop = false;
    auto crawler = Crawler::Open(scratch_.Path("state"), options, &sink_, nullptr);
    EXPECT_TRUE(crawler.ok()) << crawler.status().ToString();
    status_ = (*crawler)->Run(stop, [](const CrawlCounts&) {});
    return (*crawler)->counts();
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

  const ScratchFolder scratch_;
  HttpServer server_;
  MemorySink sink_;
  CrawlOptions options_;
  Status status_;
};

TEST_F(CrawlerTest, GoesFromLinkToLinkOnce) {
  Serve("/", Links({"/a", "/b#top", "b", "/a?utm_source=mail", "mailto:x@y", "http://other.invalid/"}));
  Serve("/a", "<html lang=ko><title>A</title><h1>Heading</h1><p>text of a <a href='/'>back</a>");
  Serve("/b", Links({"/c/d"}));
  Serve("/c/d", "deep");
  const CrawlCounts counts = Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_EQ(Asked().front(), "/robots.txt");
  EXPECT_THAT(Asked(), UnorderedElementsAre("/robots.txt", "/", "/a", "/b", "/c/d"));
  EXPECT_THAT(Stored(), ElementsAre("/", "/a", "/b", "/c/d"));
  EXPECT_EQ(counts.fetched, 4U);
  EXPECT_EQ(counts.stored, 4U);
  EXPECT_EQ(counts.pending, 0U);
  const CrawledPage& page = StoredAt("/a");
  EXPECT_EQ(page.title, "A");
  EXPECT_THAT(page.body, HasSubstr("text of a"));
  EXPECT_THAT(page.headings, ElementsAre("Heading"));
  EXPECT_EQ(page.language, "ko");
  EXPECT_EQ(page.site, "127.0.0.1");
  EXPECT_THAT(page.fetched_at, HasSubstr("T"));
}

TEST_F(CrawlerTest, DoesAsRobotsAreTold) {
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

TEST_F(CrawlerTest, RobotsThatCannotBeReadBlockUntilTheyCan) {
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

TEST_F(CrawlerTest, RobotsThatCannotBeReadAreAskedForAgain) {
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
TEST_F(CrawlerTest, AHostThatIsNotThereLosesNothing) {
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

TEST_F(CrawlerTest, LongRobotsCountAsFarAsTheyAreRead) {
  std::string robots = "User-agent: *\nDisallow: /private\n";
  while (robots.size() < 700'000) robots += "# padding line\n";
  server_.Route("/robots.txt", PageOf(robots, "Content-Type: text/plain\r\n"));
  Serve("/", Links({"/private", "/open"}));
  Serve("/open", "open");
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/open"));
  EXPECT_EQ(counts.blocked_by_robots, 1U);
}

TEST_F(CrawlerTest, RobotsMayBeSomewhereElse) {
  server_.Route("/robots.txt", RedirectTo("/r1"));
  server_.Route("/r1", RedirectTo("/r2"));
  server_.Route("/r2", PageOf("User-agent: *\nDisallow: /a\n", "Content-Type: text/plain\r\n"));
  Serve("/", Links({"/a", "/b"}));
  Serve("/b", "b");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/b"));
  EXPECT_THAT(Asked(), Not(Contains("/a")));
}

TEST_F(CrawlerTest, RedirectsAreFollowedToTheirEnd) {
  Serve("/", Links({"/chain/1", "/loop/1", "/out"}));
  server_.Route("/chain/1", RedirectTo("/chain/2"));
  server_.Route("/chain/2", RedirectTo("/end"));
  server_.Route("/loop/1", RedirectTo("/loop/2"));
  server_.Route("/loop/2", RedirectTo("/loop/1"));
  server_.Route("/out", RedirectTo("http://other.invalid/"));
  Serve("/end", "reached");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/end"));
  EXPECT_EQ(CountOf("/loop/1"), 1U);
}

TEST_F(CrawlerTest, ARedirectWithoutEndIsGivenUp) {
  Serve("/", Links({"/r?n=0"}));
  server_.Route("/r", [](const ServedRequest& request, ServedConnection& connection) {
    const int n = std::stoi(request.target.substr(request.target.find('=') + 1));
    connection.Send(Answer("302 Found", "Location: /r?n=" + std::to_string(n + 1) + "\r\n", ""));
  });
  Crawl();
  EXPECT_TRUE(status_.ok());
  EXPECT_LE(Asked().size(), 15U);
}

// A page about feeds is a page.
TEST_F(CrawlerTest, OnlyXmlIsAListing) {
  Serve("/", Links({"/about", "/news", "/plain.txt"}));
  Serve("/about", "How to write a &lt;feed> <rss is one");
  Serve("/news", "<?xml version='1.0'?><rss><channel><item><title>new</title><link>/item</link></item></channel></rss>", "Content-Type: text/html\r\n");
  Serve("/plain.txt", "plain words", "Content-Type: text/plain\r\n");
  Serve("/item", "an item");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/about", "/item", "/plain.txt"));
}

TEST_F(CrawlerTest, OnePageUnderManyAddresses) {
  const std::string text = "<p>The same words stand here, whatever the address.</p>";
  Serve("/", Links({"/one", "/two", "/three"}));
  Serve("/one", text);
  Serve("/two", text);
  Serve("/three", "<link rel=canonical href='/four'>other words");
  Serve("/four", "<link rel=canonical href='/four'>other words");
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.duplicates, 2U);
  EXPECT_EQ(counts.stored, 3U);
  EXPECT_THAT(Stored(), Contains("/four"));
  EXPECT_THAT(Stored(), Not(Contains("/three")));
}

TEST_F(CrawlerTest, AHostThatAsksToComeLaterIsAskedLater) {
  Serve("/", Links({"/busy"}));
  std::atomic<int> asked = 0;
  server_.Route("/busy", [&asked](const ServedRequest&, ServedConnection& connection) {
    connection.Send(++asked == 1 ? Answer("429 Too Many Requests", "Retry-After: 1\r\n", "later") : Answer("200 OK", "Content-Type: text/html\r\n", "now"));
  });
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/busy"));
  EXPECT_EQ(counts.errors, 0U);
}

TEST_F(CrawlerTest, KnownPagesAreVisitedAgainConditionally) {
  Serve("/", Links({"/same", "/changed", "/gone"}));
  server_.Route("/same", [](const ServedRequest& request, ServedConnection& connection) {
    const bool known = request.Header("If-None-Match") == "\"v1\"";
    connection.Send(known ? Answer("304 Not Modified", "ETag: \"v1\"\r\n", "") : Answer("200 OK", "Content-Type: text/html\r\nETag: \"v1\"\r\n", "the same"));
  });
  Serve("/changed", "before");
  Serve("/gone", "soon gone");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/changed", "/gone", "/same"));
  const size_t before = Asked().size();
  Crawl();
  EXPECT_EQ(Asked().size(), before) << "nothing is left to ask for";
  Serve("/changed", "after");
  server_.Route("/gone", StatusOnly("410 Gone"));
  options_.revisit_all = true;
  const CrawlCounts counts = Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_THAT(Stored(), ElementsAre("/", "/changed", "/same"));
  EXPECT_THAT(StoredAt("/changed").body, HasSubstr("after"));
  EXPECT_EQ(counts.not_modified, 2U) << "one by its ETag, one by its text";
  EXPECT_EQ(counts.stored, 1U);
}

TEST_F(CrawlerTest, LimitsAreKept) {
  for (int i = 0; i < 30; ++i) Serve("/p" + std::to_string(i), Links({"/p" + std::to_string(i + 1)}) + std::to_string(i));
  options_.max_depth = 3;
  Crawl("/p0");
  EXPECT_THAT(Stored(), ElementsAre("/p0", "/p1", "/p2", "/p3"));
}

TEST_F(CrawlerTest, ALimitedCrawlGoesOnWhereItEnded) {
  for (int i = 0; i < 12; ++i) Serve("/p" + std::to_string(i), Links({"/p" + std::to_string(i + 1)}) + std::to_string(i));
  options_.max_pages = 5;
  const CrawlCounts counts = Crawl("/p0");
  EXPECT_EQ(counts.fetched, 5U);
  EXPECT_EQ(counts.pending, 1U);
  Crawl("/p0");
  EXPECT_EQ(Stored().size(), 10U);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(CountOf("/p" + std::to_string(i)), 1U) << i;
}

TEST_F(CrawlerTest, PrivateAddressesAreNotReached) {
  Serve("/", "secret of this machine");
  options_.allow_private = false;
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(server_.connections(), 0U);
  EXPECT_EQ(counts.private_refused, 1U);
  EXPECT_TRUE(sink_.pages.empty());
}

TEST_F(CrawlerTest, WhatTheSinkDidNotKeepIsAskedForAgain) {
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

TEST_F(CrawlerTest, BadServersEndNoCrawl) {
  options_.limits.first_byte = std::chrono::milliseconds(200);
  options_.limits.total = std::chrono::milliseconds(1500);
  Serve("/", Links({"/hang", "/reset", "/garbage", "/endless", "/cut", "/chunks", "/gzip", "/image", "/last"}));
  server_.Route("/hang", [](const ServedRequest&, ServedConnection& connection) { connection.Hang(); });
  server_.Route("/reset", RawThenReset("HTTP/1.1 200 OK\r\n"));
  server_.Route("/garbage", Raw("no HTTP at all\r\n\r\n"));
  server_.Route("/endless", Endless("HTTP/1.1 200 OK\r\n", "X-More: yes\r\n"));
  server_.Route("/cut", Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
  server_.Route("/chunks", Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));
  server_.Route("/gzip", PageOf("no gzip", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"));
  server_.Route("/image", PageOf("\x89PNG\r\n\x1a\n", "Content-Type: image/png\r\n"));
  Serve("/last", "still here");
  const CrawlCounts counts = Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_THAT(Stored(), ElementsAre("/", "/last"));
  EXPECT_EQ(counts.errors, 8U);
}

TEST_F(CrawlerTest, WhatFailedIsAskedForByTheNextRun) {
  Serve("/", Links({"/reset", "/busy", "/broken"}));
  server_.Route("/reset", RawThenReset("HTTP/1.1 200 OK\r\n"));
  server_.Route("/busy", StatusOnly("500 Internal Server Error"));
  server_.Route("/broken", PageOf("no gzip", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"));
  CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/"));
  EXPECT_EQ(counts.retries, 2U) << "what does not pass is no matter of time";
  for (const char* path : {"/reset", "/busy", "/broken"}) Serve(path, std::string("mended ") + path);
  counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/busy", "/reset"));
  EXPECT_EQ(counts.retries, 0U);
  EXPECT_EQ(CountOf("/"), 1U);
}

// A listing that names it does not make it one of those that only a recrawl asks for.
TEST_F(CrawlerTest, WhatFailedAndIsListedIsAskedForByTheNextRun) {
  Serve("/", Links({"/x", "/map.xml"}));
  server_.Route("/x", StatusOnly("500 Internal Server Error"));
  server_.Route("/map.xml", [](const ServedRequest&, ServedConnection& connection) {
    connection.Pause(600);  // until what came of the other is written down
    connection.Send(Answer("200 OK", "Content-Type: text/xml\r\n",
                           "<?xml version='1.0'?><urlset><url><loc>/x</loc><lastmod>2020-01-01</lastmod></url></urlset>"));
  });
  Crawl();
  Serve("/x", "mended");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/x"));
}

TEST_F(CrawlerTest, WhatGoesOnFailingIsAskedForMoreAndMoreSeldom) {
  Serve("/", Links({"/x"}));
  server_.Route("/x", StatusOnly("500 Internal Server Error"));
  for (int run = 0; run < 8; ++run) Crawl();
  EXPECT_EQ(CountOf("/x"), 4U);
}

TEST_F(CrawlerTest, AHostThatDiesDoesNotHoldTheCrawl) {
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

TEST_F(CrawlerTest, AHostThatAsksForALongTimeIsLeftAloneByTheNextRunToo) {
  Serve("/", Links({"/busy"}));
  server_.Route("/busy", StatusOnly("503 Service Unavailable", "Retry-After: 3000\r\n"));
  EXPECT_EQ(Crawl().pending, 1U);
  Serve("/busy", "now");
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(CountOf("/busy"), 1U);
  EXPECT_EQ(counts.resting.size(), 1U);
}

TEST_F(CrawlerTest, AMovedPageStays) {
  const std::string text = "<p>The same words stand here, whatever the address.</p>";
  Serve("/", Links({"/old"}));
  Serve("/old", text);
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/old"));
  Serve("/", Links({"/new", "/old"}));
  Serve("/new", text);
  server_.Route("/old", [](const ServedRequest&, ServedConnection& connection) {
    connection.Send(Answer("301 Moved Permanently", "Location: /new\r\n", ""));
  });
  options_.revisit_all = true;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/new"));
}

// The new page is found, and dropped as a duplicate, before it turns out that the old one is no more.
TEST_F(CrawlerTest, APageComesBackWhenItsOriginalGoes) {
  const std::string text = "<p>The same words stand here, whatever the address.</p>";
  Serve("/", Links({"/one", "/two"}));
  Serve("/one", text);
  Serve("/two", text);
  Crawl();
  EXPECT_EQ(Stored().size(), 2U);
  const std::string kept = Stored()[1];
  const std::string dropped = kept == "/one" ? "/two" : "/one";
  server_.Route(kept, StatusOnly("404 Not Found"));
  options_.revisit_all = true;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", dropped));
}

TEST_F(CrawlerTest, AFormerTextIsNobodysOriginal) {
  const std::string text = "<p>The same words stand here, whatever the address.</p>";
  Serve("/", Links({"/a"}));
  Serve("/a", text);
  Crawl();
  Serve("/a", "<p>Others stand here now.</p>");
  options_.revisit_all = true;
  Crawl();
  Serve("/", Links({"/a", "/b"}));
  Serve("/b", text);
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a", "/b"));
}

TEST_F(CrawlerTest, ACanonicalAddressCountsWhenThereIsAPage) {
  Serve("/", Links({"/back", "/gone", "/noindex", "/each"}));
  Serve("/back", "<link rel=canonical href='/forth'>one");
  server_.Route("/forth", RedirectTo("/back"));
  Serve("/gone", "<link rel=canonical href='/nowhere'>two");
  Serve("/noindex", "<link rel=canonical href='/hidden'>three");
  Serve("/hidden", "<meta name=robots content=noindex>three");
  Serve("/each", "<link rel=canonical href='/other'>four");
  Serve("/other", "<link rel=canonical href='/each'>four");
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/back", "/each", "/gone", "/noindex"));
  EXPECT_EQ(counts.stored, 5U);
}

TEST_F(CrawlerTest, PagesLeaveForTheirCanonicalOneAndComeBack) {
  Serve("/", Links({"/x?v=1", "/x?v=2"}));
  Serve("/x", "<link rel=canonical href='/x'>words of x");
  CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/x"));
  EXPECT_EQ(counts.stored, 2U);
  EXPECT_EQ(counts.duplicates, 2U);
  server_.Route("/x", [](const ServedRequest& request, ServedConnection& connection) {
    const bool is_bare = request.target == "/x";
    connection.Send(is_bare ? Answer("404 Not Found", "", "")
                            : Answer("200 OK", "Content-Type: text/html\r\n", "<link rel=canonical href='/x'>words of x"));
  });
  options_.revisit_all = true;
  Crawl();
  EXPECT_EQ(Stored().size(), 2U);
  EXPECT_THAT(Stored()[1], HasSubstr("/x?v="));
}

TEST_F(CrawlerTest, CanonicalAddressesWithoutEndEnd) {
  server_.Route("/c", [](const ServedRequest& request, ServedConnection& connection) {
    const int n = std::stoi("0" + request.target.substr(std::min(request.target.size(), size_t{5})));
    const std::string next = std::to_string(n + 1);
    connection.Send(Answer("200 OK", "Content-Type: text/html\r\n", "<link rel=canonical href='/c?n=" + next + "'>page " + next));
  });
  Crawl("/c?n=0");
  EXPECT_LE(Asked().size(), 8U);
  EXPECT_EQ(Stored().size(), 1U);
}

TEST_F(CrawlerTest, SitemapsOfSitemapsEnd) {
  server_.Route("/robots.txt", PageOf("Sitemap: /map?n=0\n", "Content-Type: text/plain\r\n"));
  server_.Route("/map", [](const ServedRequest& request, ServedConnection& connection) {
    const std::string next = std::to_string(std::stoi(request.target.substr(7)) + 1);
    connection.Send(Answer("200 OK", "Content-Type: application/xml\r\n",
                           "<?xml version='1.0'?><sitemapindex><sitemap><loc>/map?n=" + next + "</loc></sitemap></sitemapindex>"));
  });
  Serve("/", "home");
  Crawl();
  EXPECT_LE(Asked().size(), 14U);
}

TEST_F(CrawlerTest, AServerSortsItsParameters) {
  Serve("/", Links({"/p?b=2&a=1", "/q?b=2&a=1"}));
  server_.Route("/p", [](const ServedRequest& request, ServedConnection& connection) {
    const bool sorted = request.target == "/p?a=1&b=2";
    connection.Send(sorted ? Answer("200 OK", "Content-Type: text/html\r\n", "sorted")
                           : Answer("301 Moved Permanently", "Location: /p?a=1&b=2\r\n", ""));
  });
  Serve("/q", "<link rel=canonical href='/q?a=1&b=2'>by its name");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/p?a=1&b=2", "/q?a=1&b=2"));
}

// 150 lists, one leading to the next, each with ten articles, all with numbers for names, and recent ones on every page.
TEST_F(CrawlerTest, NumberedListsOfNumberedArticlesAreNoTrap) {
  constexpr int kLists = 150;
  std::vector<std::string> recent;
  for (int i = 0; i < 10; ++i) recent.push_back("/archives/" + std::to_string(kLists * 10 - i));
  const auto words = [](const std::string& of, int n) {
    std::string text;
    for (int i = 0; i < 20; ++i) text += " " + of + std::to_string(n * 31 + i);
    return text;
  };
  for (int n = 1; n <= kLists; ++n) {
    std::vector<std::string> links = recent;
    for (int i = 0; i < 10; ++i) links.push_back("/archives/" + std::to_string(kLists * 10 - (n - 1) * 10 - i));
    if (n < kLists) links.push_back("/page/" + std::to_string(n + 1));
    Serve("/page/" + std::to_string(n), "<article><p>" + words("list", n) + "</article>" + Links(links));
  }
  for (int n = 1; n <= kLists * 10; ++n) Serve("/archives/" + std::to_string(n), "<article><p>" + words("article", n) + "</article>" + Links(recent));
  const CrawlCounts counts = Crawl("/page/1");
  EXPECT_EQ(counts.fetched, kLists * 11U);
  EXPECT_TRUE(counts.traps.empty());
}

TEST_F(CrawlerTest, TrapsAreCounted) {
  server_.Route("/calendar", [](const ServedRequest& request, ServedConnection& connection) {
    const int month = std::stoi(request.target.substr(12));
    connection.Send(Answer("200 OK", "Content-Type: text/html\r\n",
                           "<p>Month " + std::to_string(month) + " has nothing.<a href='/calendar?m=" + std::to_string(month + 1) + "'>next</a>"));
  });
  const CrawlCounts counts = Crawl("/calendar?m=10");
  EXPECT_LE(Asked().size(), 130U);
  ASSERT_EQ(counts.traps.size(), 1U);
  EXPECT_EQ(counts.traps.begin()->second, 1U);
}

TEST_F(CrawlerTest, WhateverIsKeptOfAPageIsAChange) {
  const auto page = [](const std::string& description) {
    return "<html lang=en><meta name=description content='" + description + "'><h1>h</h1>text";
  };
  Serve("/", page("otter"));
  Crawl();
  Serve("/", page("walrus"));
  options_.revisit_all = true;
  EXPECT_EQ(Crawl().stored, 1U);
  EXPECT_EQ(StoredAt("/").description, "walrus");
  EXPECT_EQ(Crawl().not_modified, 1U);
}

TEST_F(CrawlerTest, AnotherIndexHasNoPages) {
  server_.Route("/", [](const ServedRequest& request, ServedConnection& connection) {
    const bool known = request.Header("If-None-Match") == "\"v1\"";
    connection.Send(known ? Answer("304 Not Modified", "ETag: \"v1\"\r\n", "")
                          : Answer("200 OK", "Content-Type: text/html\r\nETag: \"v1\"\r\n", "x"));
  });
  Crawl();
  options_.revisit_all = true;
  EXPECT_EQ(Crawl().not_modified, 1U);
  for (const bool made_anew : {false, true}) {
    sink_.pages.clear();
    sink_.named = "another";
    sink_.fresh = made_anew;
    EXPECT_EQ(Crawl().stored, 1U) << made_anew;
    sink_.fresh = false;
    EXPECT_EQ(Crawl().not_modified, 1U) << made_anew;
  }
}

TEST_F(CrawlerTest, SessionsAreToldByTheirValues) {
  Serve("/", Links({"/s?session_id=1", "/s?session_id=2", "/t?session_id=4f1d0c66a2b39e584f1d0c66a2b39e58"}));
  for (const char* path : {"/s", "/t"}) {
    server_.Route(path, [](const ServedRequest& request, ServedConnection& connection) {
      connection.Send(Answer("200 OK", "Content-Type: text/html\r\n", "of " + request.target));
    });
  }
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/s?session_id=1", "/s?session_id=2", "/t"));
}

TEST_F(CrawlerTest, ATextAboutFeedsIsAPage) {
  Serve("/", Links({"/how.txt", "/feed.txt", "/odd.xml", "/sm.xml"}));
  Serve("/how.txt", "How to write feeds. Begin with <rss version='2.0'> and go on.", "Content-Type: text/plain\r\n");
  Serve("/feed.txt", "\xEF\xBB\xBF <!-- ours --><rss><channel><item><link>/item</link></item></channel></rss>", "Content-Type: text/plain\r\n");
  Serve("/odd.xml", "<?xml version='1.0'?><note>of a <feed></feed></note>", "Content-Type: application/xml\r\n");
  Serve("/sm.xml", "<?xml version='1.0'?><!DOCTYPE x><sm:urlset xmlns:sm='x'><sm:url><sm:loc>/listed</sm:loc></sm:url></sm:urlset>",
        "Content-Type: text/xml\r\n");
  Serve("/item", "an item");
  Serve("/listed", "listed");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/how.txt", "/item", "/listed", "/odd.xml"));
}

TEST_F(CrawlerTest, NothingIsGoneForEver) {
  Serve("/", Links({"/x", "/login", "/moved"}));
  for (const char* path : {"/x", "/login", "/moved"}) Serve(path, std::string("page ") + path);
  Crawl();
  server_.Route("/x", StatusOnly("404 Not Found"));
  server_.Route("/login", StatusOnly("403 Forbidden"));
  server_.Route("/moved", RedirectTo("/"));
  options_.revisit_all = true;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/login", "/moved")) << "one refusal, and one redirect for the time being, are no reason";
  for (int run = 0; run < 4; ++run) Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/"));
  for (const char* path : {"/x", "/login", "/moved"}) Serve(path, std::string("back ") + path);
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/login", "/moved", "/x"));
}

TEST_F(CrawlerTest, AnInterruptedRecrawlGoesOn) {
  std::vector<std::string> paths;
  for (int i = 1; i < 10; ++i) paths.push_back("/" + std::to_string(i));
  Serve("/", Links(paths));
  for (const std::string& path : paths) Serve(path, "page " + path);
  Crawl();
  options_.revisit_all = true;
  options_.max_pages = 6;
  EXPECT_EQ(Crawl().pending, 4U);
  EXPECT_EQ(Crawl().pending, 0U);
  for (const std::string& path : paths) EXPECT_EQ(CountOf(path), 2U) << path;
  EXPECT_EQ(Crawl().pending, 4U) << "the next one begins anew";
}

std::atomic<int64_t> g_jump = 0;
Time JumpingClock() { return CurrentTime() + std::chrono::hours(g_jump); }

TEST_F(CrawlerTest, AClockThatJumpsEndsNoCrawl) {
  g_jump = 0;
  Serve("/", Links({"/a", "/b"}));
  server_.Route("/a", [](const ServedRequest&, ServedConnection& connection) {
    g_jump = 1;
    connection.Pause(300);
    connection.Send(Answer("200 OK", "Content-Type: text/html\r\n", "a"));
  });
  Serve("/b", "b");
  options_.clock = &JumpingClock;
  Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a", "/b"));
  EXPECT_EQ(CountOf("/a"), 1U);
}

TEST_F(CrawlerTest, ASecondCrawlOnTheSameStateIsRefused) {
  CrawlOptions options = options_;
  options.scope.seeds = {*Url::Parse(server_.Url("/"))};
  const auto first = Crawler::Open(scratch_.Path("state"), options, &sink_, nullptr);
  ASSERT_TRUE(first.ok());
  const auto second = Crawler::Open(scratch_.Path("state"), options, &sink_, nullptr);
  EXPECT_EQ(second.status().code(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace sakuin::crawler
