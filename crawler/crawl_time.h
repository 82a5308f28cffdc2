// crawl_time.h: points in time and lengths of it, as a crawl needs them.
//
//   Time now = CurrentTime();                        // at the rim only: what decides takes the time as an argument
//   Time later = now + std::chrono::seconds(30);
//
// Milliseconds since 1970. Values: thread-safe.
#pragma once

#include <chrono>

namespace sakuin::crawler {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::time_point<std::chrono::system_clock, Duration>;

// Time that goes on evenly from when the clock was made, whatever becomes of that of the system: for delays and leases.
//
//   SteadyClock clock(CurrentTime());
//   Time later = clock.Now();
class SteadyClock {
 public:
  explicit SteadyClock(Time start) : start_(start) {}
  Time Now() const { return start_ + std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begin_); }

 private:
  const Time start_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

inline Time CurrentTime() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace sakuin::crawler
