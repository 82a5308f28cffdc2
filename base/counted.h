// counted.h: how many there are of something, in a sentence.
//
//   Counted(1, "document")                                          // "1 document"
//   Counted(2, "document")                                          // "2 documents"
//   Counted(2, "page with noindex", "pages with noindex")           // "2 pages with noindex"
//
// Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sakuin {

inline std::string Counted(uint64_t count, std::string_view one, std::string_view several) {
  return std::to_string(count).append(" ").append(count == 1 ? one : several);
}

// Of words that take an s.
inline std::string Counted(uint64_t count, std::string_view what) { return Counted(count, what, std::string(what).append("s")); }

}  // namespace sakuin
