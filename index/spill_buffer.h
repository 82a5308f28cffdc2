// spill_buffer.h: bytes that grow in memory and, when they are many, in a temporary file.
//
// A segment's sections grow at the same time but lie one after another in its
// file; each grows in one of these and is copied at the end. The temporary file
// is removed at destruction. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/status.h"

namespace sakuin::index {

class SpillBuffer {
 public:
  // `path` is used only when more than `memory_limit` bytes arrive.
  SpillBuffer(FileSystem& fs, std::string path, size_t memory_limit = size_t{1} << 20);
  ~SpillBuffer();
  SpillBuffer(const SpillBuffer&) = delete;
  SpillBuffer& operator=(const SpillBuffer&) = delete;

  // Where to append; call Settle() now and then (after a term, after a block).
  std::string& tail() { return tail_; }
  // Bytes so far.
  uint64_t size() const { return spilled_ + tail_.size(); }
  // Moves the tail to the file when it has grown over the limit.
  Status Settle();

  // Gives all bytes, in order, in parts. Nothing may be appended afterwards.
  Status Drain(const std::function<Status(std::string_view)>& to);

 private:
  FileSystem& fs_;
  std::string path_;
  size_t memory_limit_;
  std::string tail_;
  uint64_t spilled_ = 0;
  std::unique_ptr<WritableFile> file_;
};

}  // namespace sakuin::index
