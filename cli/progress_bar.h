// progress_bar.h: one line on a terminal that shows how far a long job is; nothing when piped.
//
//   ProgressBar bar("indexing", total_bytes);
//   bar.Update(done_bytes);      // as often as one likes
//   bar.Finish();
//
// Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace sakuin::cli {

class ProgressBar {
 public:
  // `total` 0: not known.
  ProgressBar(std::string what, uint64_t total);
  ~ProgressBar() { Finish(); }

  void Update(uint64_t done);
  void Finish();

 private:
  using Clock = std::chrono::steady_clock;
  void Draw(uint64_t done, double seconds) const;

  std::string what_;
  uint64_t total_;
  bool shown_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_;
};

// A bar for each step of a job, one after another.
class StepProgress {
 public:
  void Update(const std::string& step, uint64_t done, uint64_t total);

 private:
  std::string step_;
  uint64_t total_ = 0;
  std::optional<ProgressBar> bar_;
};

}  // namespace sakuin::cli
