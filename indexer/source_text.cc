#include "indexer/source_text.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sakuin::indexer {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

uint8_t ByteAt(std::string_view text, size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0; }
bool IsTrail(uint8_t byte) { return (byte & 0xC0) == 0x80; }

// Bytes of the character at the front; of an ill-formed one, the bytes that one U+FFFD stands for.
size_t CharacterBytes(std::string_view text, bool& well_formed) {
  const uint8_t lead = ByteAt(text, 0);
  const uint8_t second = ByteAt(text, 1);
  well_formed = lead < 0x80;
  if (lead < 0xC2 || lead > 0xF4) return 1;
  if (!IsTrail(second)) return 1;
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 1;
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 1;
  const size_t wanted = lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4);
  size_t have = 2;
  while (have < wanted && IsTrail(ByteAt(text, have))) ++have;
  well_formed = have == wanted;
  return have;
}

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

bool IsUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

size_t RepairUtf8(std::string& text) {
  if (IsUtf8(text)) return 0;
  size_t replaced = 0;
  std::string repaired;
  repaired.reserve(text.size() + text.size() / 8);
  const std::string_view all = text;
  for (size_t i = 0; i < all.size();) {
    bool well_formed = false;
    const size_t bytes = CharacterBytes(all.substr(i), well_formed);
    repaired.append(well_formed ? all.substr(i, bytes) : kReplacement);
    replaced += well_formed ? 0 : 1;
    i += bytes;
  }
  text = std::move(repaired);
  return replaced;
}

void AppendCodePoint(std::string& out, uint32_t code_point) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
    out += kReplacement;
  } else if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

std::string Excerpt(std::string_view text, size_t max_bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  size_t i = 0;
  while (i < text.size() && out.size() < max_bytes) {
    bool well_formed = false;
    const size_t bytes = CharacterBytes(text.substr(i), well_formed);
    const uint8_t byte = ByteAt(text, i);
    const bool c1_control = byte == 0xC2 && ByteAt(text, i + 1) < 0xA0;
    if (well_formed && byte >= 0x20 && byte != 0x7F && !c1_control) {
      out.append(text, i, bytes);
      i += bytes;
      continue;
    }
    out += "\\x";
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
    ++i;
  }
  if (i < text.size()) out += "...";
  return out;
}

std::string WithCommas(uint64_t number) {
  std::string out = std::to_string(number);
  for (size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, 1, ',');
  return out;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char AsciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return AsciiLower(x) == AsciiLower(y); });
}

bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && EqualsIgnoringCase(text.substr(0, prefix.size()), prefix);
}

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
  if (text.size() > kMaxTitleBytes) {
    size_t cut = kMaxTitleBytes;
    while (cut > 0 && IsTrail(ByteAt(text, cut))) --cut;
    text = text.substr(0, cut);
  }
  return std::string(text);
}

}  // namespace sakuin::indexer
