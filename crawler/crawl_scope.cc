#include "crawler/crawl_scope.h"

#include <re2/re2.h>

#include <algorithm>

#include "text/utf8_repair.h"

namespace sakuin::crawler {

CrawlScope::CrawlScope() = default;
CrawlScope::CrawlScope(CrawlScope&&) noexcept = default;
CrawlScope& CrawlScope::operator=(CrawlScope&&) noexcept = default;
CrawlScope::~CrawlScope() = default;

Result<CrawlScope> CrawlScope::Make(const CrawlScopeOptions& options) {
  CrawlScope scope;
  scope.max_url_bytes_ = options.max_url_bytes;
  RETURN_IF_ERROR(Compile(options.allow, "--allow", scope.allow_));
  RETURN_IF_ERROR(Compile(options.deny, "--deny", scope.deny_));
  for (const Url& seed : options.seeds) scope.AddHost(seed);
  return scope;
}

Status CrawlScope::Compile(const std::vector<std::string>& sources, std::string_view option, Patterns& patterns) {
  for (const std::string& source : sources) {
    auto pattern = std::make_unique<re2::RE2>(source, re2::RE2::Quiet);
    if (!pattern->ok()) {
      return InvalidArgumentError(std::string(option) + " \"" + text::Excerpt(source) + "\" is no regular expression of RE2: " + pattern->error() +
                                  "; it is searched in the whole URL, as in '^https://example\\.com/docs/'");
    }
    patterns.push_back(std::move(pattern));
  }
  return OkStatus();
}

bool CrawlScope::IsFoundIn(const Patterns& patterns, const std::string& href) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) { return re2::RE2::PartialMatch(href, *pattern); });
}

UrlRefusal CrawlScope::Check(const Url& url) const {
  if (!url.is_http()) return UrlRefusal::kScheme;
  if (url.href().size() > max_url_bytes_) return UrlRefusal::kTooLong;
  if (url.has_credentials()) return UrlRefusal::kCredentials;
  if (IsFoundIn(deny_, url.href())) return UrlRefusal::kDenied;
  if (hosts_.contains(url.host()) || IsFoundIn(allow_, url.href())) return UrlRefusal::kNone;
  return UrlRefusal::kHost;
}

void CrawlScope::AddHost(const Url& url) { hosts_.emplace(url.host()); }

}  // namespace sakuin::crawler
