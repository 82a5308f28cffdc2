// naive_robots_match.h: whether a pattern of robots.txt matches a path, simply and slowly.
//
//   NaiveRobotsMatch("/a*b$", "/axxb")   // true
#pragma once

#include <string_view>
#include <vector>

namespace sakuin::crawler {

// Both as normalized as they are given; '*' and a last '$' are special. The set of all places where the pattern can stand.
inline bool NaiveRobotsMatch(std::string_view pattern, std::string_view path) {
  const bool to_the_end = pattern.ends_with('$');
  if (to_the_end) pattern.remove_suffix(1);
  std::vector<bool> reached(path.size() + 1, false);
  reached[0] = true;
  for (const char c : pattern) {
    std::vector<bool> next(path.size() + 1, false);
    for (size_t at = 0; at <= path.size(); ++at) {
      if (c == '*') {
        next[at] = reached[at] || (at > 0 && next[at - 1]);
      } else if (at < path.size() && reached[at] && path[at] == c) {
        next[at + 1] = true;
      }
    }
    reached = next;
  }
  if (to_the_end) return reached[path.size()];
  for (const bool place : reached) {
    if (place) return true;
  }
  return false;
}

}  // namespace sakuin::crawler
