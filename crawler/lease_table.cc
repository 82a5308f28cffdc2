#include "crawler/lease_table.h"

#include <utility>

namespace sakuin::crawler {

void LeaseTable::Add(Lease lease) {
  const uint64_t number = lease.place.number;
  by_end_.emplace(lease.until, number);
  by_url_.emplace(KeyOf(lease.queue, lease.url), number);
  by_number_.emplace(number, std::move(lease));
}

bool LeaseTable::EndVisit(QueueId queue, std::string_view url) {
  const auto found = by_url_.find(KeyOf(queue, url));
  return found != by_url_.end() && !std::exchange(by_number_.at(found->second).is_over, true);
}

Lease LeaseTable::Take(Numbers::iterator at) {
  Lease lease = std::move(at->second);
  by_number_.erase(at);
  by_url_.erase(KeyOf(lease.queue, lease.url));
  by_end_.erase({lease.until, lease.place.number});
  return lease;
}

std::optional<Lease> LeaseTable::Remove(QueueId queue, std::string_view url) {
  const auto found = by_url_.find(KeyOf(queue, url));
  if (found == by_url_.end()) return std::nullopt;
  return Take(by_number_.find(found->second));
}

void LeaseTable::RemoveAll(QueueId queue) {
  for (auto at = by_number_.begin(); at != by_number_.end();) {
    const auto next = std::next(at);
    if (at->second.queue == queue) Take(at);
    at = next;
  }
}

std::optional<Lease> LeaseTable::TakeExpired(Time now) {
  if (by_end_.empty() || by_end_.begin()->first > now) return std::nullopt;
  return Take(by_number_.find(by_end_.begin()->second));
}

std::optional<Time> LeaseTable::NextExpiry() const { return by_end_.empty() ? std::nullopt : std::optional(by_end_.begin()->first); }

}  // namespace sakuin::crawler
