#include "tests/crawler/url_cases.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace sakuin::crawler {

namespace {

// The value of "\uD83D" at `at`; 0: something else stands there.
unsigned long EscapeAt(const std::string& text, size_t at) {
  if (text.compare(at, 2, "\\u") != 0 || at + 6 > text.size()) return 0;
  return std::stoul(text.substr(at + 2, 4), nullptr, 16);
}

bool IsHigh(unsigned long unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLow(unsigned long unit) { return unit >= 0xDC00 && unit < 0xE000; }

// nlohmann::json refuses what no UTF-8 can say.
std::string WithoutLoneSurrogates(std::string json) {
  for (size_t at = 0; at < json.size(); ++at) {
    if (json[at] != '\\') continue;
    const unsigned long unit = EscapeAt(json, at);
    if (IsHigh(unit) && IsLow(EscapeAt(json, at + 6))) {
      at += 11;
      continue;
    }
    if (IsHigh(unit) || IsLow(unit)) json.replace(at + 2, 4, "FFFD");
    at += 1;
  }
  return json;
}

}  // namespace

std::filesystem::path CrawlerData(const std::string& file) {
  const char* data = std::getenv("SAKUIN_DATA");
  const char* home = std::getenv("HOME");
  const std::filesystem::path cache = std::filesystem::path(home != nullptr ? home : "") / ".cache/sakuin-data";
  return (data != nullptr ? std::filesystem::path(data) : cache) / "crawler" / file;
}

nlohmann::json ReadCases(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return nlohmann::json::parse(WithoutLoneSurrogates(bytes), nullptr, false);
}

}  // namespace sakuin::crawler
