#include "text/date_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "text/html_bytes.h"

namespace sakuin::text {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

struct Zone {
  std::string_view name;
  int hours;
};
constexpr Zone kZones[] = {{"ut", 0},   {"utc", 0},  {"gmt", 0},  {"z", 0},    {"est", -5}, {"edt", -4}, {"cst", -6},
                           {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7}, {"jst", 9},  {"kst", 9}};

class DateReader {
 public:
  explicit DateReader(std::string_view text) : text_(text) { SkipSpace(); }

  std::optional<int64_t> Read() {
    const bool read = !text_.empty() && (IsAsciiDigit(text_.front()) && DigitsAhead() >= 4 ? ReadIso() : ReadRfc822());
    SkipSpace();
    return read && text_.empty() ? Seconds() : std::nullopt;
  }

 private:
  size_t DigitsAhead() const {
    const auto* const end = std::find_if_not(text_.begin(), text_.end(), IsAsciiDigit);
    return static_cast<size_t>(end - text_.begin());
  }

  void SkipSpace() {
    while (!text_.empty() && IsHtml(text_.front(), kHtmlSpace)) text_.remove_prefix(1);
  }

  bool Skip(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool Number(size_t fewest, size_t most, int& out) {
    const size_t digits = std::min(DigitsAhead(), most);
    if (digits < fewest) return false;
    out = 0;
    for (const char c : text_.substr(0, digits)) out = out * 10 + (c - '0');
    text_.remove_prefix(digits);
    return true;
  }

  bool ReadIso() {
    const bool compact = DigitsAhead() == 8;
    if (!Number(4, 4, year_)) return false;
    if (compact) return Number(2, 2, month_) && Number(2, 2, day_);
    if (!Skip("-/.")) return text_.empty();
    if (!Number(1, 2, month_)) return false;
    if (!Skip("-/.")) return text_.empty();
    if (!Number(1, 2, day_)) return false;
    const bool time_follows = Skip("Tt ");
    SkipSpace();
    if (!time_follows || text_.empty()) return text_.empty();
    return ReadTime() && ReadZone();
  }

  // Thu, 29 Feb 2024 03:00:00 GMT; the day of the week and the seconds may be absent.
  bool ReadRfc822() {
    if (const size_t comma = text_.find(','); comma < 12) text_.remove_prefix(comma + 1);
    SkipSpace();
    if (!Number(1, 2, day_) || !Skip(" -")) return false;
    const std::string word = Word();
    const auto* const month = std::ranges::find(kMonths, std::string_view(word).substr(0, 3));
    if (month == kMonths.end() || !Skip(" -")) return false;
    month_ = static_cast<int>(month - kMonths.begin()) + 1;
    if (!Number(2, 4, year_)) return false;
    if (year_ < 100) year_ += year_ < 70 ? 2000 : 1900;
    SkipSpace();
    if (text_.empty()) return true;
    return ReadTime() && ReadZone();
  }

  std::string Word() {
    std::string word;
    while (!text_.empty() && IsHtml(text_.front(), kHtmlLetter) && word.size() < 16) {
      word += LowerAscii(text_.front());
      text_.remove_prefix(1);
    }
    return word;
  }

  bool ReadTime() {
    if (!Number(1, 2, hour_) || !Skip(":") || !Number(2, 2, minute_)) return false;
    if (Skip(":") && !Number(2, 2, second_)) return false;
    int fraction = 0;
    if (Skip(".,") && !Number(1, 3, fraction)) return false;
    text_.remove_prefix(DigitsAhead());
    SkipSpace();
    return true;
  }

  bool ReadZone() {
    if (text_.empty()) return true;
    const bool west = text_.front() == '-';
    if (!Skip("+-")) {
      const std::string word = Word();
      const auto* const zone = std::ranges::find(kZones, std::string_view(word), &Zone::name);
      zone_minutes_ = zone == std::end(kZones) ? 0 : zone->hours * 60;
      return zone != std::end(kZones);
    }
    int hours = 0;
    int minutes = 0;
    if (!Number(2, 2, hours)) return false;
    Skip(":");
    if (!text_.empty() && !Number(2, 2, minutes)) return false;
    zone_minutes_ = (hours * 60 + minutes) * (west ? -1 : 1);
    return hours <= 18 && minutes < 60;
  }

  std::optional<int64_t> Seconds() const {
    const std::chrono::year_month_day date{std::chrono::year(year_), std::chrono::month(static_cast<unsigned>(month_)),
                                           std::chrono::day(static_cast<unsigned>(day_))};
    if (year_ < 1000 || !date.ok() || hour_ > 24 || minute_ > 59 || second_ > 60) return std::nullopt;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return int64_t{days} * 86'400 + hour_ * 3600 + minute_ * 60 + second_ - int64_t{zone_minutes_} * 60;
  }

  std::string_view text_;
  int year_ = 0;
  int month_ = 1;
  int day_ = 1;
  int hour_ = 0;
  int minute_ = 0;
  int second_ = 0;
  int zone_minutes_ = 0;
};

}  // namespace

std::optional<int64_t> ParseDate(std::string_view text) {
  constexpr size_t kLongest = 64;
  if (text.size() > kLongest) return std::nullopt;
  return DateReader(text).Read();
}

std::string FormatDate(int64_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char out[40];
  const int length = std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                                   static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return {out, static_cast<size_t>(length)};
}

}  // namespace sakuin::text
