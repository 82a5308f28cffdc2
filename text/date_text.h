// date_text.h: the dates of pages, feeds and sitemaps, as seconds since 1970.
//
//   ParseDate("2024-02-29T12:00:00+09:00")        // 1709175600
//   ParseDate("2024-02-29")                       // 1709164800: midnight in UTC
//   ParseDate("Thu, 29 Feb 2024 03:00:00 GMT")    // RFC 822, as in RSS and HTTP
//   ParseDate("Thursday, 29-Feb-24 03:00:00 GMT") // RFC 850
//   ParseDate("Thu Feb 29 03:00:00 2024")         // asctime of C
//   ParseDate("yesterday")                        // nothing
//   FormatDate(1709175600)                        // "2024-02-29T03:00:00Z"
//
// ISO 8601 in the forms that W3C and schema.org use (also 2024, 2024-02, 20240229
// and with / or .). The name of the day is not checked and may be absent; case does
// not matter. Years 1000 to 9999. Without a zone it is UTC. Who must know how a date
// was written, as HTTP does, asks for its parts. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sakuin::text {

enum class DateForm : uint8_t { kIso, kDayFirst, kAsctime };

struct DateParts {
  DateForm form = DateForm::kIso;
  int year = 0;  // as it stands; RFC 850 has two digits
  int year_digits = 4;
  int month = 1;
  int day = 1;
  int second_of_day = 0;  // a leap second does not count
  int zone_minutes = 0;   // east of Greenwich
  bool has_time = false;
  bool has_zone = false;
};

// Nothing unless all of `text` is written as a date. Whether there is such a day, SecondsOf says.
std::optional<DateParts> ReadDate(std::string_view text);
// Of the years 1 to 9999; the year is taken as it stands.
std::optional<int64_t> SecondsOf(const DateParts& parts);

// Two digits are a year from 1970 to 2069.
std::optional<int64_t> ParseDate(std::string_view text);

std::string FormatDate(int64_t seconds);

}  // namespace sakuin::text
