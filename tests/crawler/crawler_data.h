// crawler_data.h: where cases of others are that are not part of this tree.
//
//   const std::filesystem::path cases = CrawlerData() / "robotstxt/cases.jsonl";
//   if (!std::filesystem::exists(cases)) GTEST_SKIP() << "no cases in " << cases << " (set SAKUIN_DATA)";
#pragma once

#include <cstdlib>
#include <filesystem>

namespace sakuin {

// $SAKUIN_DATA/crawler, by default below ~/.cache/sakuin-data.
inline std::filesystem::path CrawlerData() {
  const char* data = std::getenv("SAKUIN_DATA");
  const char* home = std::getenv("HOME");
  const std::filesystem::path cache = std::filesystem::path(home != nullptr ? home : "") / ".cache/sakuin-data";
  return (data != nullptr ? std::filesystem::path(data) : cache) / "crawler";
}

}  // namespace sakuin
