// robots_gate.h: may this URL be asked for? What the robots.txt of its origin says,
// and how that file is come by.
//
//   switch (gate.Ask(url, now)) {
//     case RobotsGate::Answer::kUnknown: Fetch(gate.Begin(url)); ...
//   }
//   std::string next = gate.Take(origin, result, now);     // a redirect: fetch this; empty: Ask knows now
//
// RFC 9309: up to five redirects are followed, wherever they lead; 4xx lets
// everything through, 5xx and no answer nothing, for ten minutes; likewise an address
// that is not public. Of a file that is too large the beginning counts. What was
// learned counts for 24 hours. Not thread-safe. Knows no queue and no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "crawler/crawl_time.h"
#include "crawler/fetch_error.h"
#include "crawler/fetch_result.h"
#include "crawler/redirect_chain.h"
#include "crawler/robots_cache.h"
#include "crawler/url.h"

namespace sakuin::crawler {

class RobotsGate {
 public:
  enum class Answer : uint8_t {
    kAllowed,
    kBlocked,
    kPrivate,      // its address is not public
    kUnreachable,  // nobody answered for its robots.txt: WhyUnreachable
    kUnknown,      // its robots.txt is to be fetched first
  };

  // `agent` is the product token.
  explicit RobotsGate(std::string agent);

  Answer Ask(const Url& url, Time now);
  // Where the robots.txt of its origin is.
  std::string Begin(const Url& url);
  std::string Take(const std::string& origin, const FetchResult& result, Time now);
  // REQUIRES: Ask has said kUnreachable.
  FetchError WhyUnreachable(const Url& url) const { return failures_.at(url.Origin()); }

  // Of an origin that is known: what its robots.txt says besides.
  std::optional<Duration> DelayOf(const std::string& origin, Time now);
  std::vector<std::string> SitemapsOf(const std::string& origin, Time now);

 private:
  void RememberPrivate(const std::string& origin, int64_t now);

  const std::string agent_;
  RobotsCache cache_;
  std::unordered_map<std::string, RedirectChain> chains_;  // of what is being fetched, by origin
  std::unordered_map<std::string, int64_t> private_;       // origins, and until when, in seconds
  std::unordered_map<std::string, FetchError> failures_;   // of the last question, by origin
};

}  // namespace sakuin::crawler
