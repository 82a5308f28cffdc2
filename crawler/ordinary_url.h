// ordinary_url.h: nearly all URLs of the web need no work but finding their parts.
//
//   std::string href; UrlLayout layout;
//   ParseOrdinaryUrl("https://example.com/a?b", href, layout);         // true
//   ParseOrdinaryUrl("https://EXAMPLE.com/a b/../c", href, layout);    // false: ask ParseUrl
//
// Ordinary is: http or https, a lower-case ASCII domain that is no number, no credentials, no dot segments (but
// "../" at the beginning of a reference), nothing to encode. What is taken here, ParseUrl makes the same of; a
// test holds them together. For url.cc only. One pass, one allocation.
#pragma once

#include <string>
#include <string_view>

#include "crawler/url_layout.h"

namespace sakuin::crawler {

// false: not ordinary, and the results mean nothing.
bool ParseOrdinaryUrl(std::string_view input, std::string& href, UrlLayout& layout);

// An ordinary reference ("../a?b", "/a", "#c") behind a base whose scheme is http or https.
bool ResolveOrdinaryUrl(std::string_view input, std::string_view base, const UrlLayout& base_layout, std::string& href, UrlLayout& layout);

}  // namespace sakuin::crawler
