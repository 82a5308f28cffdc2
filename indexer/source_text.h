// source_text.h: small things that every reader of text needs.
//
//   RepairUtf8(text);                          // "a\xff" -> "a\uFFFD", returns 1
//   Excerpt("not\x01 json ...")                // for messages: short, one line, printable
//   RecognizeScalar("12")                      // an integer; "012" stays a string
//
// Pure functions; thread-safe; linear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace sakuin::indexer {

// Puts U+FFFD in the place of every maximal ill-formed part; returns how many there were.
// Well-formed text costs a vector scan.
size_t RepairUtf8(std::string& text);
bool IsUtf8(std::string_view text);

// Appends a code point; U+FFFD for one that cannot be (surrogates, past U+10FFFF).
void AppendCodePoint(std::string& out, uint32_t code_point);

// At most `max_bytes` bytes of the text (and "..." when that is less than all), with control characters
// and bytes that are not UTF-8 escaped: safe to print.
std::string Excerpt(std::string_view text, size_t max_bytes = 60);

// 1234567 -> "1,234,567".
std::string WithCommas(uint64_t number);

// Blanks are space, tab, CR, LF, form feed.
bool IsBlank(char c);
std::string_view Trim(std::string_view text);

bool IsAsciiLetter(char c);
char AsciiLower(char c);
bool EqualsIgnoringCase(std::string_view a, std::string_view b);  // ASCII letters only
bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix);

// The value that a cell shows: true, false (also TRUE, FALSE), an integer as JSON writes it, another
// number as JSON writes it (also an integer past 64 bits). For all else `is_string` is set and
// `value` means nothing: the text is the value.
struct Scalar {
  bool is_string = true;
  std::variant<bool, int64_t, double> value;
};
Scalar RecognizeScalar(std::string_view text);

// A title from running text: the first line that is not blank, trimmed, at most 200 bytes.
std::string FirstLine(std::string_view text);

}  // namespace sakuin::indexer
