// Sitemaps and feeds in whole crawls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/crawler/crawler_fixture.h"
#include "tests/crawler/faulty_env.h"

namespace sakuin::crawler {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CrawlerListingTest : public CrawlerTest {};

TEST_F(CrawlerListingTest, SitemapsMayBeOnAnotherHost) {
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
  EXPECT_EQ(counts.errors_by_kind.count("no sitemap, and a page of another host"), 1U);
  EXPECT_EQ(counts.hosts, 2U);
}

TEST_F(CrawlerListingTest, SitemapsMayBeLargerThanPages) {
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

TEST_F(CrawlerListingTest, OfASitemapThatIsTooLargeTheBeginningIsRead) {
  CrawlOptions options;
  options.scope.seeds = {*Url::Parse("http://a.example/")};
  const CrawlScope scope = *CrawlScope::Make(options.scope);
  PageVisitor visitor(options, scope, [](const Url&) { return false; });
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

TEST_F(CrawlerListingTest, LongListingsAreTakenInPieces) {
  constexpr int kPages = 1300;
  std::string map = "<?xml version='1.0'?><urlset>";
  for (int i = 0; i < kPages; ++i) map += "<url><loc>/p?n=" + std::to_string(i) + "</loc><lastmod>2020-01-01</lastmod></url>";
  server_.Route("/robots.txt", PageOf("Sitemap: /map.xml\n", "Content-Type: text/plain\r\n"));
  Serve("/map.xml", map + "</urlset>", "Content-Type: text/xml\r\n");
  Serve("/", Links({"/p?n=1300", "/p?n=1301"}));
  server_.Route("/p", [](const ServedRequest& request, ServedConnection& connection) {
    connection.Send(Answer("200 OK", "Content-Type: text/html\r\n", "page " + request.target));
  });
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.fetched, kPages + 4U);
  EXPECT_EQ(counts.pending, 0U);
  EXPECT_EQ(counts.errors, 0U);
  Crawl();
  EXPECT_EQ(CountOf("/map.xml"), 1U) << "the frontier knows that it was read";
}

// A page about feeds is a page.
TEST_F(CrawlerListingTest, OnlyXmlIsAListing) {
  Serve("/", Links({"/about", "/news", "/plain.txt"}));
  Serve("/about", "How to write a &lt;feed> <rss is one");
  Serve("/news", "<?xml version='1.0'?><rss><channel><item><title>new</title><link>/item</link></item></channel></rss>", "Content-Type: text/html\r\n");
  Serve("/plain.txt", "plain words", "Content-Type: text/plain\r\n");
  Serve("/item", "an item");
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/about", "/item", "/plain.txt"));
}

// What is asked for most often costs least.
TEST_F(CrawlerListingTest, SitemapsAreVisitedAgainConditionally) {
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

// A listing that names it does not make it one of those that only a recrawl asks for.
TEST_F(CrawlerListingTest, WhatFailedAndIsListedIsAskedForByTheNextRun) {
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

TEST_F(CrawlerListingTest, SitemapsOfSitemapsEnd) {
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

// A feed dates pages that came before it, whatever write of the frontier is the last. Addresses are so long that what a
// checkpoint writes does not go to the file in one piece.
TEST_F(CrawlerListingTest, NoDateIsLostWhereverTheRunBreaksOff) {
  std::vector<std::string> links;
  std::string items;
  for (int i = 0; i < 300; ++i) {
    links.push_back("/" + std::to_string(i) + std::string(1800, 'x'));
    Serve(links.back(), "<title>" + links.back() + "</title>words");
    items += "<item><link>" + server_.Url(links.back()) + "</link><pubDate>Tue, 03 Feb 2026 04:05:06 GMT</pubDate></item>";
  }
  const std::vector<std::string> pages = links;
  links.push_back("/feed.xml");
  Serve("/", Links(links));
  Serve("/feed.xml", "<rss><channel>" + items + "</channel></rss>", "Content-Type: application/rss+xml\r\n");
  uint64_t opened = 0;  // operations until then
  const auto crawl = [&](const std::string& state, FaultyEnv& env) {
    CrawlOptions options = options_;
    options.scope.seeds = {*Url::Parse(server_.Url("/"))};
    options.connections_per_host = 16;
    DiskFrontierOptions frontier;
    frontier.env = env.env();
    const std::atomic<bool> stop = false;
    const auto crawler = Crawler::Open(state, options, &sink_, frontier);
    opened = env.operations();
    return crawler.ok() && (*crawler)->Run(stop, [](const CrawlCounts&) {}).ok();
  };
  FaultyEnv whole;
  ASSERT_TRUE(crawl(scratch_.Path("whole"), whole));
  const uint64_t last = whole.operations();
  bool worked = false;
  for (uint64_t failing = opened + 1; failing <= last && !worked; ++failing) {
    FaultyEnv env;
    sink_.pages.clear();
    env.FailFrom(failing);
    const std::string state = scratch_.Path(std::to_string(failing));
    worked = crawl(state, env);
    env.FailFrom(UINT64_MAX);
    ASSERT_TRUE(crawl(state, env));
    for (const std::string& link : pages) ASSERT_EQ(StoredAt(link).published, "2026-02-03T04:05:06Z") << "it broke off at operation " << failing;
  }
}

TEST_F(CrawlerListingTest, ATextAboutFeedsIsAPage) {
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

}  // namespace
}  // namespace sakuin::crawler
