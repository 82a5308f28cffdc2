// sanitized.h: whether sanitizers watch this test, in the presets asan, tsan and fuzz.
//
//   for (int round = 0; round < Rounds(400); ++round) ...
//
// They make a program several times slower and need memory of their own: a test
// may go fewer rounds under them, and bounds on memory hold without them only.
#pragma once

namespace sakuin {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // gcc
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)  // clang
inline constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

inline constexpr int kFewerRounds = 4;  // under sanitizers: so many times fewer

template <typename Number>
constexpr Number Rounds(Number without_sanitizers) {
  return kSanitized ? without_sanitizers / Number{kFewerRounds} : without_sanitizers;
}

}  // namespace sakuin
