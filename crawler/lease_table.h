// lease_table.h: which URLs are handed out, and until when.
//
//   leases.Add({queue, place, url, now + lease});
//   while (std::optional<Lease> lease = leases.TakeExpired(now)) ...
//   leases.EndVisit(queue, url);                              // still nobody else's
//   if (leases.Remove(queue, url)) ...                        // it was handed out, and came back
//
// In memory only: after a restart nothing is handed out. As large as what is in flight. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "crawler/frontier_records.h"
#include "crawler/host_queues.h"

namespace sakuin::crawler {

struct Lease {
  QueueId queue = 0;
  WaitingPlace place;
  std::string url;
  UrlRecord record;  // which nobody else changes meanwhile
  Time until{};
  bool is_over = false;  // the visit, but not what came of it
  Turn turn{};           // that it took of its queue
};

class LeaseTable {
 public:
  // REQUIRES: nothing is leased at its place.
  void Add(Lease lease);
  bool Has(QueueId queue, std::string_view url) const { return by_url_.contains(KeyOf(queue, url)); }
  bool HasPlace(WaitingPlace place) const { return by_number_.contains(place.number); }
  // Whether it was leased, and its visit not over.
  bool EndVisit(QueueId queue, std::string_view url);
  // REQUIRES: Has.
  const Turn& TurnOf(QueueId queue, std::string_view url) const { return by_number_.at(by_url_.at(KeyOf(queue, url))).turn; }
  // What was leased.
  std::optional<Lease> Remove(QueueId queue, std::string_view url);
  void RemoveAll(QueueId queue);
  // One that ended at `now` or before.
  std::optional<Lease> TakeExpired(Time now);
  std::optional<Time> NextExpiry() const;
  size_t size() const { return by_number_.size(); }

 private:
  // The number of a place is nobody else's.
  using Numbers = std::unordered_map<uint64_t, Lease>;

  static std::string KeyOf(QueueId queue, std::string_view url) { return std::to_string(queue) + ' ' + std::string(url); }
  Lease Take(Numbers::iterator at);

  Numbers by_number_;
  std::unordered_map<std::string, uint64_t> by_url_;
  std::set<std::pair<Time, uint64_t>> by_end_;
};

}  // namespace sakuin::crawler
