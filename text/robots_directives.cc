#include "text/robots_directives.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "text/date_text.h"

namespace sakuin::text {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f";

// The part before the next of `ends`, which is taken from `text` with it.
std::string_view TakePart(std::string_view& text, std::string_view ends) {
  const size_t end = std::min(text.find_first_of(ends), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// The moment behind a date.
std::optional<int64_t> EndOf(std::string_view date) {
  constexpr int64_t kDay = 86'400;
  const std::optional<DateParts> parts = ReadDate(Trim(date, kBlanks));
  if (!parts.has_value()) return std::nullopt;
  const std::optional<int64_t> begin = ParseDate(Trim(date, kBlanks));
  return begin.has_value() && !parts->has_time ? *begin + kDay : begin;
}

void AddWord(std::string_view word, RobotsDirectives& out) {
  out.noindex |= EqualsIgnoringCase(word, "noindex") || EqualsIgnoringCase(word, "none");
  out.nofollow |= EqualsIgnoringCase(word, "nofollow") || EqualsIgnoringCase(word, "none");
}

bool TakesValue(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames = {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"};
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view known) { return EqualsIgnoringCase(name, known); });
}

// A directive between commas: "noindex", "max-snippet: 10". A date may have a comma: it goes on with `rest`.
void AddDirective(std::string_view part, std::string_view& rest, RobotsDirectives& out) {
  const size_t colon = std::min(part.find(':'), part.size());
  const std::string_view name = Trim(part.substr(0, colon), kBlanks);
  if (!EqualsIgnoringCase(name, "unavailable_after")) {
    std::string_view words = part.substr(0, TakesValue(name) ? colon : part.size());
    while (!words.empty()) AddWord(TakePart(words, kBlanks), out);
    return;
  }
  RobotsDirectives dated;
  dated.unavailable_after = EndOf(part.substr(std::min(colon + 1, part.size())));
  if (!dated.unavailable_after.has_value()) {
    std::string_view behind = rest;
    dated.unavailable_after = EndOf(TakePart(behind, ",;"));
    if (dated.unavailable_after.has_value()) rest = behind;
  }
  out |= dated;
}

}  // namespace

RobotsDirectives& RobotsDirectives::operator|=(const RobotsDirectives& other) {
  noindex |= other.noindex;
  nofollow |= other.nofollow;
  if (other.unavailable_after.has_value()) {
    unavailable_after = std::min(unavailable_after.value_or(*other.unavailable_after), *other.unavailable_after);
  }
  return *this;
}

// An agent is named before a colon, and is meant until another one is: "a: noindex, b: nofollow".
RobotsDirectives DirectivesOfHeader(std::string_view value, std::string_view agent_token) {
  RobotsDirectives out;
  bool for_us = true;
  while (!value.empty()) {
    std::string_view part = TakePart(value, ",;");
    const size_t colon = part.find(':');
    const std::string_view name = colon == std::string_view::npos ? std::string_view() : Trim(part.substr(0, colon), kBlanks);
    if (colon != std::string_view::npos && !TakesValue(name)) {
      for_us = EqualsIgnoringCase(name, agent_token) || EqualsIgnoringCase(name, "*") || EqualsIgnoringCase(name, "robots");
      part.remove_prefix(colon + 1);
    }
    RobotsDirectives ignored;
    AddDirective(part, value, for_us ? out : ignored);
  }
  return out;
}

RobotsDirectives DirectivesOfMeta(std::string_view content) {
  RobotsDirectives out;
  while (!content.empty()) {
    const std::string_view part = TakePart(content, ",;");
    AddDirective(part, content, out);
  }
  return out;
}

}  // namespace sakuin::text
