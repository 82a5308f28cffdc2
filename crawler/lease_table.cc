#include "crawler/lease_table.h"

#include <algorithm>

namespace sakuin::crawler {

void LeaseTable::Add(Lease lease) {
  by_end_.insert(EndOf(lease));
  by_queue_[lease.queue].push_back(std::move(lease));
}

const Lease* LeaseTable::Find(QueueId queue, std::string_view url) const {
  const auto found = by_queue_.find(queue);
  if (found == by_queue_.end()) return nullptr;
  const auto lease = std::find_if(found->second.begin(), found->second.end(), [url](const Lease& each) { return each.url == url; });
  return lease == found->second.end() ? nullptr : &*lease;
}

bool LeaseTable::Has(QueueId queue, std::string_view url) const { return Find(queue, url) != nullptr; }

bool LeaseTable::HasPlace(QueueId queue, WaitingPlace place) const {
  const auto found = by_queue_.find(queue);
  return found != by_queue_.end() &&
         std::any_of(found->second.begin(), found->second.end(), [place](const Lease& each) { return each.place == place; });
}

Lease LeaseTable::Take(QueueId queue, size_t index) {
  const auto found = by_queue_.find(queue);
  std::vector<Lease>& leases = found->second;
  Lease lease = std::move(leases[index]);
  leases.erase(leases.begin() + static_cast<std::ptrdiff_t>(index));
  if (leases.empty()) by_queue_.erase(found);
  by_end_.erase(EndOf(lease));
  return lease;
}

bool LeaseTable::Remove(QueueId queue, std::string_view url) {
  const Lease* lease = Find(queue, url);
  if (lease == nullptr) return false;
  Take(queue, static_cast<size_t>(lease - by_queue_[queue].data()));
  return true;
}

void LeaseTable::RemoveAll(QueueId queue) {
  while (by_queue_.contains(queue)) Take(queue, 0);
}

std::optional<Lease> LeaseTable::TakeExpired(Time now) {
  if (by_end_.empty() || std::get<Time>(*by_end_.begin()) > now) return std::nullopt;
  const auto [until, queue, number] = *by_end_.begin();
  const std::vector<Lease>& leases = by_queue_[queue];
  size_t index = 0;
  while (leases[index].place.number != number) ++index;
  return Take(queue, index);
}

std::optional<Time> LeaseTable::NextExpiry() const {
  return by_end_.empty() ? std::nullopt : std::optional(std::get<Time>(*by_end_.begin()));
}

}  // namespace sakuin::crawler
