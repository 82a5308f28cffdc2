// link_header.h: what a Link header says of the page it comes with (RFC 8288).
//
//   CanonicalOf({"</style.css>; rel=preload, <https://example.com/a>; rel=\"canonical\""})    // "https://example.com/a"
//
// As tolerant as browsers are; any bytes are survived. Pure function: thread-safe; linear.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sakuin::crawler {

// The address in the first link of that kind, as it stands there, relative to the page; empty when there is none. Links
// that say something of another page (anchor) are none.
std::string CanonicalOf(const std::vector<std::string_view>& values);

}  // namespace sakuin::crawler
