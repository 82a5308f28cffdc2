// http_date.h: the dates of HTTP's headers (RFC 9110, 5.6.7).
//
//   ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT");    // and the two older forms:
//   ParseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT");
//   ParseHttpDate("Sun Nov  6 08:49:37 1994");
//
// The name of the day is not checked against the date. A year of two digits is one
// of 1970 to 2069. Whatever the locale. Pure: thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "crawler/crawl_time.h"

namespace sakuin::crawler {

// Nothing for anything else, and for days that no month has.
std::optional<Time> ParseHttpDate(std::string_view text);

}  // namespace sakuin::crawler
