// page_token.h: where the next page of hits begins, as text that clients hand back unread.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"

namespace sakuin::cli {

struct PageToken {
  uint64_t offset = 0;
  uint64_t generation = 0;
};

// `identity`: all of the request that decides which hits come in which order.
std::string FormatPageToken(const PageToken& token, const std::string& identity);

// INVALID_ARGUMENT when the text is no token, or one of another search.
Result<PageToken> ParsePageToken(const std::string& text, const std::string& identity);

}  // namespace sakuin::cli
