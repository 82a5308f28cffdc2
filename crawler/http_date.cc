#include "crawler/http_date.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "text/date_text.h"

namespace sakuin::crawler {
namespace {

constexpr int64_t kDay = 86400;
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::chrono::seconds kLongest{365 * kDay};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t'; }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

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

std::string FormatHttpDate(int64_t seconds) {
  using std::chrono::sys_days;
  using std::chrono::year;
  const int64_t first = sys_days(year(1) / 1 / 1).time_since_epoch().count() * kDay;
  const int64_t last = sys_days(year(9999) / 12 / 31).time_since_epoch().count() * kDay + kDay - 1;
  const std::chrono::sys_seconds time{std::chrono::seconds(std::clamp(seconds, first, last))};
  const sys_days day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto second = static_cast<int>((time - day).count());
  const std::string_view month = kMonths[static_cast<unsigned>(date.month()) - 1];
  char text[64];
  std::snprintf(text, sizeof(text), "%s, %02u %s %04d %02d:%02d:%02d GMT", kDays[std::chrono::weekday(day).c_encoding()].data(),
                static_cast<unsigned>(date.day()), month.data(), static_cast<int>(date.year()), second / 3600, second / 60 % 60, second % 60);
  return text;
}

std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view text, int64_t now) {
  text = Trimmed(text);
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
