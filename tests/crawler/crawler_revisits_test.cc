// Pages that are known already, in whole crawls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/crawler/crawler_fixture.h"

namespace sakuin::crawler {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CrawlerRevisitsTest : public CrawlerTest {};

TEST_F(CrawlerRevisitsTest, KnownPagesAreVisitedAgainConditionally) {
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

TEST_F(CrawlerRevisitsTest, OnlyPagesWhoseLinksWereTooDeepComeWhole) {
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

TEST_F(CrawlerRevisitsTest, AMovedPageStays) {
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

TEST_F(CrawlerRevisitsTest, WhateverIsKeptOfAPageIsAChange) {
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

TEST_F(CrawlerRevisitsTest, AnotherIndexHasNoPages) {
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

TEST_F(CrawlerRevisitsTest, NothingIsGoneForEver) {
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

TEST_F(CrawlerRevisitsTest, AnInterruptedRecrawlGoesOn) {
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

TEST_F(CrawlerRevisitsTest, AnotherScopeFindsOtherLinksOnPagesThatHaveNotChanged) {
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

TEST_F(CrawlerRevisitsTest, APageThatIsAsItWasMayBeWithdrawn) {
  Serve("/", Links({"/a"}));
  server_.Route("/a", Validated("\"v1\"", "text", "X-Robots-Tag: noindex\r\n"));
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/", "/a"));
  options_.revisit_all = true;
  Crawl();
  EXPECT_THAT(Stored(), ElementsAre("/"));
}

}  // namespace
}  // namespace sakuin::crawler
