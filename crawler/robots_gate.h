// robots_gate.h: may this URL be asked for? What the robots.txt of its origin says,
// and how that file is come by.
//
//   switch (gate.Ask(url, now)) {
//     case RobotsGate::Answer::kUnknown: Fetch(gate.Begin(url)); ...
//   }
//   std::string next = gate.Take(origin, result, now);     // a redirect: fetch this; empty: Ask knows now
//
// RFC 9309: up to five redirects are followed, wherever they lead; 4xx lets
// everything through, 5xx and no answer nothing: then it is to be asked again,
// after 10 seconds and after twice as long each time, up to an hour, or when the
// host says so. Rules that were known stay in force meanwhile. What was learned
// counts for 24 hours; that an address is not public for ten minutes. Of a longer
// file the first 500 KiB count. Not thread-safe. Knows no queue and no clock.
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
  static constexpr size_t kMostTroubles = 100'000;  // origins; with more of them, those that may be asked again begin anew

  enum class Answer : uint8_t {
    kAllowed,
    kBlocked,
    kLater,    // its robots.txt could not be read: TroubleOf its origin
    kPrivate,  // its address is not public
    kUnknown,  // its robots.txt is to be fetched first
  };

  // Why and until when nothing of an origin may be asked for.
  struct Trouble {
    uint32_t failures = 0;  // in a row
    Time until{};
    bool is_asked_for = false;  // by the host, in Retry-After
    std::string why;        // "robots.txt: HTTP 503"
  };

  struct Waits {
    Duration first = std::chrono::seconds(10);
    Duration longest = std::chrono::hours(1);
  };

  // `agent` is the product token.
  explicit RobotsGate(std::string agent, Waits waits);

  Answer Ask(const Url& url, Time now);
  // Where the robots.txt of its origin is.
  std::string Begin(const Url& url);
  std::string Take(const std::string& origin, const FetchResult& result, Time now);

  // Null for an origin whose rules are known, or that was not asked.
  const Trouble* TroubleOf(const std::string& origin) const;
  // Whether what the robots.txt of the origin says is known.
  bool Knows(const std::string& origin, Time now);

  // Of an origin that is known: what its robots.txt says besides.
  std::optional<Duration> DelayOf(const std::string& origin, Time now);
  std::vector<std::string> SitemapsOf(const std::string& origin, Time now);

 private:
  void RememberPrivate(const std::string& origin, int64_t now);
  void TakeFailure(const std::string& origin, const FetchResult& result, Time now);

  const std::string agent_;
  const Waits waits_;
  RobotsCache cache_;
  std::unordered_map<std::string, RedirectChain> chains_;  // of what is being fetched, by origin
  std::unordered_map<std::string, int64_t> private_;       // origins, and until when, in seconds
  std::unordered_map<std::string, Trouble> troubles_;      // by origin
};

}  // namespace sakuin::crawler
