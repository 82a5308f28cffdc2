// crawl_scope.h: which URLs belong to the crawl?
//
//   CrawlScopeOptions options;
//   options.seeds = {*Url::Parse("https://example.com/")};
//   options.allow = {"^https://docs\\.example\\.org/"};
//   options.deny = {"\\.zip$"};
//   ASSIGN_OR_RETURN(CrawlScope scope, CrawlScope::Make(options));
//   scope.Check(url);   // UrlRefusal::kNone: it belongs
//
// In this order: http and https only; no longer than it may be; without user name and password; no pattern of
// `deny` found in it; the host is one of the seeds', or a pattern of `allow` is found in it. Patterns are RE2's and
// searched in the whole URL. A host is a name and a port: https://e.com and http://e.com are one, http://e.com:8080
// is another. Check is const and thread-safe; AddHost is not.
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "crawler/url.h"
#include "crawler/url_refusal.h"

namespace re2 {
class RE2;
}

namespace sakuin::crawler {

inline constexpr size_t kMaxCrawledUrlBytes = 2048;  // longer ones are generated, and servers refuse them

struct CrawlScopeOptions {
  std::vector<Url> seeds;
  std::vector<std::string> allow;  // adds to the hosts of the seeds
  std::vector<std::string> deny;   // wins over everything
  size_t max_url_bytes = kMaxCrawledUrlBytes;
};

class CrawlScope {
 public:
  // INVALID_ARGUMENT: a pattern is no regular expression; the message says which, and why.
  static Result<CrawlScope> Make(const CrawlScopeOptions& options);

  CrawlScope(CrawlScope&&) noexcept;
  CrawlScope& operator=(CrawlScope&&) noexcept;
  ~CrawlScope();

  // REQUIRES: normalized (url_normalizer.h) where links shall not be refused for a fragment that makes them long.
  UrlRefusal Check(const Url& url) const;

  // As if it were a seed's: for seeds that redirect to another host ("www.").
  void AddHost(const Url& url);

 private:
  using Patterns = std::vector<std::unique_ptr<re2::RE2>>;

  CrawlScope();
  static Status Compile(const std::vector<std::string>& sources, std::string_view option, Patterns& patterns);
  static bool IsFoundIn(const Patterns& patterns, const std::string& href);

  std::set<std::string, std::less<>> hosts_;  // with their ports
  Patterns allow_;
  Patterns deny_;
  size_t max_url_bytes_ = 0;
};

}  // namespace sakuin::crawler
