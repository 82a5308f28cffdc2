// Addresses that are not public are not connected to, whatever leads to them. Names are answered by
// FetcherOptions::known_hosts, so that no packet goes anywhere but to loopback, where a server would see it.
#include <gtest/gtest.h>

#include "crawler/fetcher.h"
#include "tests/crawler/fetcher_testing.h"
#include "tests/crawler/http_server.h"

namespace sakuin::crawler {
namespace {

std::string Port(const HttpServer& server) { return std::to_string(server.port()); }

TEST(FetcherAddressTest, LoopbackIsRefusedUnlessItIsPermitted) {
  HttpServer server;
  server.Route("/", PageOf("secret"));
  const auto careful = MustCreate({});
  for (const char* host : {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "127.0.0.1."}) {
    const FetchResult result = careful->Fetch({.url = "http://" + std::string(host) + ":" + Port(server) + "/"});
    EXPECT_EQ(result.error, FetchError::kRefusedAddress) << host << " " << result.error_text;
    EXPECT_NE(result.error_text.find("--allow-private permits it"), std::string::npos) << result.error_text;
    EXPECT_EQ(result.body, "") << host;
  }
  EXPECT_EQ(careful->Fetch({.url = server.Url("/")}).error_text, "refused: 127.0.0.1 is a loopback address (--allow-private permits it)");
  EXPECT_EQ(server.connections(), 0u);
  EXPECT_EQ(LocalFetcher()->Fetch({.url = server.Url("/")}).body, "secret");
}

TEST(FetcherAddressTest, ANameIsRefusedByWhatItResolvesTo) {
  HttpServer server;
  server.Route("/", PageOf("secret"));
  const std::string port = Port(server);
  FetcherOptions options;
  const std::pair<const char*, const char*> names[] = {
      {"rebound.example", "127.0.0.1"},
      {"metadata.example", "169.254.169.254"},
      {"private.example", "10.0.0.7"},
      {"mapped.example", "::ffff:127.0.0.1"},
      {"v6.example", "::1"},
      {"metadata6.example", "fd00:ec2::254"},
      {"nat64.example", "64:ff9b::7f00:1"},
      {"both.example", "::1,127.0.0.1"},
  };
  for (const auto& [name, addresses] : names) options.known_hosts.push_back(std::string(name) + ":" + port + ":" + addresses);
  const auto careful = MustCreate(options);
  for (const auto& [name, addresses] : names) {
    const FetchResult result = careful->Fetch({.url = "http://" + std::string(name) + ":" + port + "/"});
    EXPECT_EQ(result.error, FetchError::kRefusedAddress) << name << " " << result.error_text;
    EXPECT_TRUE(result.error_text.starts_with("refused: ")) << result.error_text;
  }
  EXPECT_EQ(server.connections(), 0u);
  options.allow_private = true;
  const FetchResult permitted = MustCreate(options)->Fetch({.url = "http://rebound.example:" + port + "/"});
  EXPECT_EQ(permitted.body, "secret");
  EXPECT_EQ(permitted.remote_address, "127.0.0.1");
  EXPECT_EQ(server.requests().back().Header("host"), "rebound.example:" + port);
}

TEST(FetcherAddressTest, EveryHopIsLookedAtAgain) {
  HttpServer server;
  server.Route("/", RedirectTo(server.Url("/secret")));
  const auto careful = MustCreate({});
  EXPECT_EQ(careful->Fetch({.url = server.Url("/")}).error, FetchError::kRefusedAddress);
  const FetchResult hop = LocalFetcher()->Fetch({.url = server.Url("/")});
  EXPECT_EQ(hop.status, 302);
  EXPECT_EQ(careful->Fetch({.url = std::string(hop.headers.Find("location"))}).error, FetchError::kRefusedAddress);
  EXPECT_EQ(server.requests().size(), 1u);
}

}  // namespace
}  // namespace sakuin::crawler
