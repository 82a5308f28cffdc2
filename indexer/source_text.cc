#include "indexer/source_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/ascii.h"
#include "text/utf8.h"

namespace sakuin::indexer {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The number of digits at the front.
size_t Digits(std::string_view text) { return static_cast<size_t>(std::find_if_not(text.begin(), text.end(), IsDigit) - text.begin()); }

// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool IsJsonNumber(std::string_view text, bool& whole) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const size_t integer = Digits(text);
  if (integer == 0 || (integer > 1 && text[0] == '0')) return false;
  text.remove_prefix(integer);
  whole = text.empty();
  if (text.starts_with('.')) {
    const size_t fraction = Digits(text.substr(1));
    if (fraction == 0) return false;
    text.remove_prefix(1 + fraction);
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    const size_t exponent = Digits(text);
    if (exponent == 0) return false;
    text.remove_prefix(exponent);
  }
  return text.empty();
}

}  // namespace

std::string WithCommas(uint64_t number) {
  std::string out = std::to_string(number);
  for (size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, 1, ',');
  return out;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Scalar RecognizeScalar(std::string_view text) {
  Scalar scalar;
  if (text == "true" || text == "TRUE" || text == "false" || text == "FALSE") {
    scalar.value = text.front() == 't' || text.front() == 'T';
    scalar.is_string = false;
    return scalar;
  }
  bool whole = false;
  if (text.empty() || (!IsDigit(text.front()) && text.front() != '-') || !IsJsonNumber(text, whole)) return scalar;
  const char* const end = text.data() + text.size();
  if (int64_t integer = 0; whole && std::from_chars(text.data(), end, integer).ec == std::errc()) {
    scalar.value = integer;
    scalar.is_string = false;
  } else if (double number = 0; std::from_chars(text.data(), end, number).ec == std::errc() && std::isfinite(number)) {
    scalar.value = number;
    scalar.is_string = false;
  }
  return scalar;
}

std::string FirstLine(std::string_view text) {
  constexpr size_t kMaxTitleBytes = 200;
  const auto start = static_cast<size_t>(std::find_if_not(text.begin(), text.end(), IsBlank) - text.begin());
  text.remove_prefix(start);
  text = Trim(text.substr(0, text.find('\n')));
  return std::string(text::CutAtCharacter(text, kMaxTitleBytes));
}

}  // namespace sakuin::indexer
