// Whole crawls of small sites on loopback.
#include "crawler/crawler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <climits>
#include <filesystem>
#include <map>
#include <set>

#include "base/file.h"
#include "crawler/crawl_report.h"
#include "crawler/fetch_log.h"
#include "tests/base/scratch_folder.h"
#include "tests/base/warc_testing.h"
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

  // Given up when it has been shown so often, four times a second.
  CrawlCounts Crawl(const std::string& seed = "/", int most_shows = INT_MAX) {
    CrawlOptions options = options_;
    options.scope.seeds = {*Url::Parse(server_.Url(seed))};
    std::atomic<bool> stop = false;
    auto crawler = Crawler::Open(scratch_.Path("state"), options, &sink_, warc_.get());
    EXPECT_TRUE(crawler.ok()) << crawler.status().ToString();
    status_ = (*crawler)->Run(stop, [&](const CrawlCounts&) { stop = --most_shows <= 0; });
    EXPECT_GT(most_shows, 0) << "it did not end by itself";
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

// What is not asked for keeps nobody waiting: at a page a second these would take two minutes.
TEST_F(CrawlerTest, WhatRobotsForbidCostsNoTurn) {
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

TEST_F(CrawlerTest, PagesSayHowLongTheyAreToBeFound) {
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

TEST_F(CrawlerTest, AHostHasABudget) {
  options_.politeness.max_pages = 3;
  options_.connections_per_host = 4;
  Serve("/", Links({"/a", "/b", "/c", "/d"}));
  for (const char* path : {"/a", "/b", "/c", "/d"}) Serve(path, std::string("a page at ") + path);
  const CrawlCounts counts = Crawl();
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_EQ(Asked().size(), 4U) << "robots.txt and three pages";
  EXPECT_EQ(counts.fetched, 3U);
  EXPECT_EQ(counts.over_budget, 2U);
  EXPECT_EQ(counts.errors, 0U);
  EXPECT_EQ(counts.pending, 0U);
  CrawlSummary summary;
  const Result<uint64_t> broken = ReadFetchLog(PosixFileSystem(), scratch_.Path("state/") + kFetchLogFile, [&](const FetchRecord& record) { summary.Add(record); });
  EXPECT_TRUE(broken.ok()) << broken.status().ToString();
  EXPECT_EQ(summary.Of(Outcome::kOverBudget), 2U);
}

TEST_F(CrawlerTest, AHostHasABudgetOfBytes) {
  options_.politeness.max_bytes = 20'000;
  Serve("/", Links({"/a", "/b"}));
  Serve("/a", "<p>" + std::string(30'000, 'a'));
  Serve("/b", "<p>" + std::string(30'000, 'b'));
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.fetched, 2U);
  EXPECT_EQ(counts.over_budget, 1U);
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

// Whoever else answers for it, a host is where its name leads.
TEST_F(CrawlerTest, TheAddressOfAHostIsItsOwn) {
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

TEST_F(CrawlerTest, ASeedMayHaveMovedToAnotherHost) {
  HttpServer other("127.0.0.2");
  server_.Route("/", RedirectTo(other.Url("/home")));
  other.Route("/home", PageOf(Links({"/more", server_.Url("/back")})));
  other.Route("/more", PageOf("more" + Links({"http://127.0.0.3/"})));
  Serve("/back", "back");
  options_.max_pages = 2;
  Crawl();
  EXPECT_EQ(sink_.pages.size(), 1U);
  Crawl();
  EXPECT_TRUE(sink_.pages.contains(other.Url("/home")));
  EXPECT_TRUE(sink_.pages.contains(other.Url("/more"))) << "the next run knows the host, too";
  EXPECT_TRUE(sink_.pages.contains(server_.Url("/back")));
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.pending, 0U);
  EXPECT_EQ(counts.hosts, 2U) << "only where seeds lead to";
}

TEST_F(CrawlerTest, SitemapsMayBeOnAnotherHost) {
  HttpServer other("127.0.0.2");
  const std::string robots = "Sitemap: " + other.Url("/index.xml") + "\nSitemap: " + other.Url("/page.html") + "\n";
  server_.Route("/robots.txt", PageOf(robots, "Content-Type: text/plain\r\n"));
  other.Route("/index.xml", PageOf("<?xml version='1.0'?><sitemapindex><sitemap><loc>" + other.Url("/map.xml") +
                                       "</loc></sitemap><sitemap><loc>http://127.0.0.3/map.xml</loc></sitemap></sitemapindex>",
                                   "Content-Type: text/xml\r\n"));
  const std::string map = "<url><loc>" + server_.Url("/listed") + "</loc></url><url><loc>" + other.Url("/foreign") + "</loc></url>";
  other.Route("/map.xml", PageOf("<?xml version='1.0'?><urlset>" + map + "</urlset>", "Content-Type: text/xml\r\n"));
  other.Route("/page.html", PageOf("a page" + Links({server_.Url("/linked")})));
  Serve("/", "x");
  Serve("/listed", "listed");
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/listed"));
  EXPECT_EQ(counts.out_of_scope.count("no sitemap, and a page of another host"), 1U);
  EXPECT_EQ(counts.hosts, 2U);
}

TEST_F(CrawlerTest, ASeedThatIsLeftOutIsTold) {
  options_.scope.deny = {"secret"};
  const CrawlCounts counts = Crawl("/secret");
  EXPECT_EQ(counts.out_of_scope.count("a seed that --deny leaves out"), 1U);
  EXPECT_TRUE(Asked().empty());
}

TEST_F(CrawlerTest, SitemapsMayBeLargerThanPages) {
  std::string map = "<?xml version='1.0'?><urlset>";
  for (char letter = 'a'; letter <= 'z'; ++letter) map += "<url><loc>" + server_.Url("/" + std::string(3, letter)) + "</loc></url>";
  map += "<url><loc>" + server_.Url("/last") + "</loc></url></urlset>";
  server_.Route("/robots.txt", PageOf("Sitemap: /map.xml\n", "Content-Type: text/plain\r\n"));
  Serve("/map.xml", map, "Content-Type: text/xml\r\n");
  Serve("/", "x");
  Serve("/last", "last");
  options_.limits.body_bytes = 1000;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/last"));
}

TEST_F(CrawlerTest, OfASitemapThatIsTooLargeTheBeginningIsRead) {
  CrawlOptions options;
  options.scope.seeds = {*Url::Parse("http://a.example/")};
  const CrawlScope scope = *CrawlScope::Make(options.scope);
  PageVisitor visitor(options, scope, [](const FrontierUrl&) { return false; });
  LeasedUrl leased;
  leased.url = "http://a.example/map.xml";
  FetchResult fetched;
  fetched.status = 200;
  fetched.error = FetchError::kBodyTooLarge;
  fetched.body = "<?xml version='1.0'?><urlset><url><loc>http://a.example/1</loc></url><url><loc>http://a.exa";
  const PageVisit visit = visitor.Read(leased, fetched, CurrentTime());
  EXPECT_EQ(visit.outcome, Outcome::kListing);
  ASSERT_EQ(visit.links.size(), 1U);
  EXPECT_EQ(visit.links[0].url, "http://a.example/1");
  EXPECT_THAT(visit.why, HasSubstr("larger than allowed"));
  leased.url = "http://a.example/page";
  EXPECT_EQ(visitor.Read(leased, fetched, CurrentTime()).outcome, Outcome::kFailed);
}

TEST_F(CrawlerTest, ANewSeedGoesBeforeWhatWaits) {
  Serve("/", Links({"/a", "/b", "/c"}));
  for (const char* path : {"/a", "/b", "/c", "/new"}) Serve(path, path);
  options_.max_pages = 1;
  Crawl();
  Crawl("/new");
  EXPECT_THAT(Stored(), ElementsAre("/", "/new"));
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

TEST_F(CrawlerTest, TheCanonicalAddressMayStandInAHeader) {
  Serve("/", Links({"/printed"}));
  Serve("/printed", "<base href='/elsewhere/'>words", "Content-Type: text/html\r\nLink: <page>; rel=\"canonical\"\r\n");
  Serve("/page", "words");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/page"));
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

TEST_F(CrawlerTest, AHostThatAsksToComeTomorrowIsLeftForAnotherRun) {
  Serve("/", Links({"/busy"}));
  server_.Route("/busy", StatusOnly("503 Service Unavailable", "Retry-After: 86400\r\n"));
  const CrawlCounts counts = Crawl("/", 160);
  EXPECT_TRUE(status_.ok()) << status_.ToString();
  EXPECT_EQ(counts.pending, 1U);
  EXPECT_EQ(counts.errors, 0U);
  Crawl("/", 160);
  EXPECT_EQ(CountOf("/busy"), 1U) << "it is not tomorrow";
}

TEST_F(CrawlerTest, CrawlDelaysThatAreNotKeptAreCounted) {
  server_.Route("/robots.txt", PageOf("User-agent: *\nCrawl-delay: 3\n", "Content-Type: text/plain\r\n"));
  Serve("/", "x");
  options_.politeness.max_crawl_delay = std::chrono::milliseconds(100);
  EXPECT_EQ(Crawl().crawl_delays_cut, 1U);
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

// What is asked for most often costs least.
TEST_F(CrawlerTest, SitemapsAreVisitedAgainConditionally) {
  server_.Route("/robots.txt", PageOf("Sitemap: /map.xml\n", "Content-Type: text/plain\r\n"));
  Serve("/", "x");
  Serve("/listed", "listed");
  server_.Route("/map.xml", [this](const ServedRequest& request, ServedConnection& connection) {
    const bool known = request.Header("If-None-Match") == "\"m1\"";
    const std::string map = "<?xml version='1.0'?><urlset><url><loc>" + server_.Url("/listed") + "</loc></url></urlset>";
    connection.Send(known ? Answer("304 Not Modified", "", "") : Answer("200 OK", "Content-Type: application/xml\r\nETag: \"m1\"\r\n", map));
  });
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/listed"));
  options_.revisit_all = true;
  for (int run = 0; run < 2; ++run) {
    const CrawlCounts counts = Crawl();
    EXPECT_EQ(counts.not_modified, 3U);
  }
  EXPECT_EQ(CountOf("/map.xml"), 3U);
  EXPECT_THAT(Stored(), ElementsAre("/", "/listed"));
}

TEST_F(CrawlerTest, OnlyPagesWhoseLinksWereTooDeepComeWhole) {
  std::map<std::string, int> conditional;
  const auto serve = [&](const std::string& path, const std::string& html) {
    server_.Route(path, [&conditional, path, html](const ServedRequest& request, ServedConnection& connection) {
      const bool is_conditional = request.Header("If-None-Match") == "\"1\"";
      conditional[path] += is_conditional ? 1 : 0;
      connection.Send(is_conditional ? Answer("304 Not Modified", "", "") : Answer("200 OK", "Content-Type: text/html\r\nETag: \"1\"\r\n", html));
    });
  };
  serve("/", Links({"/a"}));
  serve("/a", "a" + Links({"/b"}));
  Serve("/b", "b");
  options_.max_depth = 1;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a"));
  options_.max_depth = 5;
  options_.agent = "Another/2";
  options_.revisit_all = true;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a", "/b"));
  EXPECT_EQ(conditional["/"], 1);
  EXPECT_EQ(conditional["/a"], 0);
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

// As after a kill between two files of the state.
TEST_F(CrawlerTest, APageIsNoDuplicateOfItself) {
  Serve("/", Links({"/a"}));
  Serve("/a", "a page with some words");
  Crawl();
  std::filesystem::remove_all(scratch_.Path("state/frontier"));
  sink_.pages.clear();
  const CrawlCounts counts = Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a"));
  EXPECT_EQ(counts.duplicates, 0U);
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

// Answers with its ETag, or with 304 to who has it.
Handler Validated(const std::string& etag, const std::string& html, const std::string& headers_of_304 = "") {
  return [=](const ServedRequest& request, ServedConnection& connection) {
    const bool known = request.Header("If-None-Match") == etag;
    connection.Send(known ? Answer("304 Not Modified", headers_of_304, "")
                          : Answer("200 OK", "Content-Type: text/html\r\nETag: " + etag + "\r\n", html));
  };
}

TEST_F(CrawlerTest, TheArchiveHasEveryAnswer) {
  Archive();
  server_.Route("/robots.txt", RedirectTo("/r"));
  server_.Route("/r", PageOf("User-agent: *\nDisallow: /secret\n", "Content-Type: text/plain\r\n"));
  Serve("/", Links({"/busy", "/gone", "/coded", "/large", "/cut"}));
  std::atomic<int> asked = 0;
  server_.Route("/busy", [&asked](const ServedRequest&, ServedConnection& connection) {
    connection.Send(++asked == 1 ? Answer("429 Too Many Requests", "Retry-After: 1\r\n", "later")
                                 : Answer("200 OK", "Content-Type: text/html\r\n", "now"));
  });
  server_.Route("/coded", PageOf("no gzip", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"));
  server_.Route("/large", Raw("HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x')));
  server_.Route("/cut", Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
  options_.limits.body_bytes = 4000;
  Crawl();
  for (const char* path : {"/robots.txt", "/r", "/", "/gone", "/coded", "/large", "/cut"}) {
    ASSERT_EQ(Archived(path).size(), 1U) << path;
    EXPECT_EQ(Archived(path)[0].Find("WARC-IP-Address"), "127.0.0.1");
  }
  EXPECT_THAT(Archived("/r")[0].block, HasSubstr("Disallow: /secret"));
  EXPECT_EQ(Archived("/coded")[0].Find("WARC-Truncated"), "") << "it is all that was sent";
  EXPECT_EQ(Archived("/large")[0].Find("WARC-Truncated"), "length");
  EXPECT_EQ(Archived("/cut")[0].Find("WARC-Truncated"), "disconnect");
  ASSERT_EQ(Archived("/busy").size(), 2U);
  EXPECT_THAT(Archived("/busy")[0].block, HasSubstr("429 Too Many"));
}

TEST_F(CrawlerTest, RevisitsReferToWhatIsArchived) {
  Serve("/", Links({"/etag"}));
  server_.Route("/etag", Validated("\"v1\"", "the same"));
  Crawl();
  Archive();
  options_.revisit_all = true;
  for (int run = 0; run < 3; ++run) Crawl();
  for (const char* path : {"/", "/etag"}) {
    const std::vector<WarcRecord> records = Archived(path);
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[0].Find("WARC-Type"), "response") << "even if it has not changed since the crawl without an archive";
    const std::string_view profile = path == std::string("/") ? "identical-payload-digest" : "server-not-modified";
    for (size_t i = 1; i < 3; ++i) {
      EXPECT_EQ(records[i].Find("WARC-Type"), "revisit");
      EXPECT_TRUE(records[i].Find("WARC-Profile").ends_with(profile)) << records[i].Find("WARC-Profile");
      EXPECT_EQ(records[i].Find("WARC-Refers-To-Date"), records[0].Find("WARC-Date"));
      EXPECT_EQ(records[i].Find("WARC-Payload-Digest"), records[0].Find("WARC-Payload-Digest"));
    }
  }
}

TEST_F(CrawlerTest, AnotherScopeFindsOtherLinksOnPagesThatHaveNotChanged) {
  server_.Route("/", Validated("\"v1\"", Links({"/a"})));
  server_.Route("/a", Validated("\"v1\"", Links({"/b"}) + "another"));
  Serve("/b", "b");
  options_.max_depth = 1;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a"));
  options_.revisit_all = true;
  EXPECT_EQ(Crawl().not_modified, 2U);
  EXPECT_EQ(server_.requests().back().Header("If-None-Match"), "\"v1\"");
  options_.max_depth = 2;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a", "/b"));
}

TEST_F(CrawlerTest, APageThatIsAsItWasMayBeWithdrawn) {
  Serve("/", Links({"/a"}));
  server_.Route("/a", Validated("\"v1\"", "text", "X-Robots-Tag: noindex\r\n"));
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a"));
  options_.revisit_all = true;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/"));
}

TEST_F(CrawlerTest, ARedirectToNowhereIsAnError) {
  Serve("/", Links({"/moved"}));
  server_.Route("/moved", StatusOnly("301 Moved Permanently"));
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.errors_by_kind.count("HTTP 301 without an address"), 1U);
}

}  // namespace
}  // namespace sakuin::crawler
