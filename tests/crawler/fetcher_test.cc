// What a Fetcher gives of servers that behave. Of those that do not: fetcher_hostile_test.cc.
#include "crawler/fetcher.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <thread>

#include "tests/base/encoded_body.h"
#include "tests/crawler/fetcher_testing.h"
#include "tests/crawler/http_server.h"

namespace sakuin::crawler {
namespace {

using std::chrono::milliseconds;

TEST(FetcherTest, GivesTheAnswerAsItCame) {
  HttpServer server;
  server.Route("/page", PageOf("<title>t</title>",
                             "Content-Type: text/html; charset=utf-8\r\nETag: \"5\"\r\nX-Robots-Tag: noindex\r\nx-robots-tag: nofollow\r\n"));
  const auto fetcher = LocalFetcher();
  const FetchResult result = fetcher->Fetch({.url = server.Url("/page"), .tag = 7});
  EXPECT_EQ(result.error, FetchError::kNone);
  EXPECT_EQ(result.error_text, "");
  EXPECT_EQ(result.url, server.Url("/page"));
  EXPECT_EQ(result.tag, 7u);
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.http_version, "1.1");
  EXPECT_EQ(result.body, "<title>t</title>");
  EXPECT_EQ(result.wire_body(), result.body);
  EXPECT_EQ(result.headers.block(),
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: \"5\"\r\nX-Robots-Tag: noindex\r\nx-robots-tag: nofollow\r\n"
            "Content-Length: 16\r\n\r\n");
  EXPECT_EQ(result.headers.Find("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(result.headers.FindAll("x-robots-tag").size(), 2u);
  EXPECT_EQ(result.remote_address, "127.0.0.1");
  EXPECT_GT(result.times.first_byte.count(), 0);
  EXPECT_GE(result.times.total, result.times.first_byte);
}

TEST(FetcherTest, SendsWhatTheRequestBlockSays) {
  HttpServer server;
  const auto fetcher = LocalFetcher();
  const std::string base = server.Url("");
  for (const char* path : {"/", "", "?q=1", "/a/../b/./c//d?x=%20#part", "/%ED%95%9C?q='\"<>"}) {
    FetchRequest request{.url = base + path,
                         .user_agent = "SakuinTest/1.0 (+http://example.com/)",
                         .accept_language = "ko",
                         .etag = "W/\"a\"",
                         .last_modified = "Sun, 06 Nov 1994 08:49:37 GMT"};
    const std::string block = RequestBlock(request);
    EXPECT_EQ(fetcher->Fetch(request).status, 404) << path;
    EXPECT_EQ(server.requests().back().head, block) << path;
  }
  const ServedRequest last = server.requests().back();
  EXPECT_EQ(last.Header("user-agent"), "SakuinTest/1.0 (+http://example.com/)");
  EXPECT_EQ(last.Header("accept-encoding"), "gzip, deflate, br, zstd");
  EXPECT_EQ(last.Header("if-none-match"), "W/\"a\"");
  EXPECT_EQ(last.Header("if-modified-since"), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(fetcher->Fetch({.url = base}).status, 404);
  EXPECT_EQ(server.requests().back().Header("if-none-match"), "") << "nothing is left of the request before";
}

TEST(FetcherTest, RequestBlockLeavesOutThePortOfTheScheme) {
  EXPECT_TRUE(RequestBlock({.url = "http://a.example:80/"}).starts_with("GET / HTTP/1.1\r\nHost: a.example\r\n"));
  EXPECT_TRUE(RequestBlock({.url = "https://a.example:443?x"}).starts_with("GET /?x HTTP/1.1\r\nHost: a.example\r\n"));
  EXPECT_TRUE(RequestBlock({.url = "https://a.example:80/"}).starts_with("GET / HTTP/1.1\r\nHost: a.example:80\r\n"));
}

TEST(FetcherTest, LimitsKeepTheirProportions) {
  const FetchLimits usual;
  const FetchLimits same = LimitsWithin(usual.total);
  EXPECT_EQ(same.connect, usual.connect);
  EXPECT_EQ(same.first_byte, usual.first_byte);
  EXPECT_EQ(same.slow_bytes, usual.slow_bytes);
  const FetchLimits short_ones = LimitsWithin(usual.total / 10);
  EXPECT_EQ(short_ones.total, usual.total / 10);
  EXPECT_EQ(short_ones.connect, usual.connect / 10);
  EXPECT_EQ(short_ones.tls, usual.tls / 10);
  EXPECT_EQ(short_ones.first_byte, usual.first_byte / 10);
  EXPECT_EQ(short_ones.slow_window, usual.slow_window / 10);
  EXPECT_EQ(short_ones.slow_bytes, usual.slow_bytes / 10);
  EXPECT_EQ(short_ones.body_bytes, usual.body_bytes);
}

TEST(FetcherTest, AHeaderCannotBeSmuggledIn) {
  HttpServer server;
  const auto fetcher = LocalFetcher();
  EXPECT_EQ(fetcher->Fetch({.url = server.Url("/"), .user_agent = "a", .etag = "\"x\"\r\nCookie: a=b"}).status, 404);
  const std::string head = server.requests().back().head;
  EXPECT_EQ(head.find("Cookie"), std::string::npos);
  EXPECT_EQ(head.find("If-None-Match"), std::string::npos);
}

TEST(FetcherTest, DecodesEveryCodingAndKeepsWhatCame) {
  HttpServer server;
  const std::string page(5000, 'p');
  for (const char* coding : {"gzip", "deflate", "raw-deflate", "br", "zstd"}) {
    const std::string header = std::string(coding) == "raw-deflate" ? "deflate" : coding;
    server.Route(std::string("/") + coding, PageOf(Encoded(coding, page), "Content-Encoding: " + header + "\r\n"));
  }
  const auto fetcher = LocalFetcher();
  for (const char* coding : {"gzip", "deflate", "raw-deflate", "br", "zstd"}) {
    const FetchResult result = fetcher->Fetch({.url = server.Url(std::string("/") + coding)});
    EXPECT_EQ(result.error, FetchError::kNone) << coding << result.error_text;
    EXPECT_TRUE(result.body == page) << coding;
    EXPECT_TRUE(result.wire_body() == Encoded(coding, page)) << coding;
  }
}

TEST(FetcherTest, AnswersThatAreNoPages) {
  HttpServer server;
  server.Route("/304", StatusOnly("304 Not Modified", "ETag: \"5\"\r\nContent-Encoding: gzip\r\n"));
  server.Route("/429", StatusOnly("429 Too Many Requests", "Retry-After: 120\r\n"));
  server.Route("/204", Raw("HTTP/1.1 204 No Content\r\n\r\n", false));
  server.Route("/500", Raw(Answer("500 Oops", "", "oops"), false));
  server.Route("/302", RedirectTo("/elsewhere"));
  server.Route("/early", Raw("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + Answer("200 OK", "A: 1\r\n", "page"), false));
  const auto fetcher = LocalFetcher();
  for (const int status : {304, 429, 204, 500, 302}) {
    const FetchResult result = fetcher->Fetch({.url = server.Url("/" + std::to_string(status))});
    EXPECT_EQ(result.error, FetchError::kNone) << status << result.error_text;
    EXPECT_EQ(result.status, status);
  }
  EXPECT_EQ(fetcher->Fetch({.url = server.Url("/429")}).headers.Find("retry-after"), "120");
  EXPECT_EQ(fetcher->Fetch({.url = server.Url("/500")}).body, "oops");
  EXPECT_EQ(fetcher->Fetch({.url = server.Url("/302")}).headers.Find("location"), "/elsewhere");
  for (const ServedRequest& request : server.requests()) EXPECT_NE(request.target, "/elsewhere") << "a redirect is not followed";
  const FetchResult early = fetcher->Fetch({.url = server.Url("/early")});
  EXPECT_EQ(early.body, "page");
  EXPECT_EQ(early.headers.block(), "HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 4\r\n\r\n") << "interim answers are not kept";
}

TEST(FetcherTest, ChunksAreTakenApartAndTrailersDropped) {
  HttpServer server;
  server.Route("/", Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n", false));
  server.Route("/empty", Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: 1\r\n\r\n", false));
  server.Route("/close", Raw("HTTP/1.0 200 OK\r\n\r\nuntil the end"));
  const auto fetcher = LocalFetcher();
  const FetchResult result = fetcher->Fetch({.url = server.Url("/")});
  EXPECT_EQ(result.error, FetchError::kNone) << result.error_text;
  EXPECT_EQ(result.body, "abc0123456789");
  EXPECT_EQ(result.headers.Find("trailer"), "");
  EXPECT_EQ(result.headers.ForArchive(result.wire_body().size()), "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n");
  const FetchResult empty = fetcher->Fetch({.url = server.Url("/empty")});
  EXPECT_EQ(empty.error, FetchError::kNone) << empty.error_text;
  EXPECT_EQ(empty.headers.Find("trailer"), "");
  EXPECT_EQ(fetcher->Fetch({.url = server.Url("/close")}).body, "until the end");
  EXPECT_EQ(fetcher->Fetch({.url = server.Url("/close")}).http_version, "1.0");
}

TEST(FetcherTest, ManyAtOnceOverFewConnections) {
  HttpServer server;
  for (int i = 0; i < 300; ++i) server.Route("/" + std::to_string(i), PageOf("page " + std::to_string(i)));
  const auto fetcher = LocalFetcher();
  std::set<uint64_t> ended;
  uint64_t started = 0;
  while (ended.size() < 300) {
    while (fetcher->active() < 20 && started < 300) fetcher->Start({.url = server.Url("/" + std::to_string(started)), .tag = started}), ++started;
    std::vector<FetchResult> done;
    fetcher->Wait(milliseconds(1000), done);
    for (const FetchResult& result : done) {
      EXPECT_EQ(result.body, "page " + std::to_string(result.tag));
      EXPECT_TRUE(ended.insert(result.tag).second) << result.tag;
    }
  }
  EXPECT_EQ(fetcher->active(), 0u);
  EXPECT_LE(server.connections(), 20u);
}

TEST(FetcherTest, AConnectionIsUsedAgain) {
  HttpServer server;
  server.Route("/", PageOf("page"));
  const auto fetcher = LocalFetcher();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(fetcher->Fetch({.url = server.Url("/")}).body, "page");
  EXPECT_EQ(server.connections(), 1u);
}

TEST(FetcherTest, AConnectionThatWasClosedMeanwhileIsReplaced) {
  HttpServer server;
  server.Route("/", Raw(Answer("200 OK", "", "page")));
  const auto fetcher = LocalFetcher();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fetcher->Fetch({.url = server.Url("/")}).error, FetchError::kNone);
  EXPECT_EQ(server.connections(), 5u);
}

TEST(FetcherTest, NothingIsTakenFromTheEnvironment) {
  HttpServer server;
  server.Route("/", PageOf("page", "Set-Cookie: a=b\r\n"));
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}) setenv(name, "http://127.0.0.1:1/", 1);
  const auto fetcher = LocalFetcher();
  EXPECT_EQ(fetcher->Fetch({.url = server.Url("/")}).body, "page");
  EXPECT_EQ(fetcher->Fetch({.url = server.Url("/")}).body, "page");
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}) unsetenv(name);
  EXPECT_EQ(server.requests().back().Header("cookie"), "") << "no cookie is kept";
}

TEST(FetcherTest, WakeEndsAWait) {
  const auto fetcher = LocalFetcher();
  std::vector<FetchResult> done;
  fetcher->Wake();
  fetcher->Wait(std::chrono::hours(10), done);
  std::thread other([&] { fetcher->Wake(); });
  fetcher->Wait(std::chrono::hours(10), done);
  other.join();
  fetcher->Wait(milliseconds(1), done);
  EXPECT_TRUE(done.empty());
}

TEST(FetcherTest, CanBeDroppedInTheMiddle) {
  HttpServer server;
  server.Route("/", RawThenHang("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
  const auto fetcher = LocalFetcher();
  for (int i = 0; i < 5; ++i) fetcher->Start({.url = server.Url("/")});
  std::vector<FetchResult> done;
  fetcher->Wait(milliseconds(20), done);
  EXPECT_TRUE(done.empty());
  EXPECT_EQ(fetcher->active(), 5u);
}

}  // namespace
}  // namespace sakuin::crawler
