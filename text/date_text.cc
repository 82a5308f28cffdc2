#include "text/date_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "base/ascii.h"
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

  std::optional<DateParts> Read() {
    const bool read = !text_.empty() && (IsAsciiDigit(text_.front()) && DigitsAhead() >= 4 ? ReadIso() : ReadNamed());
    SkipSpace();
    if (!read || !text_.empty() || !IsTimeOfDay()) return std::nullopt;
    parts_.second_of_day = hour_ * 3600 + minute_ * 60 + std::min(second_, 59);
    return parts_;
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

  // Blanks, and the dashes of RFC 850.
  bool Gap() {
    const size_t before = text_.size();
    while (Skip(" \t-")) {
    }
    return text_.size() != before;
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
    parts_.form = DateForm::kIso;
    const bool compact = DigitsAhead() == 8;
    if (!Number(4, 4, parts_.year)) return false;
    if (compact) return Number(2, 2, parts_.month) && Number(2, 2, parts_.day);
    if (!Skip("-/.")) return text_.empty();
    if (!Number(1, 2, parts_.month)) return false;
    if (!Skip("-/.")) return text_.empty();
    if (!Number(1, 2, parts_.day)) return false;
    const bool time_follows = Skip("Tt ");
    SkipSpace();
    if (!time_follows || text_.empty()) return text_.empty();
    return ReadTime() && ReadZone();
  }

  // With the name of a month. That of the day comes before, with a comma or without.
  bool ReadNamed() {
    if (const size_t comma = text_.find(','); comma < 12) {
      text_.remove_prefix(comma + 1);
    } else if (IsHtml(text_.front(), kHtmlLetter) && Word().size() < 3) {
      return false;
    }
    Gap();
    return !text_.empty() && IsAsciiDigit(text_.front()) ? ReadDayFirst() : ReadAsctime();
  }

  // 29 Feb 2024 03:00:00 GMT, 29-Feb-24 ...; the time or its seconds may be absent.
  bool ReadDayFirst() {
    parts_.form = DateForm::kDayFirst;
    if (!Number(1, 2, parts_.day) || !Gap() || !ReadMonth() || !Gap()) return false;
    parts_.year_digits = static_cast<int>(DigitsAhead());
    if ((parts_.year_digits != 2 && parts_.year_digits != 4) || !Number(2, 4, parts_.year)) return false;
    SkipSpace();
    if (text_.empty()) return true;
    return ReadTime() && ReadZone();
  }

  // Feb 29 03:00:00 2024
  bool ReadAsctime() {
    parts_.form = DateForm::kAsctime;
    if (!ReadMonth() || !Gap() || !Number(1, 2, parts_.day) || !Gap() || !ReadTime()) return false;
    return DigitsAhead() == 4 && Number(4, 4, parts_.year);
  }

  bool ReadMonth() {
    const std::string word = Word();
    const auto* const month = std::ranges::find(kMonths, std::string_view(word).substr(0, 3));
    parts_.month = static_cast<int>(month - kMonths.begin()) + 1;
    return month != kMonths.end();
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
    parts_.has_time = true;
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
    parts_.has_zone = true;
    const bool west = text_.front() == '-';
    if (!Skip("+-")) {
      const std::string word = Word();
      const auto* const zone = std::ranges::find(kZones, std::string_view(word), &Zone::name);
      parts_.zone_minutes = zone == std::end(kZones) ? 0 : zone->hours * 60;
      return zone != std::end(kZones);
    }
    int hours = 0;
    int minutes = 0;
    if (!Number(2, 2, hours)) return false;
    Skip(":");
    if (!text_.empty() && !Number(2, 2, minutes)) return false;
    parts_.zone_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
    return hours <= 18 && minutes < 60;
  }

  // ISO 8601 calls the end of a day 24:00.
  bool IsTimeOfDay() const {
    const bool ends_day = parts_.form == DateForm::kIso && hour_ == 24 && minute_ == 0 && second_ == 0;
    return (hour_ < 24 || ends_day) && minute_ < 60 && second_ <= 60;
  }

  std::string_view text_;
  DateParts parts_;
  int hour_ = 0;
  int minute_ = 0;
  int second_ = 0;
};

}  // namespace

std::optional<DateParts> ReadDate(std::string_view text) {
  constexpr size_t kLongest = 64;
  if (text.size() > kLongest) return std::nullopt;
  return DateReader(text).Read();
}

std::optional<int64_t> SecondsOf(const DateParts& parts) {
  const std::chrono::year_month_day date{std::chrono::year(parts.year), std::chrono::month(static_cast<unsigned>(parts.month)),
                                         std::chrono::day(static_cast<unsigned>(parts.day))};
  if (parts.year < 1 || parts.year > 9999 || !date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return int64_t{days} * 86'400 + parts.second_of_day - int64_t{parts.zone_minutes} * 60;
}

std::optional<int64_t> ParseDate(std::string_view text) {
  std::optional<DateParts> parts = ReadDate(text);
  if (!parts.has_value()) return std::nullopt;
  if (parts->year_digits == 2) parts->year += parts->year < 70 ? 2000 : 1900;
  return parts->year < 1000 ? std::nullopt : SecondsOf(*parts);
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
