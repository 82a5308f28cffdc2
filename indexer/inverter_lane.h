// inverter_lane.h: a thread that analyses and inverts the documents it is given, and flushes them as segments.
//
//   InverterLane lane(shared, merges.get(), 256 << 20);
//   RETURN_IF_ERROR(lane.Push({std::move(document), false, shard, schema, analyzers}));
//   lane.RequestFlush();
//   RETURN_IF_ERROR(lane.WaitIdle());          // all that was pushed is in segments of `shared`
//
// An index has several: a document goes to the lane that its key's hash names, so
// that two writes of one key meet in the order they came. A lane owns one Inverter
// per shard that it serves and a bounded queue. It flushes on its own thread and
// takes the mutex of `shared` only to enter the new segment, so that lanes do not
// wait for each other's disk.
//
// Any thread may call. After an error nothing more is taken, and every call
// answers it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "base/status.h"
#include "index/schema.h"
#include "indexer/inverter.h"
#include "indexer/mapped_document.h"
#include "indexer/merge_thread.h"
#include "indexer/shared_segments.h"

namespace sakuin::indexer {

// What a lane is told: a document, or the deletion of a key.
struct LaneWork {
  MappedDocument document;
  bool erase = false;
  uint32_t shard = 0;
  std::shared_ptr<const index::Schema> schema;
  std::shared_ptr<const AnalyzerSet> analyzers;

  size_t bytes() const;  // about what it takes in memory
};

class InverterLane {
 public:
  // `merges` may be null. Flushes when the inverted documents take more than `memory_bytes`. REQUIRES: both outlive the lane.
  InverterLane(SharedSegments& shared, MergeThread* merges, size_t memory_bytes)
      : shared_(shared), merges_(merges), memory_bytes_(memory_bytes), thread_([this] { Run(); }) {}
  // What was not flushed is given up.
  ~InverterLane();
  InverterLane(const InverterLane&) = delete;
  InverterLane& operator=(const InverterLane&) = delete;

  // Waits while the queue is full.
  Status Push(LaneWork work);
  // Asks for a flush of all that was pushed; WaitIdle waits for it.
  void RequestFlush();
  Status WaitIdle();
  uint64_t invalid_bytes();  // of texts, in the segments that were flushed

 private:
  void Run();
  Status Process(std::deque<LaneWork>& batch, bool flush);
  Status Invert(const LaneWork& work);
  Status Erase(const LaneWork& work);
  Status FlushAll();

  SharedSegments& shared_;
  MergeThread* const merges_;
  const size_t memory_bytes_;
  std::map<uint32_t, std::unique_ptr<Inverter>> inverters_;  // by shard; the lane's thread only

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<LaneWork> queue_;
  size_t queued_bytes_ = 0;
  bool busy_ = false;
  bool flush_ = false;
  bool stop_ = false;
  Status status_;
  uint64_t invalid_bytes_ = 0;
  std::thread thread_;
};

}  // namespace sakuin::indexer
