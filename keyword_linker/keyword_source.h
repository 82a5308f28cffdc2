// keyword_source.h: keywords as people write them, line by line.
//
//   東京都<TAB>/wiki/東京都<TAB>5
//   Tokyo
//
// A keyword, what it links to (the keyword itself where nothing is given), its
// priority (0 where none is given). White space around each does not count, empty
// lines neither.
#pragma once

#include <optional>
#include <string_view>

#include "base/status.h"
#include "keyword_linker/dictionary.h"

namespace sakuin::keyword_linker {

// Nothing for an empty line. The views are into `line`. INVALID_ARGUMENT for a
// priority that is no whole number of 32 bits, for a fourth column, and for what is not
// UTF-8 or has a zero byte.
Result<std::optional<Entry>> ParseKeywordLine(std::string_view line);

}  // namespace sakuin::keyword_linker
