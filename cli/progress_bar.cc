#include "cli/progress_bar.h"

#include <unistd.h>

#include <cstdio>

namespace sakuin::cli {
namespace {

constexpr int kWidth = 30;

}  // namespace

ProgressBar::ProgressBar(std::string what, uint64_t total) : what_(std::move(what)), total_(total), shown_(::isatty(STDERR_FILENO) != 0) {}

void ProgressBar::Draw(uint64_t done, double seconds) const {
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  if (total_ == 0) {
    std::fprintf(stderr, "\r%s  %.1f MB  %.1f MB/s   ", what_.c_str(), static_cast<double>(done) / 1e6, rate / 1e6);
    return;
  }
  const double part = static_cast<double>(done) / static_cast<double>(total_);
  const int full = static_cast<int>(part * kWidth);
  const double left = rate > 0 ? (static_cast<double>(total_) - static_cast<double>(done)) / rate : 0;
  std::fprintf(stderr, "\r%s [%.*s%.*s] %3.0f %%  %.1f MB/s  %.0f s left   ", what_.c_str(), full, "##############################", kWidth - full,
               "..............................", part * 100, rate / 1e6, left);
}

void ProgressBar::Update(uint64_t done) {
  if (!shown_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  drawn_ = true;
  Draw(total_ > 0 && done > total_ ? total_ : done, std::chrono::duration<double>(now - start_).count());
}

void ProgressBar::Finish() {
  if (drawn_) std::fprintf(stderr, "\r\033[K");
  drawn_ = false;
}

void StepProgress::Update(const std::string& step, uint64_t done, uint64_t total) {
  if (step_ != step || total_ != total) {
    bar_.emplace(step, total);
    step_ = step;
    total_ = total;
  }
  bar_->Update(done);
}

}  // namespace sakuin::cli
