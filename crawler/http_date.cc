#include "crawler/http_date.h"

#include <array>
#include <charconv>
#include <vector>

namespace sakuin::crawler {
namespace {

// What is left of a date after its day's name: "06", "Nov", "1994", "08", "49", "37", "GMT".
std::vector<std::string_view> Parts(std::string_view text) {
  std::vector<std::string_view> parts;
  constexpr std::string_view kBetween = " \t,-:";
  for (size_t begin = text.find_first_not_of(kBetween); begin != std::string_view::npos && parts.size() < 9;) {
    const size_t end = std::min(text.find_first_of(kBetween, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kBetween, end);
  }
  return parts;
}

std::optional<int> Number(std::string_view digits, int most) {
  int number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || stop != digits.data() + digits.size() || number < 0 || number > most) return std::nullopt;
  return number;
}

std::optional<unsigned> Month(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i] == name) return i + 1;
  }
  return std::nullopt;
}

std::optional<int> Year(std::string_view digits) {
  std::optional<int> year = Number(digits, 9999);
  if (digits.size() == 2 && year) *year += *year < 70 ? 2000 : 1900;
  return year;
}

std::optional<Time> Assemble(std::string_view day, std::string_view month, std::string_view year, std::string_view hour, std::string_view minute,
                             std::string_view second) {
  const auto d = Number(day, 31), h = Number(hour, 23), m = Number(minute, 59), s = Number(second, 60), y = Year(year);
  const auto mon = Month(month);
  if (!d || !mon || !y || !h || !m || !s) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*y), std::chrono::month(*mon), std::chrono::day(static_cast<unsigned>(*d)));
  if (!date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(*h) + std::chrono::minutes(*m) + std::chrono::seconds(*s);
}

}  // namespace

std::optional<Time> ParseHttpDate(std::string_view text) {
  const std::vector<std::string_view> parts = Parts(text);
  if (parts.size() == 8 && parts[7] == "GMT") return Assemble(parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]);
  if (parts.size() == 7) return Assemble(parts[2], parts[1], parts[6], parts[3], parts[4], parts[5]);  // asctime
  return std::nullopt;
}

}  // namespace sakuin::crawler
