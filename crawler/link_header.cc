#include "crawler/link_header.h"

#include <algorithm>

#include "base/ascii.h"
#include "text/html_head.h"

namespace sakuin::crawler {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

void SkipBlanks(std::string_view& rest) { rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size())); }

// Takes what stands before one of `ends` off `rest`.
std::string_view TakeUntil(std::string_view& rest, std::string_view ends) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(taken.size());
  return taken;
}

// A value in quotes, without them and the backslashes in it, or a token.
std::string TakeValue(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::string(TakeUntil(rest, " \t\r\n;,"));
  std::string value;
  size_t at = 1;
  for (; at < rest.size() && rest[at] != '"'; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
    value += rest[at];
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return value;
}

bool HasWord(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    SkipBlanks(words);
    if (LowerAscii(TakeUntil(words, kBlanks)) == word) return true;
  }
  return false;
}

// Takes the parameters of a link off `rest`, to the comma behind them; whether they say that it is the canonical address.
bool TakeParameters(std::string_view& rest) {
  bool has_rel = false;
  bool canonical = false;
  bool of_another = false;
  for (SkipBlanks(rest); !rest.empty() && rest.front() != ','; SkipBlanks(rest)) {
    if (rest.front() == ';') {
      rest.remove_prefix(1);
      continue;
    }
    const std::string name = LowerAscii(TakeUntil(rest, " \t\r\n=;,"));
    SkipBlanks(rest);
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    SkipBlanks(rest);
    const std::string value = TakeValue(rest);
    of_another = of_another || name == "anchor";
    if (name != "rel" || has_rel) continue;
    has_rel = true;  // the first one counts
    canonical = HasWord(value, "canonical");
  }
  return canonical && !of_another;
}

}  // namespace

std::string CanonicalOf(const std::vector<std::string_view>& values) {
  for (std::string_view rest : values) {
    while (!rest.empty()) {
      rest.remove_prefix(std::min(rest.find('<'), rest.size()));
      if (rest.empty()) break;
      rest.remove_prefix(1);
      const std::string_view address = TakeUntil(rest, ">");
      if (rest.empty()) break;
      rest.remove_prefix(1);
      if (TakeParameters(rest)) return std::string(address);
    }
  }
  return {};
}

}  // namespace sakuin::crawler
