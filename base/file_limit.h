// file_limit.h: how many files and sockets may this process have open at once?
//
//   const size_t files = RaiseFileLimit(3'000);    // 3000, or fewer where the system gives no more
#pragma once

#include <cstddef>

namespace sakuin {

// Asks the system for at least `wanted`, and answers how many there may be. Never lowers the limit. Of the whole process.
size_t RaiseFileLimit(size_t wanted);

}  // namespace sakuin
