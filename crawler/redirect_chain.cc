#include "crawler/redirect_chain.h"

#include <algorithm>

namespace sakuin::crawler {

bool IsRedirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

FetchError RedirectChain::Follow(std::string_view url) {
  if (std::find(urls_.begin(), urls_.end(), url) != urls_.end()) return FetchError::kRedirectLoop;
  if (urls_.size() > limit_) return FetchError::kTooManyRedirects;
  urls_.emplace_back(url);
  return FetchError::kNone;
}

}  // namespace sakuin::crawler
