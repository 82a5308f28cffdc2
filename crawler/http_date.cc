#include "crawler/http_date.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sakuin::crawler {
namespace {

constexpr int64_t kDay = 86400;
constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::chrono::seconds kLongest{365 * kDay};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t'; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

struct Moment {
  int year = 0;
  int month = 0;  // 1 to 12
  int day = 0;
  int64_t second_of_day = 0;
};

int YearOf(int64_t seconds) {
  const std::chrono::sys_days day{std::chrono::floor<std::chrono::days>(std::chrono::seconds(seconds))};
  return static_cast<int>(std::chrono::year_month_day(std::chrono::sys_days(day)).year());
}

// Reads one piece of a date after the other; each call says whether the piece was there.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }
  // Blanks, and the dashes of RFC 850.
  bool Gap() {
    const size_t before = rest_.size();
    while (!rest_.empty() && (IsBlank(rest_.front()) || rest_.front() == '-')) rest_.remove_prefix(1);
    return rest_.size() != before;
  }
  bool Sign(char sign) {
    if (!rest_.starts_with(sign)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool Number(size_t fewest, size_t most, int& number) {
    size_t digits = 0;
    for (number = 0; digits < most && digits < rest_.size() && IsDigit(rest_[digits]); ++digits) number = number * 10 + (rest_[digits] - '0');
    digits_ = digits;
    rest_.remove_prefix(digits);
    return digits >= fewest;
  }
  size_t digits() const { return digits_; }  // of the last number
  std::string Word() {
    std::string word;
    while (!rest_.empty() && Lower(rest_.front()) >= 'a' && Lower(rest_.front()) <= 'z') {
      word += Lower(rest_.front());
      rest_.remove_prefix(1);
    }
    return word;
  }
  bool Month(int& month) {
    const auto found = std::find(kMonths.begin(), kMonths.end(), Word());
    month = static_cast<int>(found - kMonths.begin()) + 1;
    return found != kMonths.end();
  }
  bool Time(int64_t& second_of_day) {
    int hour = 0;
    int minute = 0;
    int second = 0;
    const bool read = Number(2, 2, hour) && Sign(':') && Number(2, 2, minute) && Sign(':') && Number(2, 2, second);
    second_of_day = hour * 3600 + minute * 60 + std::min(second, 59);
    return read && hour < 24 && minute < 60 && second <= 60;  // 60: a leap second, which does not count
  }
  bool Zone() {
    if (Sign('+')) {
      int offset = 0;
      return Number(4, 4, offset) && offset == 0;
    }
    const std::string name = Word();
    return name == "gmt" || name == "utc" || name == "z";
  }

 private:
  std::string_view rest_;
  size_t digits_ = 0;
};

// "06 Nov 1994 08:49:37 GMT" and "06-Nov-94 08:49:37 GMT"
bool ReadDayFirst(Pieces& pieces, int64_t now, Moment& moment) {
  if (!pieces.Number(1, 2, moment.day) || !pieces.Gap() || !pieces.Month(moment.month) || !pieces.Gap() || !pieces.Number(2, 4, moment.year))
    return false;
  if (pieces.digits() == 3) return false;
  if (pieces.digits() == 2) {
    const int this_year = YearOf(now);
    moment.year += this_year / 100 * 100;
    while (moment.year > this_year + 50) moment.year -= 100;
    while (moment.year <= this_year - 50) moment.year += 100;
  }
  return pieces.Gap() && pieces.Time(moment.second_of_day) && pieces.Gap() && pieces.Zone();
}

// "Nov  6 08:49:37 1994"
bool ReadAsctime(Pieces& pieces, Moment& moment) {
  if (!pieces.Month(moment.month) || !pieces.Gap() || !pieces.Number(1, 2, moment.day) || !pieces.Gap()) return false;
  return pieces.Time(moment.second_of_day) && pieces.Gap() && pieces.Number(4, 4, moment.year);
}

std::optional<int64_t> Seconds(const Moment& moment) {
  using std::chrono::day;
  using std::chrono::month;
  using std::chrono::year;
  const std::chrono::year_month_day date{year(moment.year), month(static_cast<unsigned>(moment.month)), day(static_cast<unsigned>(moment.day))};
  if (moment.year < 1 || !date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * kDay + moment.second_of_day;
}

}  // namespace

std::optional<int64_t> ParseHttpDate(std::string_view text, int64_t now) {
  Pieces pieces(Trimmed(text));
  Moment moment;
  if (pieces.Word().size() < 3) return std::nullopt;
  const bool comma = pieces.Sign(',');
  pieces.Gap();
  const bool read = comma ? ReadDayFirst(pieces, now, moment) : ReadAsctime(pieces, moment);
  return read && pieces.AtEnd() ? Seconds(moment) : std::nullopt;
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
  std::string month(kMonths[static_cast<unsigned>(date.month()) - 1]);
  month[0] = static_cast<char>(month[0] - 32);
  char text[64];
  std::snprintf(text, sizeof(text), "%s, %02u %s %04d %02d:%02d:%02d GMT", kDays[std::chrono::weekday(day).c_encoding()].data(),
                static_cast<unsigned>(date.day()), month.c_str(), static_cast<int>(date.year()), second / 3600, second / 60 % 60, second % 60);
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
