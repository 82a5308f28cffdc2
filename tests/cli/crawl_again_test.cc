// A crawl that goes on with other limits than before: what belongs to it no longer is not asked for, and stays in the index.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "tests/cli/crawl_fixture.h"

namespace sakuin::cli {
namespace {

using crawler::HttpServer;
using crawler::Outcome;
using crawler::PageOf;
using crawler::ServedConnection;
using crawler::ServedRequest;
using nlohmann::json;
using testing::HasSubstr;

class CrawlAgain : public CrawlTest {
 protected:
  CrawlAgain() {
    other_.Route("/far", PageOf(PageWith("far", {})));
    site_.Route("/", PageOf(PageWith("home", {"/a", "/b", other_.Url("/far")})));
    site_.Route("/a", PageOf(PageWith("first", {"/a/deep"})));
    site_.Route("/a/deep", PageOf(PageWith("deep", {})));
    site_.Route("/b", PageOf(PageWith("second", {})));
  }

  static std::set<std::string> AskedOf(const HttpServer& server, size_t from) {
    std::set<std::string> asked;
    const std::vector<ServedRequest> requests = server.requests();
    for (size_t i = from; i < requests.size(); ++i) asked.insert(requests[i].target);
    asked.erase("/robots.txt");
    return asked;
  }

  Ended Recrawl(std::vector<std::string> more) {
    more.emplace_back("--recrawl");
    before_ = site_.requests().size();
    Ended ended = Crawl({site_.Url("/")}, more);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended;
  }
  std::set<std::string> AskedAgain() const { return AskedOf(site_, before_); }

  static json LastLine(const Ended& ended) {
    const std::string lines = ended.out.substr(0, ended.out.find_last_not_of('\n') + 1);
    return json::parse(lines.substr(lines.rfind('\n') + 1), nullptr, false);
  }

  HttpServer site_;
  HttpServer other_;
  size_t before_ = 0;
};

TEST_F(CrawlAgain, WhatIsDeniedNowIsLeftAlone) {
  EXPECT_EQ(Crawl({site_.Url("/")}).code, 0);
  const std::set<std::string> all = Indexed();
  EXPECT_EQ(all.size(), 4U);
  const Ended ended = Recrawl({"--deny", "/a"});
  EXPECT_EQ(AskedAgain(), (std::set<std::string>{"/", "/b"}));
  EXPECT_EQ(Indexed(), all) << "what is stored stays";
  EXPECT_THAT(ended.err, HasSubstr("2 URLs not asked for: a pattern of --deny is found in the address\n"));
  EXPECT_EQ(Logged()[site_.Url("/a")].outcome, Outcome::kOutOfScope);
  Recrawl({});
  EXPECT_EQ(AskedAgain(), (std::set<std::string>{"/", "/a", "/a/deep", "/b"})) << "it belongs to the crawl again";
}

TEST_F(CrawlAgain, WhatIsTooDeepNowIsLeftAlone) {
  EXPECT_EQ(Crawl({site_.Url("/")}).code, 0);
  const Ended ended = Recrawl({"--max-depth", "1", "--json"});
  EXPECT_EQ(AskedAgain(), (std::set<std::string>{"/", "/a", "/b"}));
  EXPECT_EQ(LastLine(ended)["out_of_scope"], (json{{"more links from a seed than --max-depth", 1}}));
  EXPECT_EQ(Indexed().size(), 4U);
}

TEST_F(CrawlAgain, HostsThatNoLongerBelongToItAreLeftAlone) {
  EXPECT_EQ(Crawl({site_.Url("/"), other_.Url("/far")}).code, 0);
  EXPECT_EQ(Indexed().size(), 5U);
  const size_t asked = other_.requests().size();
  Recrawl({});
  EXPECT_EQ(other_.requests().size(), asked) << "it was a seed";
  EXPECT_EQ(Indexed().size(), 5U);
  other_.Route("/far", crawler::StatusOnly("404 Not Found"));
  Recrawl({"--allow", other_.Url("/")});
  EXPECT_EQ(Indexed().size(), 4U) << "asked for again, it is gone";
}

TEST_F(CrawlAgain, WhatWaitsAndNoLongerBelongsToItIsNotAskedFor) {
  EXPECT_EQ(Crawl({site_.Url("/")}, {"--max-pages", "1"}).code, 0);
  before_ = site_.requests().size();
  const Ended ended = Crawl({site_.Url("/")}, {"--deny", "/b"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(AskedAgain(), (std::set<std::string>{"/a", "/a/deep"}));
}

TEST_F(CrawlAgain, WhySeedsAreRefused) {
  const Ended denied = Crawl({site_.Url("/a")}, {"--deny", "/a"});
  EXPECT_EQ(denied.code, 1);
  EXPECT_THAT(denied.err, HasSubstr("1 URL not asked for: a seed that --deny leaves out\n"));
  const Ended long_one = Crawl({site_.Url("/" + std::string(3000, 'x'))});
  EXPECT_EQ(long_one.code, 1);
  EXPECT_THAT(long_one.err, HasSubstr("1 URL not asked for: a seed: longer than URLs may be\n"));
  EXPECT_TRUE(site_.requests().empty());
}

TEST_F(CrawlAgain, TheReportTellsTheLastRunFromAll) {
  EXPECT_EQ(Crawl({site_.Url("/")}).code, 0);
  EXPECT_THAT(Report(), testing::Not(HasSubstr("all ")));
  Recrawl({"--deny", "/a"});
  const std::string report = Report();
  EXPECT_THAT(report, HasSubstr("  last run    all 2 runs\n         2             6  asked for\n         2             2  not asked for\n"));
  EXPECT_THAT(report, HasSubstr("         2             2  out_of_scope\n"));
  const json told = json::parse(RunSakuin({"crawl", "--report", state_, "--json"}).out, nullptr, false);
  EXPECT_EQ(told["runs"], 2);
  EXPECT_EQ(told["outcomes"]["stored"], 4);
  EXPECT_EQ(told["last_run"]["outcomes"]["out_of_scope"], 2);
}

TEST_F(CrawlAgain, TheReportTakesNoOptionsOfCrawls) {
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--into", index_}, {"--state", state_}, {"--rate", "1"}, {"--allow-private"}, {site_.Url("/")}}) {
    std::vector<std::string> arguments = {"crawl", "--report", state_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = RunSakuin(arguments);
    EXPECT_EQ(ended.code, 2) << more[0];
    EXPECT_THAT(ended.err, HasSubstr("has no meaning beside")) << more[0];
  }
}

// Each answer is one that was fetched, and --max-pages counts the same.
TEST_F(CrawlAgain, ARefusalIsAnAnswer) {
  std::atomic<int> asked = 0;
  site_.Route("/a", [&asked](const ServedRequest&, ServedConnection& connection) {
    const bool refuses = ++asked < 2;
    connection.Send(refuses ? crawler::Answer("429 Too Many Requests", "Retry-After: 0\r\n", "")
                            : crawler::Answer("200 OK", "Content-Type: text/html\r\n", "<p>at last"));
  });
  const json done = LastLine(Crawl({site_.Url("/a")}, {"--json", "--patience", "60"}));
  EXPECT_EQ(done["fetched"], 2);
  EXPECT_EQ(done["postponed"], 1);
  EXPECT_EQ(done["stored"], 1);
  EXPECT_EQ(done["errors"], 0);
}

}  // namespace
}  // namespace sakuin::cli
