#include "crawler/robots_hops.h"

#include <utility>

namespace sakuin::crawler {

void RobotsHops::Add(const std::string& url, const std::string& host, const std::string& origin, Time now) {
  RobotsHop& hop = hops_[url];
  if (hop.origins.empty()) {
    hop.url = url;
    hop.host = host;
    waiting_.emplace(now, url);
  }
  hop.origins.push_back(origin);
  ++origins_;
}

const RobotsHop* RobotsHops::First(Time now) const {
  return waiting_.empty() || waiting_.begin()->first > now ? nullptr : &hops_.at(waiting_.begin()->second);
}

void RobotsHops::Wait(Time until) {
  std::string url = std::move(waiting_.begin()->second);
  waiting_.erase(waiting_.begin());
  waiting_.emplace(until, std::move(url));
}

RobotsHop RobotsHops::Take(const std::string& url) {
  const auto found = hops_.find(url);
  RobotsHop hop = std::move(found->second);
  hops_.erase(found);
  origins_ -= hop.origins.size();
  return hop;
}

}  // namespace sakuin::crawler
