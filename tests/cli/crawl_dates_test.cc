// The field `date` of pages: what they say themselves, else what a feed says, never when a sitemap says they were changed.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/cli/crawl_fixture.h"

namespace sakuin::cli {
namespace {

using crawler::HttpServer;
using crawler::PageOf;
using nlohmann::json;

class CrawlDates : public CrawlTest {
 protected:
  CrawlDates() {
    site_.Route("/robots.txt", PageOf("Sitemap: " + site_.Url("/map.xml") + "\n", "Content-Type: text/plain\r\n"));
    site_.Route("/map.xml", PageOf("<?xml version='1.0'?><urlset><url><loc>" + site_.Url("/listed") + "</loc><lastmod>2020-02-02</lastmod></url></urlset>",
                                   "Content-Type: application/xml\r\n"));
    site_.Route("/", PageOf(PageWith("home", {"/early", "/own", "/feed.xml"})));
    site_.Route("/early", PageOf(PageWith("early bird"), "Content-Type: text/html\r\nETag: \"1\"\r\n"));
    site_.Route("/own", PageOf("<meta name=date content=2021-03-04>" + PageWith("dated by itself")));
    site_.Route("/late", PageOf(PageWith("late bird")));
    site_.Route("/listed", PageOf(PageWith("in the sitemap")));
    site_.Route("/feed.xml", PageOf("<?xml version='1.0'?><rss><channel>" + Item("/early", "Thu, 01 Feb 2024 00:00:00 GMT") +
                                        Item("/own", "Fri, 02 Feb 2024 00:00:00 GMT") + Item("/late", "Sat, 03 Feb 2024 00:00:00 GMT") + "</channel></rss>",
                                    "Content-Type: application/rss+xml\r\n"));
  }

  std::string Item(const std::string& path, const std::string& date) const {
    return "<item><link>" + site_.Url(path) + "</link><pubDate>" + date + "</pubDate></item>";
  }

  std::map<std::string, std::string> Dates() const {
    const Ended ended = RunSakuin({"search", "--index", index_, "--json", "--top", "100", "*"});
    std::map<std::string, std::string> dates;
    const json answer = json::parse(ended.out, nullptr, false);
    for (const json& hit : answer["hits"]) {
      dates[hit["key"].get<std::string>().substr(site_.Url("").size())] = hit["fields"].value("date", "").substr(0, 10);
    }
    return dates;
  }

  int64_t CountOf(const std::string& path) const {
    const auto requests = site_.requests();
    return std::ranges::count(requests, path, &crawler::ServedRequest::target);
  }

  HttpServer site_;
  const std::map<std::string, std::string> wanted_ = {
      {"/", ""}, {"/early", "2024-02-01"}, {"/own", "2021-03-04"}, {"/late", "2024-02-03"}, {"/listed", ""}};
};

TEST_F(CrawlDates, ComeFromThePageElseFromAFeed) {
  const Ended ended = Crawl({site_.Url("/")}, {"--per-host", "1"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Dates(), wanted_);
  EXPECT_EQ(CountOf("/early"), 2) << "it came before its date";
  EXPECT_NE(ended.err.find(": 5 stored, 1 not modified,"), std::string::npos) << ended.err;
  EXPECT_EQ(CountOf("/own"), 1);
  EXPECT_EQ(CountOf("/late"), 1);
  const Ended again = Crawl({site_.Url("/")}, {"--recrawl"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(Dates(), wanted_);
  EXPECT_EQ(CountOf("/early"), 3);
}

TEST_F(CrawlDates, ComeFromAFeedThatIsFoundLater) {
  EXPECT_EQ(Crawl({site_.Url("/")}, {"--deny", "feed"}).code, 0);
  EXPECT_EQ(Dates().at("/early"), "");
  EXPECT_EQ(Crawl({site_.Url("/"), site_.Url("/feed.xml")}).code, 0);
  EXPECT_EQ(Dates(), wanted_);
}

// What a feed said counts for a new index, too.
TEST_F(CrawlDates, AreKeptInTheState) {
  EXPECT_EQ(Crawl({site_.Url("/")}).code, 0);
  std::filesystem::remove_all(index_);
  EXPECT_EQ(Crawl({site_.Url("/")}, {"--recrawl"}).code, 0);
  EXPECT_EQ(Dates(), wanted_);
}

}  // namespace
}  // namespace sakuin::cli
