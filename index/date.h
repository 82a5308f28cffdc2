// date.h: dates and times as a column holds them: microseconds since 1970, UTC.
//
//   DateRange day;
//   ParseDate("2010-12-31", day);          // day.first .. day.last: the whole day
//
// ISO 8601: a year, a month, a day, or a time ("2001-05-01T10:00:00.25Z", with
// offsets as +09:00; without one UTC). What is not said is a range: a year is
// all its microseconds. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sakuin::index {

struct DateRange {
  int64_t first = 0;
  int64_t last = 0;
};

// False, and `range` unchanged, when `text` is no date. Years 0001 to 9999, in UTC.
bool ParseDate(std::string_view text, DateRange& range);

// True for what an inferred schema takes for a date: at least a year, a month and a day.
bool LooksLikeDate(std::string_view text);

std::string FormatDate(int64_t micros);  // "2001-05-01T10:00:00Z", with a fraction only when there is one

}  // namespace sakuin::index
