// How much of all bodies a Fetcher has in memory at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>

#include "crawler/body_room.h"
#include "crawler/fetcher.h"
#include "tests/base/encoded_body.h"
#include "tests/crawler/fetcher_testing.h"
#include "tests/crawler/http_server.h"

namespace sakuin::crawler {
namespace {

using std::chrono::milliseconds;

constexpr size_t kPage = 400'000;

std::unique_ptr<Fetcher> SmallFetcher(size_t body_bytes) { return MustCreate({.allow_private = true, .body_bytes = body_bytes}); }

TEST(BodyRoomTest, OneGoesOnWithoutRoom) {
  BodyRoom room(100);
  const int a = 0;
  const int b = 0;
  EXPECT_TRUE(room.Take(&a, 60));
  EXPECT_TRUE(room.Take(&b, 60)) << "somebody must";
  EXPECT_FALSE(room.Take(&a, 1));
  EXPECT_FALSE(room.MayGoOn());
  EXPECT_TRUE(room.Take(&b, 1000));
  room.Leave(&b);
  EXPECT_TRUE(room.MayGoOn()) << "it is the next one's turn";
  EXPECT_FALSE(room.HasRoom());
  room.Give(1060);
  EXPECT_TRUE(room.HasRoom());
  EXPECT_EQ(room.taken(), 60U);
}

TEST(FetcherRoomTest, ManyLargeBodiesComeOneAfterAnother) {
  HttpServer server;
  server.Route("/", PageOf(std::string(kPage, 'x')));
  const auto fetcher = SmallFetcher(kPage);
  constexpr size_t kPages = 20;
  for (size_t i = 0; i < kPages; ++i) fetcher->Start({.url = server.Url("/"), .tag = i});
  size_t most = 0;
  size_t came = 0;
  while (came < kPages) {
    std::vector<FetchResult> done;
    fetcher->Wait(milliseconds(1000), done);
    most = std::max(most, fetcher->body_bytes());
    for (const FetchResult& result : done) {
      ASSERT_EQ(result.error, FetchError::kNone) << result.error_text;
      ASSERT_EQ(result.body.size(), kPage);
    }
    came += done.size();
  }
  EXPECT_LE(most, 2 * kPage);
  EXPECT_EQ(fetcher->active(), 0U);
}

TEST(FetcherRoomTest, WhatIsDecompressedCounts) {
  HttpServer server;
  server.Route("/", PageOf(Encoded("gzip", std::string(kPage, 'x')), "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"));
  const auto fetcher = SmallFetcher(kPage);
  for (uint64_t i = 0; i < 20; ++i) fetcher->Start({.url = server.Url("/"), .tag = i});
  size_t came = 0;
  while (came < 20) {
    std::vector<FetchResult> done;
    fetcher->Wait(milliseconds(1000), done);
    EXPECT_LE(fetcher->body_bytes(), 3 * kPage);
    for (const FetchResult& result : done) ASSERT_EQ(result.body.size(), kPage);
    came += done.size();
  }
}

// The one that pauses has far less time than the one that goes on.
TEST(FetcherRoomTest, APauseTakesNoTime) {
  HttpServer server;
  server.Route("/slow", [](const ServedRequest&, ServedConnection& connection) {
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kPage) + "\r\n\r\n" + std::string(kPage / 2, 'x'));
    connection.Pause(4000);
    connection.Send(std::string(kPage / 2, 'x'));
  });
  server.Route("/", PageOf(std::string(kPage, 'y')));
  const auto fetcher = SmallFetcher(kPage / 4);
  std::vector<FetchResult> done;
  fetcher->Start({.url = server.Url("/slow"), .tag = 1});
  while (fetcher->body_bytes() < kPage / 2) fetcher->Wait(milliseconds(10), done);
  EXPECT_FALSE(fetcher->HasRoom());
  fetcher->Start({.url = server.Url("/"), .tag = 2, .limits = LimitsWithin(milliseconds(2500))});
  while (done.size() < 2) fetcher->Wait(milliseconds(1000), done);
  for (const FetchResult& result : done) {
    EXPECT_EQ(result.error, FetchError::kNone) << result.error_text;
    EXPECT_EQ(result.body.size(), kPage);
  }
  EXPECT_EQ(done[0].tag, 1U);
}

TEST(FetcherRoomTest, WhatIsTooLargeEndsAfterAPauseToo) {
  HttpServer server;
  server.Route("/slow", [](const ServedRequest&, ServedConnection& connection) {
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n" + std::string(2000, 'x'));
    connection.Pause(500);
    connection.Send(std::string(1000, 'x'));
  });
  server.Route("/", RawThenHang("HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'y')));
  const auto fetcher = SmallFetcher(1000);
  std::vector<FetchResult> done;
  fetcher->Start({.url = server.Url("/slow"), .tag = 1});
  while (fetcher->body_bytes() < 2000) fetcher->Wait(milliseconds(10), done);
  FetchLimits limits;
  limits.body_bytes = 4000;
  fetcher->Start({.url = server.Url("/"), .tag = 2, .limits = limits});
  while (done.size() < 2) fetcher->Wait(milliseconds(1000), done);
  EXPECT_EQ(done[0].error, FetchError::kNone);
  EXPECT_EQ(done[1].error, FetchError::kBodyTooLarge);
}

}  // namespace
}  // namespace sakuin::crawler
