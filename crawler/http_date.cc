#include "crawler/http_date.h"

#include <algorithm>

#include "base/ascii.h"
#include "text/date_text.h"

namespace sakuin::crawler {
namespace {

constexpr int64_t kDay = 86400;
constexpr std::chrono::seconds kLongest{365 * kDay};
constexpr std::string_view kBlanks = " \t";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int YearOf(int64_t seconds) {
  const std::chrono::sys_days day{std::chrono::floor<std::chrono::days>(std::chrono::seconds(seconds))};
  return static_cast<int>(std::chrono::year_month_day(std::chrono::sys_days(day)).year());
}

int NearestYear(int two_digits, int64_t now) {
  const int this_year = YearOf(now);
  int year = two_digits + this_year / 100 * 100;
  while (year > this_year + 50) year -= 100;
  while (year <= this_year - 50) year += 100;
  return year;
}

}  // namespace

std::optional<int64_t> ParseHttpDate(std::string_view text, int64_t now) {
  std::optional<text::DateParts> parts = text::ReadDate(text);
  if (!parts || parts->form == text::DateForm::kIso || !parts->has_time || parts->zone_minutes != 0) return std::nullopt;
  if (!parts->has_zone && parts->form != text::DateForm::kAsctime) return std::nullopt;
  if (parts->year_digits == 2) parts->year = NearestYear(parts->year, now);
  return text::SecondsOf(*parts);
}

std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view text, int64_t now) {
  text = Trim(text, kBlanks);
  if (text.empty()) return std::nullopt;
  if (std::all_of(text.begin(), text.end(), IsDigit)) {
    int64_t seconds = 0;
    for (const char digit : text) seconds = std::min<int64_t>(seconds * 10 + (digit - '0'), kLongest.count());
    return std::chrono::seconds(seconds);
  }
  const std::optional<int64_t> date = ParseHttpDate(text, now);
  if (!date) return std::nullopt;
  return std::chrono::seconds(std::clamp<int64_t>(*date - now, 0, kLongest.count()));
}

}  // namespace sakuin::crawler
