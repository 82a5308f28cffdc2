#include "crawler/crawl_scope.h"

#include <gtest/gtest.h>

#include <string>

namespace sakuin::crawler {
namespace {

UrlRefusal Check(const CrawlScope& scope, const std::string& href) { return scope.Check(*Url::Parse(href)); }

CrawlScope Scope(CrawlScopeOptions options) {
  if (options.seeds.empty()) options.seeds = {*Url::Parse("https://example.com/docs/"), *Url::Parse("http://127.0.0.1:8080/")};
  Result<CrawlScope> scope = CrawlScope::Make(options);
  EXPECT_TRUE(scope.ok()) << scope.status().ToString();
  return *std::move(scope);
}

TEST(CrawlScopeTest, HostsOfTheSeeds) {
  const CrawlScope scope = Scope({});
  EXPECT_EQ(Check(scope, "https://example.com/other"), UrlRefusal::kNone);
  EXPECT_EQ(Check(scope, "http://EXAMPLE.com/"), UrlRefusal::kNone);
  EXPECT_EQ(Check(scope, "http://127.0.0.1:8080/a"), UrlRefusal::kNone);
  EXPECT_EQ(Check(scope, "http://127.0.0.1:8081/a"), UrlRefusal::kHost);
  EXPECT_EQ(Check(scope, "http://127.0.0.2:8080/a"), UrlRefusal::kHost);
  EXPECT_EQ(Check(scope, "https://www.example.com/"), UrlRefusal::kHost);
  EXPECT_EQ(Check(scope, "https://example.com.evil.org/"), UrlRefusal::kHost);
}

TEST(CrawlScopeTest, OnlyTheWeb) {
  const CrawlScope scope = Scope({});
  for (const char* href :
       {"mailto:a@example.com", "javascript:void(0)", "file:///etc/passwd", "ftp://example.com/", "ws://example.com/", "data:text/html,a"}) {
    EXPECT_EQ(Check(scope, href), UrlRefusal::kScheme) << href;
  }
}

TEST(CrawlScopeTest, AllowAddsAndDenyWins) {
  CrawlScopeOptions options;
  options.allow = {"^https://[a-z]+\\.example\\.org/", "wiki"};
  options.deny = {"\\.zip$", "/private/"};
  const CrawlScope scope = Scope(options);
  EXPECT_EQ(Check(scope, "https://docs.example.org/"), UrlRefusal::kNone);
  EXPECT_EQ(Check(scope, "http://docs.example.org/"), UrlRefusal::kHost);
  EXPECT_EQ(Check(scope, "http://wiki.net/"), UrlRefusal::kNone);
  EXPECT_EQ(Check(scope, "https://example.com/a"), UrlRefusal::kNone);
  EXPECT_EQ(Check(scope, "https://example.com/a.zip"), UrlRefusal::kDenied);
  EXPECT_EQ(Check(scope, "https://docs.example.org/private/wiki"), UrlRefusal::kDenied);
}

TEST(CrawlScopeTest, CredentialsAndLength) {
  CrawlScopeOptions options;
  options.max_url_bytes = 100;
  const CrawlScope scope = Scope(options);
  EXPECT_EQ(Check(scope, "https://me@example.com/"), UrlRefusal::kCredentials);
  EXPECT_EQ(Check(scope, "https://:secret@example.com/"), UrlRefusal::kCredentials);
  const std::string start = "https://example.com/";
  EXPECT_EQ(Check(scope, start + std::string(100 - start.size(), 'a')), UrlRefusal::kNone);
  EXPECT_EQ(Check(scope, start + std::string(101 - start.size(), 'a')), UrlRefusal::kTooLong);
}

TEST(CrawlScopeTest, HostsAreAddedLater) {
  CrawlScope scope = Scope({});
  scope.AddHost(*Url::Parse("https://www.example.com/x"));
  EXPECT_EQ(Check(scope, "http://www.example.com/y"), UrlRefusal::kNone);
}

TEST(CrawlScopeTest, APatternThatIsNoneIsExplained) {
  CrawlScopeOptions options;
  options.allow = {"fine"};
  options.deny = {"a(b"};
  const Result<CrawlScope> scope = CrawlScope::Make(options);
  ASSERT_EQ(scope.status().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(scope.status().message().find("--deny \"a(b\""), std::string::npos) << scope.status().message();
  EXPECT_NE(scope.status().message().find("missing"), std::string::npos) << scope.status().message();
}

}  // namespace
}  // namespace sakuin::crawler
