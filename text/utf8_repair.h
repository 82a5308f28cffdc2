// utf8_repair.h: text that somebody else wrote, made fit to keep and to show.
//
//   RepairUtf8(text);                          // "a\xff" -> "a\uFFFD", returns 1
//   Excerpt("not\x01 json ...")                // for messages: short, one line, printable
//
// What counts as one wrong part is said in utf8.h. Pure functions: thread-safe; linear.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sakuin::text {

bool IsUtf8(std::string_view text);

// Puts U+FFFD in the place of every maximal ill-formed part; returns how many there were.
// Well-formed text costs a vector scan.
size_t RepairUtf8(std::string& text);

// At most `max_bytes` bytes of the text (and "..." when that is less than all), with control characters, those of lines and directions,
// and bytes that are not UTF-8 escaped: safe to print.
std::string Excerpt(std::string_view text, size_t max_bytes = 60);

}  // namespace sakuin::text
