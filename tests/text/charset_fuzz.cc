// Any bytes in any encoding: the text is valid UTF-8, and no more than a constant times as long.
// The first byte chooses the name that the caller has.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "text/charset.h"
#include "text/utf8_repair.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::text;
  constexpr std::string_view kLabels[] = {"",       "utf-8",        "shift_jis", "euc-jp",      "iso-2022-jp", "euc-kr",      "gb18030",
                                          "big5",   "utf-16",       "utf-16be",  "utf-32",      "hz",          "iso-2022-kr", "iso-2022-cn",
                                          "euc-tw", "windows-1252", "viscii",    "iso-8859-16", "windows-874"};
  if (size < 1) return 0;
  const std::string_view label = kLabels[data[0] % std::size(kLabels)];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  std::string buffer;
  const DecodedText text = DecodeText(bytes, {.label = label, .markup = data[0] < 128}, buffer);
  if (text.charset == nullptr || !IsUtf8(text.text) || text.text.size() > 8 * bytes.size() + 8) __builtin_trap();
  return 0;
}
