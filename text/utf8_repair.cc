#include "text/utf8_repair.h"

#include <simdjson.h>

#include <utility>

#include "text/utf8.h"

namespace sakuin::text {
namespace {

// Also what ends a line, or turns the direction of all that follows.
bool IsControl(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void AppendEscaped(std::string& out, char byte) {
  constexpr char kHex[] = "0123456789abcdef";
  const auto value = static_cast<uint8_t>(byte);
  out += "\\x";
  out += kHex[value >> 4];
  out += kHex[value & 15];
}

}  // namespace

bool IsUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

size_t RepairUtf8(std::string& text) {
  if (IsUtf8(text)) return 0;
  size_t replaced = 0;
  std::string repaired;
  repaired.reserve(text.size() + text.size() / 8);
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, at);
    AppendUtf8(repaired, c.value);
    replaced += c.valid ? 0 : 1;
    at += c.bytes;
  }
  text = std::move(repaired);
  return replaced;
}

std::string Excerpt(std::string_view text, size_t max_bytes) {
  std::string out;
  size_t at = 0;
  while (at < text.size() && out.size() < max_bytes) {
    const DecodedCodePoint c = DecodeUtf8(text, at);
    const std::string_view bytes = text.substr(at, c.bytes);
    if (c.valid && !IsControl(c.value)) {
      out += bytes;
    } else {
      for (const char byte : bytes) AppendEscaped(out, byte);
    }
    at += c.bytes;
  }
  if (at < text.size()) out += "...";
  return out;
}

}  // namespace sakuin::text
