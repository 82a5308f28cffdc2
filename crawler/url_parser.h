// url_parser.h: the bytes of an address become a UrlRecord, as the URL standard says (4.4).
//
//   UrlRecord record;
//   if (!ParseUrl("../b?c", &base, record)) ...;
//   SetUrlPart(UrlPart::kPort, "8080", record);   // a setter of the standard (6.1)
//
// For url.cc only. Linear in the input. The functions below never leave a record that cannot be serialized.
#pragma once

#include <cstdint>
#include <string_view>

#include "crawler/url_record.h"

namespace sakuin::crawler {

// false: it is no URL, and `record` means nothing. Tabs, line ends and what surrounds the address are left out.
bool ParseUrl(std::string_view input, const UrlRecord* base, UrlRecord& record);

enum class UrlPart : uint8_t { kProtocol, kUsername, kPassword, kHost, kHostname, kPort, kPathname, kSearch, kHash };

// A value that does not fit changes nothing, or what was understood of it ("host:no-port").
void SetUrlPart(UrlPart part, std::string_view value, UrlRecord& record);

}  // namespace sakuin::crawler
