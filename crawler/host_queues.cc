#include "crawler/host_queues.h"

#include <algorithm>

namespace sakuin::crawler {

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
    gates_.emplace_back().shared = static_cast<uint32_t>(shared_.size());
    shared_.emplace_back();
  }
  return found->second;
}

void HostQueues::Enter(QueueId queue, GateId gate) {
  queues_[queue].gate = gate;
  gates_[gate].in_flight += queues_[queue].in_flight;
  if (gates_[gate].shared != kNone) shared_[gates_[gate].shared].push_back(queue);
  Offer(gate);
}

void HostQueues::Leave(QueueId queue) {
  const GateId id = queues_[queue].gate;
  Gate& gate = gates_[id];
  gate.in_flight -= queues_[queue].in_flight;
  if (gate.shared == kNone) {
    ready_.Remove(id);
    free_gates_.push_back(id);
    return;
  }
  std::vector<QueueId>& members = shared_[gate.shared];
  members.erase(std::find(members.begin(), members.end(), queue));
  Offer(id);
}

std::span<const QueueId> HostQueues::Members(const Gate& gate) const {
  return gate.shared == kNone ? std::span(&gate.only, 1) : std::span<const QueueId>(shared_[gate.shared]);
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

void HostQueues::Settle(GateId id) {
  const Gate& gate = gates_[id];
  std::optional<Time> soonest;
  for (const QueueId member : Members(gate)) {
    if (!MayGive(queues_[member])) continue;
    const Time time = std::max(gate.next, queues_[member].rests_until());
    soonest = std::min(soonest.value_or(time), time);
  }
  if (soonest && gate.in_flight < max_in_flight_) {
    ready_.Set(id, *soonest);
  } else {
    ready_.Remove(id);
  }
}

std::optional<QueueId> HostQueues::Choose(GateId id, Time now) {
  Gate& gate = gates_[id];
  const std::span<const QueueId> members = Members(gate);
  for (size_t i = 0; i < members.size(); ++i) {
    const size_t turn = (gate.cursor + i) % members.size();
    const Queue& queue = queues_[members[turn]];
    if (!MayGive(queue) || queue.rests_until() > now) continue;
    gate.cursor = static_cast<uint32_t>(turn);
    return members[turn];
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
  const std::span<const QueueId> members = Members(gate);
  if (members[gate.cursor % members.size()] == id) ++gate.cursor;
  Offer(queue.gate);
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

void HostQueues::EndedAll(QueueId id) {
  Queue& queue = queues_[id];
  gates_[queue.gate].in_flight -= queue.in_flight;
  queue.in_flight = 0;
  queue.held = 0;
  Offer(queue.gate);
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
