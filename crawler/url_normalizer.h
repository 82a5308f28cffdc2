// url_normalizer.h: the form under which the crawler knows a page.
//
//   http://Me:x@Example.com:80/%7eme/a%2fb;jsessionid=1?utm_source=x&b=2&a=1#top
//   http://example.com/~me/a%2Fb?b=2&a=1
//
// Addresses that nearly always give the same page become one:
//   - no fragment, no user name and password;
//   - triplets in capitals; letters, digits and "-._~" without their triplets;
//   - no parameters that follow people instead of naming pages, no session ids (url_normalizer.cc has the list),
//     neither in the query nor behind a ';' of the path;
//   - no empty parameters, no empty query.
// The host's case, the default port and dot segments Url has already settled. The order of parameters stays: some
// servers heed it, and trap_detector.h looks after those who permute it. Of other schemes than http and https only
// the fragment goes. Idempotent. Pure: thread-safe.
#pragma once

#include <string_view>

#include "crawler/url.h"

namespace sakuin::crawler {

Url NormalizeUrl(Url url);

// Whether a parameter ("utm_source", "x") says who comes, or from where, and not which page is meant.
bool IsTrackingParameter(std::string_view name, std::string_view value);

}  // namespace sakuin::crawler
