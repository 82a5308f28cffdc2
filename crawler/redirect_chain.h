// redirect_chain.h: how far redirects may lead, and whether they lead in a circle.
//
//   RedirectChain chain("https://example.com/", kPageRedirects);
//   while (IsRedirect(result.status)) {
//     const FetchError error = chain.Follow(next_url);    // kNone, kRedirectLoop, kTooManyRedirects
//     ...
//   }
//
// A fetcher does not follow redirects: robots.txt, the scope of the crawl and the address must be looked at again for
// every URL on the way. URLs are compared as they are written: give them normalised.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/fetch_error.h"

namespace sakuin::crawler {

inline constexpr size_t kRobotsRedirects = 5;  // RFC 9309, 2.3.1.2
inline constexpr size_t kPageRedirects = 10;

// 301, 302, 303, 307, 308: the statuses whose Location is where to go.
bool IsRedirect(int status);

class RedirectChain {
 public:
  RedirectChain(std::string_view first_url, size_t limit) : limit_(limit), urls_{std::string(first_url)} {}

  // Goes on to `url`, unless it has been there or has gone far enough; then the chain stays as it was.
  FetchError Follow(std::string_view url);

  // From the first URL to the last that was followed; never empty.
  const std::vector<std::string>& urls() const { return urls_; }

 private:
  size_t limit_;
  std::vector<std::string> urls_;
};

}  // namespace sakuin::crawler
