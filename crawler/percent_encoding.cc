#include "crawler/percent_encoding.h"

namespace sakuin::crawler {

void AppendTriplet(uint8_t byte, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  out += '%';
  out += kDigits[byte >> 4];
  out += kDigits[byte & 0xF];
}

void AppendPercentEncoded(std::string_view text, PercentEncodeSet set, std::string& out) {
  size_t kept = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (!IsPercentEncoded(text[at], set)) continue;
    out += text.substr(kept, at - kept);
    AppendTriplet(static_cast<uint8_t>(text[at]), out);
    kept = at + 1;
  }
  out += text.substr(kept);
}

std::string PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    const int byte = TripletAt(text, at);
    out += byte < 0 ? text[at] : static_cast<char>(byte);
    if (byte >= 0) at += 2;
  }
  return out;
}

}  // namespace sakuin::crawler
