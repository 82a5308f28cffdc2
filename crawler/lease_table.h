// lease_table.h: which URLs are handed out, and until when.
//
//   leases.Add({queue, place, url, now + lease});
//   while (std::optional<Lease> lease = leases.TakeExpired(now)) ...
//   if (leases.Remove(queue, url)) ...                        // it was handed out, and came back
//
// In memory only: after a restart nothing is handed out. As large as what is in flight. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "crawler/frontier_records.h"

namespace sakuin::crawler {

struct Lease {
  QueueId queue = 0;
  WaitingPlace place;
  std::string url;
  Time until{};
};

class LeaseTable {
 public:
  // REQUIRES: nothing is leased at its place.
  void Add(Lease lease);
  bool Has(QueueId queue, std::string_view url) const;
  bool HasPlace(QueueId queue, WaitingPlace place) const;
  // Whether it was leased.
  bool Remove(QueueId queue, std::string_view url);
  void RemoveAll(QueueId queue);
  // One that ended at `now` or before.
  std::optional<Lease> TakeExpired(Time now);
  std::optional<Time> NextExpiry() const;
  size_t size() const { return by_end_.size(); }

 private:
  using End = std::tuple<Time, QueueId, uint64_t>;  // the number of a place is nobody else's

  static End EndOf(const Lease& lease) { return {lease.until, lease.queue, lease.place.number}; }
  const Lease* Find(QueueId queue, std::string_view url) const;
  Lease Take(QueueId queue, size_t index);

  std::unordered_map<QueueId, std::vector<Lease>> by_queue_;
  std::set<End> by_end_;
};

}  // namespace sakuin::crawler
