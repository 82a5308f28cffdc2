// Any bytes as robots.txt, asked for paths made of them: what one rule alone says must be what the naive matcher says.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "crawler/robots.h"
#include "tests/crawler/naive_robots_match.h"

using sakuin::crawler::NaiveRobotsMatch;
using sakuin::crawler::RobotsEncoding;
using sakuin::crawler::RobotsRules;

namespace {

// Letters, '/', '*' and '$' only, so that nothing is escaped.
std::string Plain(std::string_view bytes) {
  constexpr std::string_view kLetters = "ab/*$";
  std::string out = "/";
  for (const char c : bytes) out += kLetters[static_cast<unsigned char>(c) % kLetters.size()];
  return out;
}

void CheckOneRule(std::string_view bytes) {
  const size_t half = bytes.size() / 2;
  const std::string pattern = Plain(bytes.substr(0, half));
  const std::string path = Plain(bytes.substr(half));
  const RobotsRules rules = RobotsRules::Parse("User-agent: *\nDisallow: " + pattern, RobotsEncoding::kPatternsOnly);
  if (rules.Allows("any", path) != !NaiveRobotsMatch(pattern, path)) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const RobotsRules rules = RobotsRules::Parse(bytes);
  for (const std::string_view agent : {"sakuin", "*", ""}) {
    rules.Allows(agent, bytes);
    rules.Allows(agent, "/");
    if (!rules.Allows(agent, "/robots.txt")) __builtin_trap();
    if (rules.CrawlDelay(agent).value_or(0) < 0) __builtin_trap();
  }
  CheckOneRule(bytes.substr(0, 64));
  return 0;
}
