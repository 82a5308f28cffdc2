#include "indexer/inverter_lane.h"

#include <string>
#include <utility>
#include <variant>

namespace sakuin::indexer {
namespace {

constexpr size_t kQueueBytes = size_t{2} << 20;

}  // namespace

size_t LaneWork::bytes() const {
  size_t bytes = 256 + document.stored.size();
  for (const MappedValue& value : document.values) {
    const auto* text = std::get_if<std::string>(&value.value);
    bytes += 48 + (text == nullptr ? 0 : text->size());
  }
  return bytes;
}

InverterLane::~InverterLane() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Status InverterLane::Push(LaneWork work) {
  const size_t bytes = work.bytes();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return queued_bytes_ < kQueueBytes || !status_.ok(); });
  if (!status_.ok()) return status_;
  queued_bytes_ += bytes;
  queue_.push_back(std::move(work));
  changed_.notify_all();
  return OkStatus();
}

void InverterLane::RequestFlush() {
  const std::lock_guard lock(mutex_);
  flush_ = true;
  changed_.notify_all();
}

Status InverterLane::WaitIdle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return (queue_.empty() && !busy_ && !flush_) || !status_.ok(); });
  return status_;
}

uint64_t InverterLane::invalid_bytes() {
  const std::lock_guard lock(mutex_);
  return invalid_bytes_;
}

void InverterLane::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || !queue_.empty() || flush_; });
    if (stop_) return;
    std::deque<LaneWork> batch;
    batch.swap(queue_);
    const bool flush = flush_;
    if (status_.ok()) {  // after an error nothing more can be promised
      busy_ = true;
      lock.unlock();
      Status status = Process(batch, flush);
      lock.lock();
      status_ = std::move(status);
    }
    queued_bytes_ = 0;
    for (const LaneWork& work : queue_) queued_bytes_ += work.bytes();
    if (flush) flush_ = false;
    busy_ = false;
    changed_.notify_all();
  }
}

Status InverterLane::Process(std::deque<LaneWork>& batch, bool flush) {
  for (LaneWork& work : batch) {
    RETURN_IF_ERROR(work.erase ? Erase(work) : Invert(work));
    work = LaneWork();
    size_t used = 0;
    bool full = false;
    for (const auto& [shard, inverter] : inverters_) {
      used += inverter->MemoryUsage();
      full = full || inverter->Full();
    }
    if (full || used > memory_bytes_) RETURN_IF_ERROR(FlushAll());
  }
  return flush ? FlushAll() : OkStatus();
}

Status InverterLane::Invert(const LaneWork& work) {
  auto at = inverters_.find(work.shard);
  if (at == inverters_.end()) {
    uint64_t sequence = 0;
    {
      const std::lock_guard lock(shared_.mutex);
      sequence = shared_.set->TakeSequence();
    }
    ASSIGN_OR_RETURN(std::unique_ptr<Inverter> inverter, Inverter::Create(shared_.fs, shared_.folder, sequence));
    at = inverters_.emplace(work.shard, std::move(inverter)).first;
  }
  return at->second->Add(work.document, *work.schema, *work.analyzers);
}

Status InverterLane::Erase(const LaneWork& work) {
  if (const auto at = inverters_.find(work.shard); at != inverters_.end()) at->second->Delete(work.document.key);
  const std::lock_guard lock(shared_.mutex);
  return shared_.set->Delete(work.shard, {work.document.key});
}

Status InverterLane::FlushAll() {
  for (auto& [shard, inverter] : inverters_) {
    if (inverter->documents() == 0) continue;
    if (merges_ != nullptr) merges_->WaitForRoom(shard);
    ASSIGN_OR_RETURN(FlushedSegment flushed, inverter->Flush());
    {
      const std::lock_guard lock(mutex_);
      invalid_bytes_ += inverter->invalid_bytes();
    }
    inverter.reset();
    {
      const std::lock_guard lock(shared_.mutex);
      RETURN_IF_ERROR(shared_.set->Add(std::move(flushed), shard));
    }
    if (merges_ != nullptr) merges_->Wake();
  }
  inverters_.clear();
  return OkStatus();
}

}  // namespace sakuin::indexer
