// source_map.h: where the bytes of a decoded text came from.
//
//   SourceMap map;
//   map.AddVerbatim(2, 17);       // "AT" stood at [17,19)
//   map.AddDecoded(1, 19, 24);    // "&" was written &amp;
//   map.StartOf(2)                // 19
//   map.EndOf(3)                  // 24
//
// One entry per run of bytes that stand in the source as they are, so a plain
// text has one. Look-ups go forward: the cost is constant where they ascend. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace sakuin::keyword_linker {

class SourceMap {
 public:
  // The next `bytes` of the text are those of the source from `start` on.
  void AddVerbatim(uint64_t bytes, uint64_t start) {
    if (!runs_.empty() && runs_.back().verbatim && runs_.back().end == start) {
      runs_.back().end += bytes;
    } else {
      runs_.push_back({end_, start, start + bytes, true});
    }
    end_ += bytes;
  }

  // The next `bytes` of the text stand for [start, end) of the source.
  void AddDecoded(uint64_t bytes, uint64_t start, uint64_t end) {
    runs_.push_back({end_, start, end, false});
    end_ += bytes;
  }

  // Where the character at byte `at` of the text begins, where the one before
  // `end` ends. REQUIRES: inside the text; no byte before one looked up earlier.
  uint64_t StartOf(uint64_t at) {
    const Run& run = RunAt(at);
    return run.verbatim ? run.start + (at - run.text) : run.start;
  }
  uint64_t EndOf(uint64_t end) {
    const Run& run = RunAt(end - 1);
    return run.verbatim ? run.start + (end - run.text) : run.end;
  }

  // Where byte `at` of the text stood, if the `bytes` from there on all stand in the
  // source as they are. REQUIRES: as StartOf.
  std::optional<uint64_t> VerbatimStart(uint64_t at, uint64_t bytes) {
    const Run& run = RunAt(at);
    if (!run.verbatim || at + bytes > run.text + (run.end - run.start)) return std::nullopt;
    return run.start + (at - run.text);
  }

  uint64_t size() const { return end_; }

 private:
  struct Run {
    uint64_t text;  // where it begins in the text
    uint64_t start;
    uint64_t end;
    bool verbatim;
  };

  const Run& RunAt(uint64_t at) {
    while (runs_.size() > 1 && runs_[1].text <= at) runs_.pop_front();
    return runs_[0];
  }

  std::deque<Run> runs_;
  uint64_t end_ = 0;
};

}  // namespace sakuin::keyword_linker
