// robots_hops.h: the addresses that robots.txt files are redirected to, each until it has been asked for.
//
//   hops.Add("https://c.example/robots.txt", "c.example", "https://a.example:443", now);
//   hops.Add("https://c.example/robots.txt", "c.example", "https://b.example:443", now);   // the same answer is for both
//   while (const RobotsHop* hop = hops.First(now)) {
//     hops.Wait(later);                     // it is not the turn of its host, or
//     hops.Begin();                         // it is asked for
//   }
//   RobotsHop hop = hops.Take("https://c.example/robots.txt");
//
// Many sites refer to one that all of them share: it is asked once for all that wait. Not thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "crawler/crawl_time.h"

namespace sakuin::crawler {

struct RobotsHop {
  std::string url;
  std::string host;                  // whose turn it takes
  std::vector<std::string> origins;  // that wait for the answer
};

class RobotsHops {
 public:
  // Waits until `now`, unless it waits or is asked for already.
  void Add(const std::string& url, const std::string& host, const std::string& origin, Time now);
  // Of those that wait, the one whose time is the soonest, when it has come.
  const RobotsHop* First(Time now) const;
  // The first one waits until then, or is asked for. REQUIRES: one waits.
  void Wait(Time until);
  void Begin() { waiting_.erase(waiting_.begin()); }
  // Forgets it. REQUIRES: it was added.
  RobotsHop Take(const std::string& url);

  size_t waiting() const { return waiting_.size(); }
  size_t origins() const { return origins_; }  // that wait for an answer
  std::optional<Time> NextTime() const { return waiting_.empty() ? std::nullopt : std::optional(waiting_.begin()->first); }

 private:
  std::unordered_map<std::string, RobotsHop> hops_;  // by URL
  std::multimap<Time, std::string> waiting_;         // URLs
  size_t origins_ = 0;
};

}  // namespace sakuin::crawler
