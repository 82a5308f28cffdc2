// crawl_seed.h: where a crawl begins, as it is written on the command line.
//
//   ASSIGN_OR_RETURN(const crawler::Url url, ParseSeed("example.com"));    // https://example.com/
//
// An address with http:// or https://, or one that begins with its host, which is taken as https://. Paths of files and
// misspelt schemes would be hosts to a parser of addresses, too, and are refused. Looks at the disk; changes nothing.
#pragma once

#include <string>

#include "base/status.h"
#include "crawler/url.h"

namespace sakuin::cli {

bool HasScheme(const std::string& seed);

// INVALID_ARGUMENT says what the seed is instead, as far as it can be told.
Result<crawler::Url> ParseSeed(const std::string& seed);

}  // namespace sakuin::cli
