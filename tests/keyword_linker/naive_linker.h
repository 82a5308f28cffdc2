// naive_linker.h: keywords found the slow way, one pattern at one place after another.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace sakuin::keyword_linker {

// Where a keyword stands, in units: [first, end).
struct NaiveLink {
  size_t first = 0;
  size_t end = 0;
  auto operator<=>(const NaiveLink&) const = default;  // NOLINT(modernize-use-nullptr): the tool takes its zero for a pointer
};

inline std::vector<NaiveLink> NaiveAll(const std::u32string& text, const std::set<std::u32string>& keywords) {
  std::vector<NaiveLink> links;
  for (size_t at = 0; at < text.size(); ++at) {
    for (const std::u32string& keyword : keywords) {
      if (text.compare(at, keyword.size(), keyword) == 0) links.push_back({at, at + keyword.size()});
    }
  }
  std::sort(links.begin(), links.end());
  return links;
}

// From the left, the longest of those that begin at the same place.
inline std::vector<NaiveLink> NaiveLongest(const std::vector<NaiveLink>& all) {
  std::vector<NaiveLink> chosen;
  size_t from = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const bool last_of_place = i + 1 == all.size() || all[i + 1].first != all[i].first;
    if (!last_of_place || all[i].first < from) continue;
    chosen.push_back(all[i]);
    from = all[i].end;
  }
  return chosen;
}

}  // namespace sakuin::keyword_linker
