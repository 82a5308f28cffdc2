// url_cases.h: finds the cases of the web platform tests and of the public suffix list, which are not part of this
// tree: below $SAKUIN_DATA/crawler, by default ~/.cache/sakuin-data/crawler.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace sakuin::crawler {

std::filesystem::path CrawlerData(const std::string& file);

// Surrogates alone, which JSON may hold, are read as U+FFFD.
nlohmann::json ReadCases(const std::filesystem::path& path);

// Inside a test: leaves it, with a clear word, when the file is not there.
#define SKIP_WITHOUT_DATA(path) \
  if (!std::filesystem::is_regular_file(path)) GTEST_SKIP() << (path) << " is not there (set SAKUIN_DATA)"

}  // namespace sakuin::crawler
