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

inline Time CurrentTime() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace sakuin::crawler
