// memory_budget.h: one number for all the memory that grows with the input.
//
//   MemoryBudget budget(256 << 20);
//   MemoryReservation buffer(budget);
//   if (!buffer.Resize(bytes)) ...      // over the budget: flush or refuse, do not allocate
//
// Thread-safe. It counts what its users tell it; it does not allocate.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace sakuin {

class MemoryBudget {
 public:
  explicit MemoryBudget(size_t limit) : limit_(limit) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  size_t limit() const { return limit_; }
  size_t used() const { return used_.load(std::memory_order_relaxed); }

  // Takes `bytes` if they fit.
  bool TryTake(size_t bytes) {
    size_t used = used_.load(std::memory_order_relaxed);
    do {
      if (bytes > limit_ || used > limit_ - bytes) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
  }
  void Give(size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  const size_t limit_;
  std::atomic<size_t> used_{0};
};

// What one user holds of a budget; given back at destruction. Not thread-safe.
class MemoryReservation {
 public:
  explicit MemoryReservation(MemoryBudget& budget) : budget_(&budget) {}
  MemoryReservation(MemoryReservation&& other) noexcept : budget_(other.budget_), held_(std::exchange(other.held_, 0)) {}
  MemoryReservation& operator=(MemoryReservation&&) = delete;
  ~MemoryReservation() { budget_->Give(held_); }

  // Holds `bytes` in all afterwards; false, and nothing changed, when that does not fit.
  [[nodiscard]] bool Resize(size_t bytes) {
    if (bytes > held_ && !budget_->TryTake(bytes - held_)) return false;
    if (bytes < held_) budget_->Give(held_ - bytes);
    held_ = bytes;
    return true;
  }
  size_t held() const { return held_; }

 private:
  MemoryBudget* budget_;
  size_t held_ = 0;
};

}  // namespace sakuin
