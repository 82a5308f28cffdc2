// page_token.h: where the next page of hits begins, as text that clients hand back unread.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"

namespace sakuin::cli {

struct PageToken {
  uint64_t offset = 0;
  uint64_t generation = 0;
  int64_t now = 0;  // the time that ages are counted from, in microseconds since 1970; 0 where none are
};

// `identity`: all of the request that decides which hits come in which order.
std::string FormatPageToken(const PageToken& token, const std::string& identity);

// INVALID_ARGUMENT when the text is no token, or one of another search.
Result<PageToken> ParsePageToken(const std::string& text, const std::string& identity);

}  // namespace sakuin::cli
