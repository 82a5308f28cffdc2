// ascii.h: letters whatever their case, and what stands between blanks, in texts whose bytes beyond ASCII mean nothing here.
//
//   EqualsIgnoringCase("Content-Type", "content-type")    // true
//   StartsWithIgnoringCase("TEXT/html", "text/")          // true
//   LowerAscii("ÄBc")                                     // "Äbc"
//   Trim("\t a b ")                                       // "a b"
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace sakuin {

constexpr char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

inline bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return LowerAscii(x) == LowerAscii(y); });
}

inline bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix) {
  return EqualsIgnoringCase(text.substr(0, prefix.size()), prefix);
}

inline std::string LowerAscii(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = LowerAscii(c);
  return lowered;
}

inline constexpr std::string_view kAsciiBlanks = " \t\n\v\f\r";

inline std::string_view Trim(std::string_view text, std::string_view blanks = kAsciiBlanks) {
  const size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

}  // namespace sakuin
