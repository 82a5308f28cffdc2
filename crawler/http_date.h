// http_date.h: dates as HTTP writes them, and how long a server asks to be left alone.
//
//   ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT", now);    // 784111777: seconds since 1970, UTC
//   ParseRetryAfter("120", now);                            // 120 s
//
// All three forms of RFC 9110, 5.6.7 are read, by text/date_text.h: IMF-fixdate, RFC 850 (two digits of the year: the one
// that is nearest to `now`, at most 50 years ahead of it) and asctime. As servers write them: a day may have one digit, and
// UTC and +0000 are other names for GMT; but a time belongs to it, and no other zone. Pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sakuin::crawler {

// Seconds since 1970, of years 0001 to 9999. `now`: likewise.
std::optional<int64_t> ParseHttpDate(std::string_view text, int64_t now);

// Seconds or a date; never negative, and more than a year is a year. None when it is neither.
std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view text, int64_t now);

}  // namespace sakuin::crawler
