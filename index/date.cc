#include "index/date.h"

#include <chrono>
#include <cstdio>

namespace sakuin::index {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kDay = 86'400 * kSecond;

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }

  bool Take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Exactly `digits` digits.
  bool Number(size_t digits, int& value) {
    if (rest_.size() < digits) return false;
    value = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }
  // Digits after a point, as microseconds; at least one, what is finer is cut.
  bool Fraction(int64_t& micros) {
    size_t digits = 0;
    int64_t unit = kSecond;
    micros = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) micros += (rest_[digits] - '0') * (unit /= 10);
    rest_.remove_prefix(digits);
    return digits > 0;
  }

 private:
  std::string_view rest_;
};

bool DaysOf(int year, int month, int day, int64_t& days) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)), std::chrono::day(static_cast<unsigned>(day))};
  if (year < 1 || !date.ok()) return false;
  days = sys_days(date).time_since_epoch().count();
  return true;
}

bool ParseOffset(Scanner& in, int64_t& micros) {
  micros = 0;
  if (in.done() || in.Take('Z') || in.Take('z')) return true;
  const bool minus = in.Take('-');
  if (!minus && !in.Take('+')) return false;
  int hours = 0;
  int minutes = 0;
  if (!in.Number(2, hours)) return false;
  if (!in.done()) {
    in.Take(':');  // if there is one
    if (!in.Number(2, minutes)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  micros = (hours * 3600 + minutes * 60) * kSecond * (minus ? -1 : 1);
  return true;
}

// "10:00", "10:00:00", "10:00:00.5" and an offset; how much time it leaves open in `width`.
bool ParseTime(Scanner& in, int64_t& micros, int64_t& width) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  int64_t fraction = 0;
  if (!in.Number(2, hour) || !in.Take(':') || !in.Number(2, minute)) return false;
  width = 60 * kSecond;
  if (in.Take(':')) {
    if (!in.Number(2, second)) return false;
    width = kSecond;
    if (in.Take('.')) {
      if (!in.Fraction(fraction)) return false;
      width = 1;
    }
  }
  int64_t offset = 0;
  if (hour > 23 || minute > 59 || second > 60 || !ParseOffset(in, offset)) return false;
  micros = (hour * 3600 + minute * 60 + second) * kSecond + fraction - offset;
  return true;
}

bool YearOrMonth(int year, int month, bool whole_year, DateRange& range) {
  int64_t first = 0;
  int64_t next = 0;
  if (!DaysOf(year, whole_year ? 1 : month, 1, first)) return false;
  const bool new_year = whole_year || month == 12;
  if (!DaysOf(new_year ? year + 1 : year, new_year ? 1 : month + 1, 1, next)) return false;
  range = {first * kDay, next * kDay - 1};
  return true;
}

}  // namespace

bool ParseDate(std::string_view text, DateRange& range) {
  Scanner in(text);
  int year = 0;
  int month = 1;
  int day = 1;
  if (!in.Number(4, year)) return false;
  if (in.done()) return YearOrMonth(year, month, true, range);
  if (!in.Take('-') || !in.Number(2, month)) return false;
  if (in.done()) return YearOrMonth(year, month, false, range);
  int64_t days = 0;
  if (!in.Take('-') || !in.Number(2, day) || !DaysOf(year, month, day, days)) return false;
  int64_t micros = 0;
  int64_t width = kDay;
  if (!in.done()) {
    if (!(in.Take('T') || in.Take('t') || in.Take(' ')) || !ParseTime(in, micros, width) || !in.done()) return false;
  }
  const DateRange read{days * kDay + micros, days * kDay + micros + width - 1};
  int64_t begin = 0;
  int64_t last = 0;
  DaysOf(1, 1, 1, begin);
  DaysOf(9999, 12, 31, last);
  if (read.first < begin * kDay || read.last >= (last + 1) * kDay) return false;  // an offset led out of the years
  range = read;
  return true;
}

bool LooksLikeDate(std::string_view text) {
  DateRange range;
  return text.size() >= 10 && text.size() <= 40 && ParseDate(text, range);
}

std::string FormatDate(int64_t micros) {
  using namespace std::chrono;
  int64_t days = micros / kDay;
  if (micros % kDay < 0) --days;
  const year_month_day date{sys_days(std::chrono::days(days))};
  const int64_t rest = micros - days * kDay;
  const long long seconds = rest / kSecond;
  char text[64];
  int n = std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02lld:%02lld:%02lld", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                        static_cast<unsigned>(date.day()), seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (rest % kSecond != 0) n += std::snprintf(text + n, sizeof(text) - static_cast<size_t>(n), ".%06lld", static_cast<long long>(rest % kSecond));
  return std::string(text, static_cast<size_t>(n)) + "Z";
}

}  // namespace sakuin::index
