// source_text.h: small things that every reader of text needs.
//
//   WithCommas(1234567)                        // "1,234,567"
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

// 1234567 -> "1,234,567".
std::string WithCommas(uint64_t number);

// Blanks are space, tab, CR, LF, form feed.
bool IsBlank(char c);

bool IsAsciiLetter(char c);

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
