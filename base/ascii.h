// ascii.h: letters whatever their case, and what stands between blanks, in texts whose bytes beyond ASCII mean nothing here.
//
//   EqualsIgnoringCase("Content-Type", "content-type")    // true
//   Trim("\t a b ")                                       // "a b"
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace sakuin {

constexpr char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

inline bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return LowerAscii(x) == LowerAscii(y); });
}

inline std::string_view Trim(std::string_view text, std::string_view blanks = " \t\r\n") {
  const size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

}  // namespace sakuin
