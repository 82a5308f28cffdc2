// robots_cache.h: what fetching robots.txt came to, for each origin, for a day.
//
//   RobotsCache cache({});
//   RobotsAnswer answer = cache.Find("https://example.com:443", now);
//   if (answer.state == RobotsState::kUnknown) {
//     fetch /robots.txt, following at most five redirects
//     cache.Put("https://example.com:443", RobotsFetch::kFound, text, now);     // 2xx
//     cache.Put("https://example.com:443", RobotsFetch::kMissing, "", now);     // 4xx: everything is allowed
//     cache.Put("https://example.com:443", RobotsFetch::kUnreachable, "", now); // 5xx, no answer: nothing is allowed
//     answer = cache.Find("https://example.com:443", now);
//   }
//   if (answer.Allows("sakuin", "/a?b")) ...
//
// An origin is scheme, host and port, spelled by the caller in one way. Times
// are seconds of the caller's clock. While an origin is unreachable, rules that
// were known stay in force and are asked for again each retry_seconds; without
// them it stays disallowed however long that lasts (the RFC permits to allow it
// after 30 days; this does not).
//
// When there are more origins or bytes than the limits say, those that were not
// asked for the longest are forgotten, and are kUnknown again. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "crawler/robots.h"

namespace sakuin::crawler {

enum class RobotsState { kUnknown, kRules, kAllowAll, kDisallowAll };
enum class RobotsFetch { kFound, kMissing, kUnreachable };

struct RobotsAnswer {
  RobotsState state = RobotsState::kUnknown;
  const RobotsRules* rules = nullptr;  // of kRules; valid until the next call of Put

  // REQUIRES: state is not kUnknown.
  bool Allows(std::string_view agent_token, std::string_view path_and_query) const;
};

struct RobotsCacheOptions {
  size_t max_origins = 100'000;
  size_t max_bytes = 64 << 20;  // one origin is always kept
  int64_t lifetime_seconds = 24 * 3600;
  int64_t retry_seconds = 600;  // of what is unreachable
};

class RobotsCache {
 public:
  explicit RobotsCache(RobotsCacheOptions options) : options_(options) {}

  // kUnknown: fetch, and Put what it came to.
  RobotsAnswer Find(std::string_view origin, int64_t now);

  // `text` counts for kFound only; no more than kMaxRobotsBytes of it are read.
  void Put(std::string_view origin, RobotsFetch fetched, std::string_view text, int64_t now);

  size_t origins() const { return entries_.size(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string origin;
    RobotsState state = RobotsState::kUnknown;
    int64_t expires = 0;
    RobotsRules rules;
    size_t Bytes() const;
  };
  using Entries = std::list<Entry>;

  Entry* Touch(std::string_view origin);
  void Insert(Entry entry);
  void Forget(Entries::iterator entry);

  const RobotsCacheOptions options_;
  Entries entries_;  // asked for last, first
  std::unordered_map<std::string_view, Entries::iterator> by_origin_;
  size_t bytes_ = 0;
};

}  // namespace sakuin::crawler
