// url_host.h: what stands between "//" and the path of a URL.
//
//   ParseUrlHost("EX%41MPLE.com", false);   // "example.com"
//   ParseUrlHost("0x7F.1", false);          // "127.0.0.1"
//   ParseUrlHost("[1::0:8]", false);        // "[1::8]"
//   ParseUrlHost("a b", true);              // nullopt
//
// The host parser and serialiser of the URL standard (3.3 to 3.6) in one step. Pure functions: thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sakuin::crawler {

// The host as it stands in a serialized URL; nullopt: it is none. `is_opaque`: the URL's scheme is not special,
// so that its host is no domain. REQUIRES: valid UTF-8.
std::optional<std::string> ParseUrlHost(std::string_view text, bool is_opaque);

bool IsForbiddenInHost(char c);    // in every host
bool IsForbiddenInDomain(char c);  // also in domains: control characters and '%'

}  // namespace sakuin::crawler
