#include "crawler/host_queues.h"

#include <algorithm>

namespace sakuin::crawler {
namespace {

constexpr Duration kLook = std::chrono::milliseconds(100);  // when something is in flight, nobody knows until when

}  // namespace

std::optional<QueueId> HostQueues::Find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

QueueId HostQueues::Add(QueueRecord record) {
  const auto id = static_cast<QueueId>(queues_.size());
  const std::string address = record.address;
  Queue& queue = queues_.emplace_back();
  queue.record = std::move(record);
  by_name_.emplace(queue.record.name, id);
  Enter(id, address.empty() ? OwnGate(id) : SharedGate(address));
  return id;
}

void HostQueues::SetAddress(QueueId queue, std::string_view address) {
  if (queues_[queue].record.address == address) return;
  queues_[queue].record.address = address;
  const GateId before = queues_[queue].gate;
  const Time closed = gates_[before].next;
  Leave(queue);
  const GateId gate = address.empty() ? OwnGate(queue) : SharedGate(std::string(address));
  gates_[gate].next = std::max(gates_[gate].next, closed);
  ++gates_[gate].changes;
  Enter(queue, gate);
}

HostQueues::GateId HostQueues::OwnGate(QueueId queue) {
  if (free_gates_.empty()) {
    free_gates_.push_back(static_cast<GateId>(gates_.size()));
    gates_.emplace_back();
  }
  const GateId gate = free_gates_.back();
  free_gates_.pop_back();
  gates_[gate] = {.changes = gates_[gate].changes + 1, .only = queue};
  return gate;
}

HostQueues::GateId HostQueues::SharedGate(const std::string& address) {
  const auto [found, is_new] = by_address_.try_emplace(address, static_cast<GateId>(gates_.size()));
  if (is_new) {
    gates_.emplace_back().shared = static_cast<uint32_t>(crowds_.size());
    crowds_.emplace_back();
  }
  return found->second;
}

void HostQueues::Enter(QueueId queue, GateId gate) {
  queues_[queue].gate = gate;
  queues_[queue].turn = ++turns_;
  gates_[gate].in_flight += queues_[queue].in_flight + queues_[queue].turns_out;
  gates_[gate].aside += queues_[queue].aside;
  Place(queue);
  Offer(gate);
}

void HostQueues::Leave(QueueId queue) {
  const GateId id = queues_[queue].gate;
  Gate& gate = gates_[id];
  gate.in_flight -= queues_[queue].in_flight + queues_[queue].turns_out;
  gate.aside -= queues_[queue].aside;
  if (gate.shared == kNone) {
    ready_.Remove(id);
    free_gates_.push_back(id);
    return;
  }
  Unplace(queue);
  Offer(id);
}

void HostQueues::Unplace(QueueId id) {
  Queue& queue = queues_[id];
  if (queue.standing == Standing::kOut) return;
  Crowd& crowd = crowds_[gates_[queue.gate].shared];
  if (queue.standing == Standing::kReady) {
    crowd.ready.erase({queue.turn, id});
  } else {
    crowd.resting.erase({queue.stands_until, id});
  }
  queue.standing = Standing::kOut;
}

void HostQueues::Place(QueueId id) {
  Queue& queue = queues_[id];
  const uint32_t shared = gates_[queue.gate].shared;
  if (shared == kNone) return;
  Unplace(id);
  if (!MayGive(queue)) return;
  if (queue.rests_until() == Time()) return PlaceReady(id);
  queue.standing = Standing::kResting;
  queue.stands_until = queue.rests_until();
  crowds_[shared].resting.emplace(queue.stands_until, id);
}

void HostQueues::PlaceReady(QueueId id) {
  Queue& queue = queues_[id];
  queue.standing = Standing::kReady;
  crowds_[gates_[queue.gate].shared].ready.emplace(queue.turn, id);
}

bool HostQueues::MayGive(const Queue& queue) const {
  const QueueRecord& record = queue.record;
  return record.active && record.waiting > queue.out() && record.completed < record.limit && queue.out() < record.limit - record.completed;
}

void HostQueues::Offer(GateId id) {
  const Gate& gate = gates_[id];
  if (gate.in_flight < max_in_flight_) {
    ready_.Set(id, gate.next);
  } else {
    ready_.Remove(id);
  }
}

// When something may come out of it, beside its own time and what is in flight.
std::optional<Time> HostQueues::FirstOf(const Gate& gate) const {
  if (gate.shared == kNone) return MayGive(queues_[gate.only]) ? std::optional(queues_[gate.only].rests_until()) : std::nullopt;
  const Crowd& crowd = crowds_[gate.shared];
  if (!crowd.ready.empty()) return Time();
  return crowd.resting.empty() ? std::nullopt : std::optional(crowd.resting.begin()->first);
}

void HostQueues::Settle(GateId id) {
  const Gate& gate = gates_[id];
  const std::optional<Time> first = FirstOf(gate);
  if (first && gate.in_flight < max_in_flight_) {
    ready_.Set(id, std::max(gate.next, *first));
  } else {
    ready_.Remove(id);
  }
}

std::optional<QueueId> HostQueues::Choose(GateId id, Time now) {
  const Gate& gate = gates_[id];
  if (gate.shared == kNone) {
    const Queue& queue = queues_[gate.only];
    return MayGive(queue) && queue.rests_until() <= now ? std::optional(gate.only) : std::nullopt;
  }
  Crowd& crowd = crowds_[gate.shared];
  while (!crowd.resting.empty() && crowd.resting.begin()->first <= now) {
    const QueueId queue = crowd.resting.begin()->second;
    Unplace(queue);
    PlaceReady(queue);
  }
  while (!crowd.ready.empty()) {
    const QueueId queue = crowd.ready.begin()->second;
    if (queues_[queue].rests_until() <= now) return queue;
    Place(queue);  // the time has gone backwards
  }
  return std::nullopt;
}

std::optional<QueueId> HostQueues::Next(Time now) {
  while (!ready_.empty() && ready_.top_time() <= now) {
    const GateId gate = ready_.top();
    if (gates_[gate].in_flight < max_in_flight_) {
      if (const std::optional<QueueId> queue = Choose(gate, now)) return queue;
    }
    Settle(gate);
  }
  return std::nullopt;
}

uint64_t HostQueues::Room(QueueId id) const {
  const Queue& queue = queues_[id];
  const uint64_t of_limit = queue.record.limit - queue.record.completed - queue.out();
  return std::min({uint64_t{max_in_flight_ - gates_[queue.gate].in_flight}, of_limit, queue.record.waiting - queue.out()});
}

Turn HostQueues::HandedOut(QueueId id, Time next) {
  Queue& queue = queues_[id];
  Gate& gate = gates_[queue.gate];
  const Turn turn{queue.gate, gate.next, ++gate.changes};
  ++queue.in_flight;
  ++gate.in_flight;
  gate.next = std::max(gate.next, next);
  Unplace(id);
  queue.turn = ++turns_;
  Changed(id);
  return turn;
}

void HostQueues::Close(QueueId id, Time until) {
  Gate& gate = gates_[queues_[id].gate];
  gate.next = std::max(gate.next, until);
  ++gate.changes;
  Offer(queues_[id].gate);
}

void HostQueues::Ended(QueueId id, Time next) {
  --queues_[id].in_flight;
  --gates_[queues_[id].gate].in_flight;
  Place(id);
  Close(id, next);
}

void HostQueues::Held(QueueId id, Time next) {
  ++queues_[id].held;
  Ended(id, next);
}

void HostQueues::TakenBack(QueueId id, const Turn& turn) {
  Gate& gate = gates_[queues_[id].gate];
  if (queues_[id].gate == turn.gate && gate.changes == turn.change) gate.next = turn.before;
  Held(id, Time());
}

void HostQueues::Freed(QueueId id) {
  --queues_[id].held;
  Changed(id);
}

Time HostQueues::TakeTurn(QueueId id, Time now, Time next) {
  Queue& queue = queues_[id];
  Gate& gate = gates_[queue.gate];
  const Time soonest = std::max(gate.next, queue.rests_until());
  if (soonest > now) return soonest;
  if (gate.in_flight >= max_in_flight_ + gate.aside) return now + kLook;
  ++queue.turns_out;
  ++gate.in_flight;
  Close(id, next);
  return now;
}

void HostQueues::Returned(QueueId id, Time next) {
  --queues_[id].turns_out;
  --gates_[queues_[id].gate].in_flight;
  Close(id, next);
}

void HostQueues::SetAside(QueueId id, bool aside) {
  queues_[id].aside += aside ? 1U : -1U;
  gates_[queues_[id].gate].aside += aside ? 1U : -1U;
}

void HostQueues::EndedAll(QueueId id) {
  Queue& queue = queues_[id];
  gates_[queue.gate].in_flight -= queue.in_flight;
  queue.in_flight = 0;
  queue.held = 0;
  Changed(id);
}

std::optional<Time> HostQueues::NextTime() {
  while (!ready_.empty()) {
    const GateId gate = ready_.top();
    const Time offered = ready_.top_time();
    Settle(gate);
    if (!ready_.empty() && ready_.top() == gate && ready_.top_time() == offered) return offered;
  }
  return std::nullopt;
}

}  // namespace sakuin::crawler
