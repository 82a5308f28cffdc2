// merge_thread.h: merges segments beside indexing, on a thread of its own.
//
//   MergeThread merges(shared, {.bytes_per_second = 20'000'000});
//   merges.Wake();                                   // there may be something to merge
//   RETURN_IF_ERROR(merges.WaitForRoom(shard));      // before one more segment of the shard
//   RETURN_IF_ERROR(merges.WaitUntilIdle());
//
// What to merge is merge_policy's choice. While a merge runs nothing is locked:
// writes, deletes and commits go on, and what they delete of the parts is deleted
// of the merged segment when that takes their place. The merged segment counts
// from the next generation on: this thread commits one when nothing else waits for
// a commit, and otherwise leaves it to the writer's. A killed process so leaves
// the parts in their places and a file that nothing names.
//
// A merge that fails (a full disk) changes nothing; the failure is told once, by
// TakeStatus or WaitUntilIdle, and the next Wake tries again. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <thread>

#include "base/status.h"
#include "indexer/shared_segments.h"

namespace sakuin::indexer {

// A shard with this many segments gets no more of them while a merge can make them fewer.
inline constexpr size_t kMostSegmentsOfShard = 64;

struct MergeThreadOptions {
  uint64_t bytes_per_second = 0;            // 0: no limit
  uint64_t most_documents = UINT64_MAX;     // of a merged segment: merging takes memory for each
};

class MergeThread {
 public:
  // `shared` outlives this; its set is there.
  MergeThread(SharedSegments& shared, const MergeThreadOptions& options);
  ~MergeThread();
  MergeThread(const MergeThread&) = delete;
  MergeThread& operator=(const MergeThread&) = delete;

  void Wake();

  // Waits while the shard has kMostSegmentsOfShard and merges are at work.
  void WaitForRoom(uint32_t shard);
  // Waits until nothing is left to merge, or a merge has failed.
  Status WaitUntilIdle();
  // The failure since the last call.
  Status TakeStatus();

  // Gives up the merge at work and starts none until Resume: the caller merges.
  void Pause();
  void Resume();
  // As Pause, for good: whoever waits goes on.
  void Stop();

  uint64_t merges() const;  // done so far

 private:
  void Run();
  bool Active() const { return running_ || (woken_ && !paused_ && !stopped_); }
  bool Crowded(uint32_t shard) const;
  // One merge, if there is one to do. The lock is held at the beginning and the end.
  Status MergeOnce(std::unique_lock<std::mutex>& lock);
  Status TakeIn(const std::vector<index::Snapshot::Part>& parts, MergedSegment merged);

  SharedSegments& shared_;
  const MergeThreadOptions options_;
  std::atomic<bool> cancel_ = false;
  // Guarded by shared_.mutex:
  std::condition_variable changed_;
  bool woken_ = false;
  bool running_ = false;
  bool paused_ = false;
  bool stopped_ = false;
  Status status_;
  uint64_t merges_ = 0;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace sakuin::indexer
