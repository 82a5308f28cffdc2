// ready_heap.h: which of many numbered things comes first, when their times change all the time.
//
//   ReadyHeap heap;
//   heap.Set(7, now + std::chrono::seconds(1));     // new, sooner or later
//   while (!heap.empty() && heap.top_time() <= now) Use(heap.top());
//   heap.Remove(7);
//
// A binary heap that knows where each thing stands: Set and Remove are logarithmic. 16 bytes for each in the
// heap, and 4 for each number up to the largest. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "crawler/crawl_time.h"

namespace sakuin::crawler {

class ReadyHeap {
 public:
  bool empty() const { return entries_.empty(); }
  size_t size() const { return entries_.size(); }
  // REQUIRES: !empty().
  uint32_t top() const { return entries_[0].id; }
  Time top_time() const { return entries_[0].time; }

  void Set(uint32_t id, Time time) {
    if (id >= places_.size()) places_.resize(id + 1, kAbsent);
    if (places_[id] == kAbsent) {
      places_[id] = static_cast<uint32_t>(entries_.size());
      entries_.push_back({time, id});
    }
    entries_[places_[id]].time = time;
    Rise(places_[id]);
    Sink(places_[id]);
  }

  // Nothing happens when it is not there.
  void Remove(uint32_t id) {
    if (id >= places_.size() || places_[id] == kAbsent) return;
    const uint32_t place = std::exchange(places_[id], kAbsent);
    const Entry last = entries_.back();
    entries_.pop_back();
    if (place == entries_.size()) return;
    Put(place, last);
    Rise(place);
    Sink(places_[last.id]);
  }

 private:
  struct Entry {
    Time time;
    uint32_t id;

    bool Before(const Entry& other) const { return time != other.time ? time < other.time : id < other.id; }
  };

  static constexpr uint32_t kAbsent = UINT32_MAX;

  void Put(uint32_t place, const Entry& entry) {
    entries_[place] = entry;
    places_[entry.id] = place;
  }

  void Swap(uint32_t a, uint32_t b) {
    const Entry entry = entries_[a];
    Put(a, entries_[b]);
    Put(b, entry);
  }

  void Rise(uint32_t place) {
    for (; place > 0 && entries_[place].Before(entries_[(place - 1) / 2]); place = (place - 1) / 2) Swap(place, (place - 1) / 2);
  }

  void Sink(uint32_t place) {
    while (true) {
      uint32_t first = place;
      for (uint32_t child = 2 * place + 1; child <= 2 * place + 2 && child < entries_.size(); ++child) {
        if (entries_[child].Before(entries_[first])) first = child;
      }
      if (first == place) return;
      Swap(place, first);
      place = first;
    }
  }

  std::vector<Entry> entries_;
  std::vector<uint32_t> places_;  // by id
};

}  // namespace sakuin::crawler
