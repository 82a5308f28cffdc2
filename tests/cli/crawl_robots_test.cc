// Files robots.txt of the worst kind, each in a whole crawl: those that are too large count as far as they are read, those
// that cannot be had keep the crawl out, and none takes much memory.

#include <gtest/gtest.h>

#include <memory>

#include "tests/base/encoded_body.h"
#include "tests/cli/crawl_fixture.h"

namespace sakuin::cli {
namespace {

using crawler::Answer;
using crawler::Handler;
using crawler::HttpServer;
using crawler::RedirectTo;
using crawler::ServedConnection;
using crawler::ServedRequest;
using crawler::StatusOnly;

constexpr const char* kRules = "User-agent: *\nDisallow: /closed\n";
constexpr size_t kLarge = 100 << 20;
constexpr uint64_t kMostMemory = 24 << 20;  // more than a small crawl takes

// `first` and then as much of `line` as makes kLarge bytes, if somebody reads them.
Handler LargeAnswer(const std::string& status, const std::string& first, const std::string& line) {
  std::string piece;
  while (piece.size() < 1 << 16) piece += line;
  return [=](const ServedRequest&, ServedConnection& connection) {
    connection.Send("HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(first.size() + kLarge) + "\r\n\r\n" +
                    first);
    for (size_t sent = 0; sent < kLarge && connection.Send(piece); sent += piece.size()) {
    }
    connection.Close();
  };
}

class CrawlRobots : public CrawlTest {
 protected:
  static Handler Rules() { return crawler::PageOf(kRules, "Content-Type: text/plain\r\n"); }

  // A site with this robots.txt, a page that the rules above allow and one that they do not.
  HttpServer& Site(const std::string& name, Handler robots) {
    HttpServer& site = *sites_.emplace_back(std::make_unique<HttpServer>());
    names_.push_back(name);
    site.Route("/robots.txt", std::move(robots));
    site.Route("/", crawler::PageOf(PageWith(name, {"/open", "/closed"})));
    site.Route("/open", crawler::PageOf(PageWith(name + " open")));
    site.Route("/closed", crawler::PageOf(PageWith(name + " closed")));
    return site;
  }

  // robots.txt of `site` is `hops` redirects away.
  static void Chain(HttpServer& site, int hops, Handler end) {
    for (int i = 0; i < hops; ++i) site.Route("/r" + std::to_string(i), i + 1 == hops ? end : RedirectTo("/r" + std::to_string(i + 1)));
  }

  Ended CrawlAll() {
    std::vector<std::string> seeds;
    for (const auto& site : sites_) seeds.push_back(site->Url("/"));
    return Crawl(seeds);
  }

  void ExpectAsked(const std::set<std::string>& paths) const {
    for (size_t i = 0; i < sites_.size(); ++i) {
      std::set<std::string> asked;
      for (const ServedRequest& request : sites_[i]->requests()) {
        if (request.target != "/robots.txt" && !request.target.starts_with("/r")) asked.insert(request.target);
      }
      EXPECT_EQ(asked, paths) << names_[i];
    }
  }

  std::vector<std::unique_ptr<HttpServer>> sites_;
  std::vector<std::string> names_;
};

TEST_F(CrawlRobots, CountAsFarAsTheyAreRead) {
  Site("large", LargeAnswer("200 OK", kRules, "# nothing\n"));
  Site("rules", LargeAnswer("200 OK", kRules, "Disallow: /other\n"));
  Site("line", LargeAnswer("200 OK", kRules, "x"));
  Site("endless", crawler::Endless(std::string("HTTP/1.1 200 OK\r\n\r\n") + kRules, std::string(4096, '#')));
  Site("bomb", crawler::PageOf(Encoded("gzip", kRules) + GzipBomb(100), "Content-Encoding: gzip\r\n"));
  Chain(Site("five", RedirectTo("/r0")), 5, Rules());
  HttpServer other;
  other.Route("/their-robots", Rules());
  Site("elsewhere", RedirectTo(other.Url("/their-robots")));
  const Ended ended = CrawlAll();
  EXPECT_EQ(ended.code, 0) << ended.err;
  ExpectAsked({"/", "/open"});
  EXPECT_EQ(Indexed().size(), 2 * sites_.size());
  EXPECT_EQ(other.requests().size(), 1U);
  ExpectMemory(ended, kMostMemory);
}

TEST_F(CrawlRobots, AreNoneWhenTheyAreSomethingElse) {
  Site("html", crawler::PageOf("<!DOCTYPE html><html><body>Disallow: / is what a robots.txt would say\n</body></html>"));
  Site("missing", LargeAnswer("404 Not Found", kRules, "not here\n"));
  Site("forbidden", StatusOnly("403 Forbidden"));
  Chain(Site("six", RedirectTo("/r0")), 6, Rules());
  Site("loop", RedirectTo("/robots.txt"));
  Site("nowhere", RedirectTo("http://"));
  Site("bytes", crawler::PageOf(std::string(100'000, '\0') + "\xFF\xFE\x80", "Content-Type: text/plain\r\n"));
  const Ended ended = CrawlAll();
  EXPECT_EQ(ended.code, 0) << ended.err;
  ExpectAsked({"/", "/open", "/closed"});
  EXPECT_EQ(Indexed().size(), 3 * sites_.size());
}

TEST_F(CrawlRobots, ThatCannotBeHadKeepOut) {
  Site("hang", crawler::RawThenHang(""));
  Site("drip", crawler::Trickle("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", "#"));
  Site("reset", crawler::RawThenReset("HTTP/1.1 200 OK\r\n"));
  Site("garbage", crawler::Raw("SSH-2.0-x\r\n"));
  Site("headers", crawler::Endless("HTTP/1.1 200 OK\r\n", "X-More: yes\r\n"));
  Site("error", StatusOnly("500 Internal Server Error"));
  Site("busy", StatusOnly("503 Service Unavailable"));
  Site("limited", StatusOnly("429 Too Many Requests"));
  const Ended ended = CrawlAll();
  EXPECT_EQ(ended.code, 1) << "nothing was fetched: " << ended.err;
  ExpectAsked({});
  EXPECT_TRUE(Indexed().empty());
  const std::string report = Report();
  for (const char* kind :
       {"robots.txt: the first byte of the answer took longer than allowed", "robots.txt: the answer took longer than allowed in all",
        "robots.txt: the server closed the connection", "robots.txt: the answer is not HTTP, or contradicts itself",
        "robots.txt: the headers are larger than allowed", "robots.txt: HTTP 500", "robots.txt: HTTP 503", "robots.txt: HTTP 429"}) {
    EXPECT_NE(report.find(kind), std::string::npos) << kind << "\n" << report;
  }
}

}  // namespace
}  // namespace sakuin::cli
