#include "crawler/robots_directives.h"

#include <time.h>  // timegm

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace sakuin::crawler {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f";

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool Is(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) { return Lower(a) == Lower(b); });
}

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// The part before the next of `ends`, which is taken from `text` with it.
std::string_view TakePart(std::string_view& text, std::string_view ends) {
  const size_t end = std::min(text.find_first_of(ends), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

std::optional<int> NumberOf(std::string_view word) {
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return number;
}

// 1 to 12; 0: no name of a month.
int MonthOf(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  for (size_t i = 0; i < kMonths.size(); ++i) {
    if (word.size() >= 3 && Is(word.substr(0, 3), kMonths[i])) return static_cast<int>(i) + 1;
  }
  return 0;
}

// Seconds since 1970 at the beginning of the day in "2025-12-31...", "31 Dec 2025 ..." or "Wednesday, 31-Dec-25 ...".
std::optional<int64_t> DayOf(std::string_view text) {
  std::array<int, 3> numbers = {};
  size_t count = 0;
  int month = 0;
  while (!text.empty() && count < (month > 0 ? 2 : 3)) {
    const std::string_view word = TakePart(text, " -,/T\t");
    if (const std::optional<int> number = NumberOf(word); number.has_value() && *number >= 0) {
      numbers[count++] = *number;
    } else if (month == 0) {
      month = MonthOf(word);
    }
  }
  const bool year_first = count == 3;
  if (count < 2 || (!year_first && month == 0)) return std::nullopt;
  tm day = {};
  const int year = year_first ? numbers[0] : numbers[1];
  day.tm_year = (year < 100 ? year + 2000 : year) - 1900;
  day.tm_mon = (month > 0 ? month : numbers[1]) - 1;
  day.tm_mday = year_first ? numbers[2] : numbers[0];
  if (day.tm_mon < 0 || day.tm_mon > 11 || day.tm_mday < 1 || day.tm_mday > 31 || day.tm_year < 0 || day.tm_year > 8099) return std::nullopt;
  return static_cast<int64_t>(timegm(&day));
}

void AddWord(std::string_view word, RobotsDirectives& out) {
  out.noindex |= Is(word, "noindex") || Is(word, "none");
  out.nofollow |= Is(word, "nofollow") || Is(word, "none");
  out.noarchive |= Is(word, "noarchive") || Is(word, "nocache");
}

bool TakesValue(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames = {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"};
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view known) { return Is(name, known); });
}

// A directive between commas: "noindex", "max-snippet: 10". A date may have a comma: it goes on with `rest`.
void AddDirective(std::string_view part, std::string_view& rest, int64_t now, RobotsDirectives& out) {
  const size_t colon = std::min(part.find(':'), part.size());
  const std::string_view name = Trim(part.substr(0, colon));
  if (!Is(name, "unavailable_after")) {
    std::string_view words = part.substr(0, TakesValue(name) ? colon : part.size());
    while (!words.empty()) AddWord(TakePart(words, kBlanks), out);
    return;
  }
  const std::string_view date = part.substr(std::min(colon + 1, part.size()));
  std::optional<int64_t> day = DayOf(date);
  if (!day.has_value()) {
    std::string_view behind = rest;
    day = DayOf(TakePart(behind, ","));
    if (day.has_value()) rest = behind;
  }
  constexpr int64_t kDay = 86400;
  out.noindex |= day.has_value() && now >= *day + kDay;
}

RobotsDirectives DirectivesOf(std::string_view list, int64_t now) {
  RobotsDirectives out;
  while (!list.empty()) {
    const std::string_view part = TakePart(list, ",;");
    AddDirective(part, list, now, out);
  }
  return out;
}

}  // namespace

RobotsDirectives& RobotsDirectives::operator|=(const RobotsDirectives& other) {
  noindex |= other.noindex;
  nofollow |= other.nofollow;
  noarchive |= other.noarchive;
  return *this;
}

// An agent is named before a colon, and is meant until another one is: "a: noindex, b: nofollow".
RobotsDirectives DirectivesOfHeader(std::string_view value, std::string_view agent_token, int64_t now) {
  RobotsDirectives out;
  bool for_us = true;
  while (!value.empty()) {
    std::string_view part = TakePart(value, ",;");
    const size_t colon = part.find(':');
    const std::string_view name = colon == std::string_view::npos ? std::string_view() : Trim(part.substr(0, colon));
    if (colon != std::string_view::npos && !TakesValue(name)) {
      for_us = Is(name, agent_token) || Is(name, "*") || Is(name, "robots");
      part.remove_prefix(colon + 1);
    }
    RobotsDirectives ignored;
    AddDirective(part, value, now, for_us ? out : ignored);
  }
  return out;
}

RobotsDirectives DirectivesOfMeta(std::string_view content, int64_t now) { return DirectivesOf(content, now); }

bool IsRobotsMeta(std::string_view name, std::string_view agent_token) { return Is(Trim(name), "robots") || Is(Trim(name), agent_token); }

LinkRel RelOf(std::string_view rel) {
  LinkRel out;
  while (!rel.empty()) {
    const std::string_view word = TakePart(rel, kBlanks);
    out.nofollow |= Is(word, "nofollow");
    out.ugc |= Is(word, "ugc");
    out.sponsored |= Is(word, "sponsored");
    out.canonical |= Is(word, "canonical");
  }
  return out;
}

}  // namespace sakuin::crawler
