// date_text.h: the dates of pages, feeds and sitemaps, as seconds since 1970.
//
//   ParseDate("2024-02-29T12:00:00+09:00")        // 1709175600
//   ParseDate("2024-02-29")                       // 1709164800: midnight in UTC
//   ParseDate("Thu, 29 Feb 2024 03:00:00 GMT")    // RFC 822, as in RSS and HTTP
//   ParseDate("yesterday")                        // nothing
//   FormatDate(1709175600)                        // "2024-02-29T03:00:00Z"
//
// ISO 8601 in the forms that W3C and schema.org use (also 2024, 2024-02, 20240229
// and with / or .). Years 1000 to 9999. Without a zone it is UTC. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sakuin::text {

std::optional<int64_t> ParseDate(std::string_view text);

std::string FormatDate(int64_t seconds);

}  // namespace sakuin::text
