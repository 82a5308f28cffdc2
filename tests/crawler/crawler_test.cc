// Whole crawls of small sites on loopback: from link to link, and no further.
#include "crawler/crawler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crawler/crawl_report.h"
#include "crawler/fetch_log.h"
#include "tests/crawler/crawler_fixture.h"

namespace sakuin::crawler {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

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

TEST_F(CrawlerTest, ASeedThatIsLeftOutIsTold) {
  options_.scope.deny = {"secret"};
  const CrawlCounts counts = Crawl("/secret");
  EXPECT_EQ(counts.out_of_scope.count("a seed that --deny leaves out"), 1U);
  EXPECT_TRUE(Asked().empty());
}

TEST_F(CrawlerTest, ANewSeedGoesBeforeWhatWaits) {
  Serve("/", Links({"/a", "/b", "/c"}));
  for (const char* path : {"/a", "/b", "/c", "/new"}) Serve(path, path);
  options_.max_pages = 1;
  Crawl();
  Crawl("/new");
  EXPECT_THAT(Stored(), ElementsAre("/", "/new"));
}

TEST_F(CrawlerTest, PagesNearerToTheSeedsGoFirst) {
  HttpServer other("127.0.0.2");
  std::atomic<bool> is_far = false;
  Serve("/", Links({other.Url("/first"), "/c1"}));
  Serve("/c1", Links({"/c2"}));
  server_.Route("/c2", [&](const ServedRequest&, ServedConnection& connection) {
    connection.Send(Answer("200 OK", "Content-Type: text/html\r\n", Links({other.Url("/far")})));
    is_far = true;
  });
  other.Route("/first", [&](const ServedRequest&, ServedConnection& connection) {
    while (!is_far && connection.Pause(10)) {
    }
    connection.Pause(300);  // what is far is known by now
    connection.Send(Answer("200 OK", "Content-Type: text/html\r\n", Links({"/near"})));
  });
  options_.scope.allow = {"."};
  Crawl();
  std::vector<std::string> asked;
  for (const ServedRequest& request : other.requests()) asked.push_back(request.target);
  EXPECT_THAT(asked, ElementsAre("/robots.txt", "/first", "/near", "/far"));
}

// It stays so when others lead to the same addresses.
TEST_F(CrawlerTest, ARedirectWithoutEndIsNotForgottenForOthers) {
  const auto next = [](const char* to) {
    return [to](const ServedRequest& request, ServedConnection& connection) {
      const int n = std::stoi(request.target.substr(request.target.find('=') + 1));
      connection.Send(Answer("302 Found", "Location: " + std::string(to) + std::to_string(n + 1) + "\r\n", ""));
    };
  };
  Serve("/", Links({"/x?n=0", "/y?n=0", "/y?n=1", "/y?n=2", "/y?n=3", "/y?n=4", "/y?n=5"}));
  server_.Route("/x", next("/x?n="));
  server_.Route("/y", next("/x?n="));
  Crawl();
  EXPECT_EQ(CountOf("/x?n=15"), 1U) << "the tenth from /y?n=5";
  EXPECT_EQ(CountOf("/x?n=16"), 0U) << "that /x?n=5 leads to /x?n=6, too, does not begin anew";
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

TEST_F(CrawlerTest, RedirectsInACircleAreToldAsSuch) {
  Serve("/", Links({"/self", "/1"}));
  server_.Route("/self", RedirectTo("/self?utm_source=x"));
  server_.Route("/1", RedirectTo("/2"));
  server_.Route("/2", RedirectTo("/3"));
  server_.Route("/3", RedirectTo("/1"));
  const std::string loop(FetchErrorText(FetchError::kRedirectLoop));
  for (int run = 0; run < 2; ++run) {
    options_.revisit_all = run > 0;
    const CrawlCounts counts = Crawl();
    EXPECT_EQ(counts.redirects, 2U) << run;
    EXPECT_EQ(counts.errors_by_kind, (std::map<std::string, uint64_t>{{loop, 2}})) << "/self and /3, run " << run;
  }
}

TEST_F(CrawlerTest, AChainOfRedirectsIsAsLongInTheNextRun) {
  Serve("/", Links({"/r?n=0"}));
  server_.Route("/r", [](const ServedRequest& request, ServedConnection& connection) {
    const int n = std::stoi(request.target.substr(request.target.find('=') + 1));
    connection.Send(Answer("302 Found", "Location: /r?n=" + std::to_string(n + 1) + "\r\n", ""));
  });
  options_.max_pages = 4;
  for (int run = 0; run < 3; ++run) Crawl();
  options_.max_pages = UINT64_MAX;
  options_.revisit_all = true;
  for (int run = 0; run < 2; ++run) {
    const CrawlCounts counts = Crawl();
    EXPECT_EQ(counts.redirects, 10U) << run;
    EXPECT_EQ(counts.errors, 1U) << run;
  }
  EXPECT_EQ(CountOf("/r?n=10"), 3U);
  EXPECT_EQ(CountOf("/r?n=11"), 0U);
}

// /p was the address of old, and is the new one.
TEST_F(CrawlerTest, ARedirectThatTurnsRoundIsNoLoop) {
  Serve("/", Links({"/p"}));
  server_.Route("/p", RedirectTo("/p/"));
  Serve("/p/", "a page");
  Crawl();
  ASSERT_THAT(Stored(), ElementsAre("/", "/p/"));
  Serve("/p", "the page, once more");
  server_.Route("/p/", RedirectTo("/p"));
  options_.revisit_all = true;
  for (int run = 0; run < 2; ++run) {
    const CrawlCounts counts = Crawl();
    EXPECT_EQ(counts.redirects, 1U) << run;
    EXPECT_EQ(counts.errors, 0U) << run;
    EXPECT_THAT(Stored(), testing::Contains("/p"));
  }
  server_.Route("/p", RedirectTo("/p/"));
  Crawl();  // in whatever order they are asked for
  EXPECT_EQ(Crawl().errors_by_kind.count(std::string(FetchErrorText(FetchError::kRedirectLoop))), 1U) << "now it is one";
}

TEST_F(CrawlerTest, TheEndOfAChainMayLeadOnWhenItIsASeedOrTheChainIsBroken) {
  Serve("/", Links({"/r?n=0"}));
  int page = 99;
  server_.Route("/r", [&page](const ServedRequest& request, ServedConnection& connection) {
    const int n = std::stoi(request.target.substr(request.target.find('=') + 1));
    const std::string next = "Location: /r?n=" + std::to_string(n + 1) + "\r\n";
    connection.Send(n == page ? Answer("200 OK", "Content-Type: text/html\r\n", "a page") : Answer("302 Found", next, ""));
  });
  Crawl();
  ASSERT_EQ(CountOf("/r?n=10"), 1U);
  ASSERT_EQ(CountOf("/r?n=11"), 0U);
  options_.revisit_all = true;
  page = 9;
  for (int run = 0; run < 2; ++run) Crawl();  // in whatever order they are asked for
  EXPECT_GE(CountOf("/r?n=11"), 1U);
  EXPECT_GE(CountOf("/r?n=20"), 1U) << "the tenth from there";
  EXPECT_EQ(CountOf("/r?n=21"), 0U);
  page = 99;
  Crawl();
  Crawl("/r?n=20");
  EXPECT_EQ(CountOf("/r?n=21"), 1U);
}

// Only what links to new pages may go on for it.
TEST_F(CrawlerTest, ARedirectIsNoPageThatLinks) {
  CrawlOptions options;
  options.scope.seeds = {*Url::Parse("http://a.example/")};
  const CrawlScope scope = *CrawlScope::Make(options.scope);
  const uint32_t depth = TrapLimits().free_depth + 1;
  for (const uint32_t redirects : {0, 1}) {
    PageVisitor visitor(options, scope, [](const Url&) { return false; });
    const auto accepts = [&](uint32_t n) {
      return visitor.Accept(*Url::Parse("http://a.example/go?id=" + std::to_string(n)), nullptr, depth).has_value();
    };
    for (uint32_t n = 0; n < TrapLimits().max_of_shape; ++n) ASSERT_TRUE(accepts(n));
    LeasedUrl leased;
    leased.url = "http://a.example/an/article";
    leased.discovered_from = "http://a.example/go?id=0";
    leased.depth = depth;
    leased.redirects = redirects;
    PageVisit visit;
    visit.page.body = "words that nobody has said";
    visitor.TakeKept(leased, visit);
    EXPECT_EQ(accepts(TrapLimits().max_of_shape), redirects == 0);
  }
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
  const auto first = Crawler::Open(scratch_.Path("state"), options, &sink_);
  ASSERT_TRUE(first.ok());
  const auto second = Crawler::Open(scratch_.Path("state"), options, &sink_);
  EXPECT_EQ(second.status().code(), StatusCode::kUnavailable);
}

TEST_F(CrawlerTest, ARedirectToNowhereIsAnError) {
  Serve("/", Links({"/moved"}));
  server_.Route("/moved", StatusOnly("301 Moved Permanently"));
  const CrawlCounts counts = Crawl();
  EXPECT_EQ(counts.errors_by_kind.count("HTTP 301 without an address"), 1U);
}

}  // namespace
}  // namespace sakuin::crawler
