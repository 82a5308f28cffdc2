// host_queues.h: whose turn is it? The queues of a frontier in memory, and who may be asked when.
//
//   QueueId queue = queues.Add(record);
//   queues.Changed(queue);                              // its record has changed: waiting, blocked, ...
//   while (std::optional<QueueId> next = queues.Next(now)) {
//     queues.HandedOut(*next, now + delay);             // once for each URL
//     ...
//     queues.Ended(*next, now + rest);
//   }
//
// A queue stands behind a gate: its own, or the one of its address, which it shares. A gate lets so many URLs out at once,
// and the next one not before its time. A heap has the gates that something may come out of, by the
// time when it may, or an earlier one: the exact time is worked out when a gate comes to the top. So a queue costs
// nothing while nothing happens to it. The queues behind one gate stand in the order of their last turns, or in that of the ends of their
// blocks: however many they are, a turn costs the logarithm of their number.
//
// Not thread-safe. Knows no URLs and no disk.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "crawler/frontier_records.h"
#include "crawler/ready_heap.h"

namespace sakuin::crawler {

// What a hand-out did to the gate of its queue.
struct Turn {
  uint32_t gate = 0;
  Time before{};  // it was closed before
  uint64_t change = 0;
};

class HostQueues {
 public:
  explicit HostQueues(uint32_t max_in_flight) : max_in_flight_(max_in_flight) {}

  std::optional<QueueId> Find(std::string_view name) const;
  // REQUIRES: no queue has its name.
  QueueId Add(QueueRecord record);
  size_t size() const { return queues_.size(); }

  // Of a number that Add has given. Who changes counts, limits, blocks or activity calls Changed.
  QueueRecord& record(QueueId queue) { return queues_[queue].record; }
  const QueueRecord& record(QueueId queue) const { return queues_[queue].record; }
  uint32_t in_flight(QueueId queue) const { return queues_[queue].in_flight; }
  void Changed(QueueId queue) {
    Place(queue);
    Offer(queues_[queue].gate);
  }

  // It gives nothing before `until`; beside its record's blocked_until, and not kept.
  void Pause(QueueId queue, Time until) {
    queues_[queue].paused_until = std::max(queues_[queue].paused_until, until);
    Changed(queue);
  }
  Time rests_until(QueueId queue) const { return queues_[queue].rests_until(); }
  // Whether it has URLs to hand out, at whatever time.
  bool MayGive(QueueId queue) const { return MayGive(queues_[queue]); }

  // Behind the gate of this address, or a gate of its own when that is empty. Sets the record's too.
  void SetAddress(QueueId queue, std::string_view address);

  // The queue that may be asked at `now` and has waited longest.
  std::optional<QueueId> Next(Time now);
  // How many URLs may come out of its gate now, beside the time: for the queue that Next has given.
  uint64_t Room(QueueId queue) const;
  // One URL more is in flight, and the gate stays closed until `next`. What this did, for TakenBack.
  Turn HandedOut(QueueId queue, Time next);
  // Its gate stays closed until then, for all queues behind it.
  void Close(QueueId queue, Time until);
  // One URL less is.
  void Ended(QueueId queue, Time next);
  // As Ended, but its URL does not wait again: it is held until Freed.
  void Held(QueueId queue, Time next);
  void Freed(QueueId queue);
  // As Held, of a URL that was not asked for: its gate is as it was before the turn, unless something has happened to it since.
  void TakenBack(QueueId queue, const Turn& turn);
  // Something else than a URL is asked of it: `now`, when it may be, and it is in flight until Returned, its gate closed until `next`;
  // else the soonest time to ask again.
  Time TakeTurn(QueueId queue, Time now, Time next);
  void Returned(QueueId queue, Time next);
  // One more of what is in flight waits for another host, or no longer: turns may be taken beside it, and no URL.
  void SetAside(QueueId queue, bool aside);
  // None is: the queue was emptied.
  void EndedAll(QueueId queue);

  // When Next gives something, if nothing else happens.
  std::optional<Time> NextTime();

 private:
  using GateId = uint32_t;
  static constexpr uint32_t kNone = UINT32_MAX;

  // Where a queue stands behind a gate that it shares.
  enum class Standing : uint8_t { kOut, kReady, kResting };

  struct Queue {
    QueueRecord record;
    GateId gate = 0;
    uint32_t in_flight = 0;
    uint32_t held = 0;
    uint32_t turns_out = 0;  // taken, and not returned
    uint32_t aside = 0;      // of in_flight
    Time paused_until{};
    uint64_t turn = 0;   // number of its last one
    Standing standing = Standing::kOut;
    Time stands_until{};  // of kResting
    Time rests_until() const { return std::max(record.blocked_until, paused_until); }
    uint64_t out() const { return uint64_t{in_flight} + held; }  // of those that wait, not to be handed out
  };

  struct Gate {
    Time next{};             // closed before
    uint64_t changes = 0;    // of `next`, so far
    uint32_t in_flight = 0;  // with turns taken
    uint32_t aside = 0;
    QueueId only = kNone;    // the one queue of a gate of its own
    uint32_t shared = kNone; // or the place of its queues in `crowds_`
  };

  // The queues behind one gate that have something to give.
  struct Crowd {
    std::set<std::pair<uint64_t, QueueId>> ready;  // by their last turns
    std::set<std::pair<Time, QueueId>> resting;    // not before this, which may have passed
  };

  GateId OwnGate(QueueId queue);
  GateId SharedGate(const std::string& address);
  void Enter(QueueId queue, GateId gate);
  void Leave(QueueId queue);
  void Place(QueueId queue);  // where it stands now
  void Unplace(QueueId queue);
  void PlaceReady(QueueId queue);
  std::optional<Time> FirstOf(const Gate& gate) const;
  bool MayGive(const Queue& queue) const;
  std::optional<QueueId> Choose(GateId gate, Time now);
  void Offer(GateId gate);   // at the earliest time that it can be ready
  void Settle(GateId gate);  // at the exact time

  uint32_t max_in_flight_;
  std::deque<Queue> queues_;
  std::unordered_map<std::string_view, QueueId> by_name_;  // the records' names
  std::vector<Gate> gates_;
  std::vector<GateId> free_gates_;
  std::vector<Crowd> crowds_;
  uint64_t turns_ = 0;
  std::unordered_map<std::string, GateId> by_address_;
  ReadyHeap ready_;
};

}  // namespace sakuin::crawler
