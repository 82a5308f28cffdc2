// public_suffix.h: which part of a host somebody has registered.
//
//   RegistrableDomain("www.example.co.uk");   // "example.co.uk"
//   RegistrableDomain("me.github.io");        // "me.github.io": "github.io" is a public suffix
//   RegistrableDomain("co.uk");               // "": nobody's
//   SiteOf("127.0.0.1");                      // "127.0.0.1"
//
// By the public suffix list as the system has it (libpsl; the newer of its own and /usr/share/publicsuffix). Hosts
// are those of Url: lower-cased ASCII; capitals and UTF-8 are understood too. Thread-safe; a look-up costs one or
// two microseconds, the first one opens the list.
#pragma once

#include <string_view>

namespace sakuin::crawler {

// The public suffix and one label more, a view into `host`; empty: the host is an address, a public suffix, or no
// host. A final dot stays.
std::string_view RegistrableDomain(std::string_view host);

// What pages of one owner have in common: the registrable domain, or the host itself where there is none.
std::string_view SiteOf(std::string_view host);

}  // namespace sakuin::crawler
