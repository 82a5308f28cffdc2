#include "crawler/robots_cache.h"

#include <algorithm>
#include <utility>

namespace sakuin::crawler {
namespace {

constexpr size_t kNodeBytes = 96;  // of a list and a table, about

}  // namespace

bool RobotsAnswer::Allows(std::string_view agent_token, std::string_view path_and_query) const {
  if (state == RobotsState::kRules) return rules->Allows(agent_token, path_and_query);
  return state == RobotsState::kAllowAll || path_and_query == "/robots.txt";
}

size_t RobotsCache::Entry::Bytes() const { return kNodeBytes + sizeof(Entry) + origin.size() + rules.MemoryBytes(); }

RobotsAnswer RobotsCache::Find(std::string_view origin, int64_t now) {
  const Entry* entry = Touch(origin);
  if (entry == nullptr || now >= entry->expires) return {};
  return {entry->state, entry->state == RobotsState::kRules ? &entry->rules : nullptr};
}

void RobotsCache::Put(std::string_view origin, RobotsFetch fetched, std::string_view text, int64_t now) {
  Entry* known = Touch(origin);
  if (fetched == RobotsFetch::kUnreachable && known != nullptr && known->state != RobotsState::kDisallowAll) {
    known->expires = now + options_.retry_seconds;
    return;
  }
  Entry entry;
  entry.origin = std::string(origin);
  entry.expires = now + (fetched == RobotsFetch::kUnreachable ? options_.retry_seconds : options_.lifetime_seconds);
  switch (fetched) {
    case RobotsFetch::kMissing: entry.state = RobotsState::kAllowAll; break;
    case RobotsFetch::kUnreachable: entry.state = RobotsState::kDisallowAll; break;
    case RobotsFetch::kFound:
      entry.state = RobotsState::kRules;
      entry.rules = RobotsRules::Parse(text);
  }
  Insert(std::move(entry));
}

// Null when it is not there.
RobotsCache::Entry* RobotsCache::Touch(std::string_view origin) {
  const auto found = by_origin_.find(origin);
  if (found == by_origin_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &*found->second;
}

void RobotsCache::Insert(Entry entry) {
  if (const auto found = by_origin_.find(entry.origin); found != by_origin_.end()) Forget(found->second);
  entries_.push_front(std::move(entry));
  by_origin_.emplace(entries_.front().origin, entries_.begin());
  bytes_ += entries_.front().Bytes();
  while (entries_.size() > 1 && (entries_.size() > options_.max_origins || bytes_ > options_.max_bytes)) Forget(std::prev(entries_.end()));
}

void RobotsCache::Forget(Entries::iterator entry) {
  bytes_ -= entry->Bytes();
  by_origin_.erase(entry->origin);
  entries_.erase(entry);
}

}  // namespace sakuin::crawler
