// naive_frontier.h: what a frontier does, with maps and loops over everything: slow, and easy to see through.
//
// It says what may be handed out at a time; of which queues that is when there are more than asked for, and in which
// order, is left to the frontier.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crawler/frontier.h"

namespace sakuin::crawler {

class NaiveFrontier {
 public:
  NaiveFrontier(uint32_t max_in_flight, Duration default_delay) : max_in_flight_(max_in_flight), default_delay_(default_delay) {}

  struct Url {
    UrlPhase phase = UrlPhase::kWaiting;
    bool known = false;
    uint8_t priority = kDefaultPriority;
    uint64_t number = 0;
    Time refetch_at{};
    bool is_retry = false;
    std::string metadata;
    std::optional<Time> leased_until;
  };

  struct Queue {
    std::map<std::string, Url> urls;
    std::string gate;  // its name, or its address
    std::optional<Duration> delay;
    Time blocked_until{};
    Time paused_until{};
    uint64_t limit = kNoCrawlLimit;
    uint64_t completed = 0;
    bool active = true;
  };

  Queue& Of(const std::string& name) {
    Queue& queue = queues_[name];
    if (queue.gate.empty()) queue.gate = name;
    return queue;
  }

  PutCounts PutDiscovered(const std::vector<FrontierUrl>& urls) {
    PutCounts counts;
    for (const FrontierUrl& each : urls) {
      const auto [url, is_new] = Of(each.queue).urls.try_emplace(each.url);
      ++(is_new ? counts.added : counts.known);
      if (!is_new) continue;
      url->second.priority = each.priority;
      url->second.number = ++number_;
    }
    return counts;
  }

  void PutKnown(const KnownUrl& known, Time now) {
    Queue& queue = Of(known.queue);
    Url& url = queue.urls[known.url];
    if (url.leased_until) Close(queue, now + known.rest.value_or(Delay(queue)));
    url.leased_until.reset();
    url.phase = known.refetch_at ? UrlPhase::kScheduled : UrlPhase::kDone;
    url.refetch_at = known.refetch_at.value_or(Time());
    url.is_retry = known.is_retry && known.refetch_at;
    url.known = true;
    url.metadata = known.metadata;
    ++queue.completed;
  }

  void SetAddress(const std::string& name, const std::string& address) {
    Queue& queue = Of(name);
    const std::string gate = address.empty() ? name : "address " + address;
    if (gate == queue.gate) return;
    const Time closed = closed_until_[queue.gate];
    queue.gate = gate;
    // A gate of a queue's own is new each time; one of an address stays.
    closed_until_[gate] = address.empty() ? closed : std::max(closed_until_[gate], closed);
  }

  bool Release(const std::string& name, const std::string& url, Time now) {
    Queue& queue = Of(name);
    const auto found = queue.urls.find(url);
    if (found == queue.urls.end() || !found->second.leased_until) return false;
    found->second.leased_until.reset();
    Close(queue, now + Delay(queue));
    return true;
  }

  // Its gate.
  void Close(const Queue& queue, Time until) {
    Time& closed = closed_until_[queue.gate];
    closed = std::max(closed, until);
  }

  // What time alone changes.
  void Advance(Time now, bool revisit = true) {
    std::vector<Url*> due;
    for (auto& [name, queue] : queues_) {
      for (auto& [text, url] : queue.urls) {
        if (url.leased_until && *url.leased_until <= now) url.leased_until.reset();
        if (url.phase == UrlPhase::kScheduled && url.refetch_at <= now && (revisit || url.is_retry)) due.push_back(&url);
      }
    }
    // Within a queue retries first, then by time, then by URL; of two queues the order does not matter.
    std::stable_sort(due.begin(), due.end(), [](const Url* a, const Url* b) {
      return a->is_retry != b->is_retry ? a->is_retry : a->refetch_at < b->refetch_at;
    });
    for (Url* url : due) {
      url->phase = UrlPhase::kWaiting;
      url->is_retry = false;
      url->number = ++number_;
    }
  }

  // Whether the queue may be asked now.
  bool IsReady(const std::string& name, Time now) const {
    const Queue& queue = queues_.at(name);
    const auto closed = closed_until_.find(queue.gate);
    if (closed != closed_until_.end() && closed->second > now) return false;
    if (InFlightOfGate(queue.gate) >= max_in_flight_ || Rest(queue) > now || !queue.active) return false;
    return MayGive(queue);
  }

  static Time Rest(const Queue& queue) { return std::max(queue.blocked_until, queue.paused_until); }

  // Whether it has something to hand out, at whatever time.
  static bool MayGive(const Queue& queue) {
    return queue.active && queue.completed + InFlight(queue) < queue.limit && Count(queue, UrlPhase::kWaiting) > InFlight(queue);
  }

  // Whether it is one that may come next: no other of its queue that is not handed out is before it.
  bool IsNext(const std::string& name, const std::string& text) const {
    const Queue& queue = queues_.at(name);
    const Url& url = queue.urls.at(text);
    if (url.phase != UrlPhase::kWaiting || url.leased_until) return false;
    return std::none_of(queue.urls.begin(), queue.urls.end(), [&](const auto& other) {
      const Url& each = other.second;
      if (each.phase != UrlPhase::kWaiting || each.leased_until) return false;
      return each.priority > url.priority || (each.priority == url.priority && each.number < url.number);
    });
  }

  void HandOut(const std::string& name, const std::string& url, Time until, Time now) {
    Queue& queue = queues_.at(name);
    queue.urls.at(url).leased_until = until;
    Close(queue, now + Delay(queue));
  }

  // All that is kept in memory only is gone.
  void Restart() {
    closed_until_.clear();
    for (auto& [name, queue] : queues_) {
      queue.paused_until = Time();
      for (auto& [text, url] : queue.urls) url.leased_until.reset();
    }
  }

  static uint64_t InFlight(const Queue& queue) {
    const auto is_leased = [](const auto& url) { return url.second.leased_until.has_value(); };
    return static_cast<uint64_t>(std::count_if(queue.urls.begin(), queue.urls.end(), is_leased));
  }

  static uint64_t Count(const Queue& queue, UrlPhase phase) {
    return static_cast<uint64_t>(std::count_if(queue.urls.begin(), queue.urls.end(), [phase](const auto& url) { return url.second.phase == phase; }));
  }

  uint64_t InFlightOfGate(const std::string& gate) const {
    uint64_t count = 0;
    for (const auto& [name, queue] : queues_) count += queue.gate == gate ? InFlight(queue) : 0;
    return count;
  }

  std::map<std::string, Queue>& queues() { return queues_; }
  Duration Delay(const Queue& queue) const { return queue.delay.value_or(default_delay_); }

 private:
  uint32_t max_in_flight_;
  Duration default_delay_;
  uint64_t number_ = 0;
  std::map<std::string, Queue> queues_;
  std::map<std::string, Time> closed_until_;  // by gate
};

}  // namespace sakuin::crawler
