#include "indexer/merge_thread.h"

#include <algorithm>

#include "index/filename.h"
#include "indexer/merge_policy.h"
#include "indexer/merger.h"

namespace sakuin::indexer {

MergeThread::MergeThread(SharedSegments& shared, const MergeThreadOptions& options)
    : shared_(shared), options_(options), thread_([this] { Run(); }) {}

MergeThread::~MergeThread() {
  Stop();
  thread_.join();
}

void MergeThread::Wake() {
  const std::lock_guard lock(shared_.mutex);
  woken_ = true;
  changed_.notify_all();
}

bool MergeThread::Crowded(uint32_t shard) const {
  const std::vector<index::SegmentEntry>& segments = shared_.set->manifest().segments;
  const auto count = std::count_if(segments.begin(), segments.end(), [shard](const index::SegmentEntry& segment) { return segment.shard == shard; });
  return static_cast<size_t>(count) >= kMostSegmentsOfShard;
}

void MergeThread::WaitForRoom(uint32_t shard) {
  std::unique_lock lock(shared_.mutex);
  changed_.wait(lock, [this, shard] { return !Active() || !Crowded(shard); });
}

Status MergeThread::WaitUntilIdle() {
  {
    std::unique_lock lock(shared_.mutex);
    changed_.wait(lock, [this] { return !Active(); });
  }
  return TakeStatus();
}

Status MergeThread::TakeStatus() {
  const std::lock_guard lock(shared_.mutex);
  return std::exchange(status_, OkStatus());
}

void MergeThread::Pause() {
  std::unique_lock lock(shared_.mutex);
  paused_ = true;
  cancel_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !running_; });
}

void MergeThread::Resume() {
  const std::lock_guard lock(shared_.mutex);
  paused_ = false;
  changed_.notify_all();
}

void MergeThread::Stop() {
  const std::lock_guard lock(shared_.mutex);
  stopped_ = true;
  cancel_ = true;
  changed_.notify_all();
}

uint64_t MergeThread::merges() const {
  const std::lock_guard lock(shared_.mutex);
  return merges_;
}

void MergeThread::Run() {
  std::unique_lock lock(shared_.mutex);
  while (true) {
    changed_.wait(lock, [this] { return stopped_ || (woken_ && !paused_); });
    if (stopped_) return;
    const Status status = MergeOnce(lock);
    if (!status.ok() && status.code() != StatusCode::kCancelled) {
      status_ = status;
      woken_ = false;
    }
    changed_.notify_all();
  }
}

Status MergeThread::MergeOnce(std::unique_lock<std::mutex>& lock) {
  const std::vector<size_t> places = ChooseMerge(shared_.set->manifest(), false, options_.most_documents);
  if (places.empty()) {
    woken_ = false;
    return OkStatus();
  }
  const std::vector<index::Snapshot::Part> parts = shared_.set->Parts(places);
  const uint64_t sequence = shared_.set->TakeSequence();
  const std::shared_ptr<const index::Schema> schema = shared_.schema;
  MergeOptions options;
  options.cancel = &cancel_;
  options.bytes_per_second = options_.bytes_per_second;
  cancel_ = false;
  running_ = true;
  lock.unlock();
  Result<MergedSegment> merged = MergeSegments(shared_.fs, shared_.folder, sequence, parts, *schema, options);
  lock.lock();
  running_ = false;
  if (!merged.ok()) return merged.status();
  return TakeIn(parts, *std::move(merged));
}

Status MergeThread::TakeIn(const std::vector<index::Snapshot::Part>& parts, MergedSegment merged) {
  const bool nothing_waits = !shared_.set->changed();
  const std::string file = index::SegmentFile(merged.entry.name);
  if (Status status = shared_.set->Replace(parts, std::move(merged)); !status.ok()) {
    (void)shared_.fs.Remove(JoinPath(shared_.folder, file));
    return status;
  }
  ++merges_;
  if (!nothing_waits) return OkStatus();
  const index::Manifest& manifest = shared_.set->manifest();
  return shared_.set->Commit(index::Schema(manifest.schema), manifest.first_journal);
}

}  // namespace sakuin::indexer
