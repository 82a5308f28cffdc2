// Any text as a page token: refused, or the one token of its page and search.

#include <cstddef>
#include <cstdint>
#include <string>

#include "cli/page_token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::cli;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto token = ParsePageToken(text, "search");
  if (token.ok() && FormatPageToken(*token, "search") != text) __builtin_trap();
  const std::string sound = FormatPageToken({size, size / 2, static_cast<int64_t>(size) * 3}, text);
  const auto again = ParsePageToken(sound, text);
  if (!again.ok() || again->offset != size || again->generation != size / 2 || again->now != static_cast<int64_t>(size) * 3) __builtin_trap();
  return 0;
}
