#include "crawler/percent_encoding.h"

#include <array>

namespace sakuin::crawler {

namespace {

constexpr uint8_t Bit(PercentEncodeSet set) { return static_cast<uint8_t>(set); }

constexpr void Add(std::array<uint8_t, 256>& table, std::string_view bytes, uint8_t sets) {
  for (const char byte : bytes) table[static_cast<uint8_t>(byte)] |= sets;
}

// The sets of every byte, one bit each.
constexpr std::array<uint8_t, 256> MakeTable() {
  constexpr uint8_t kUserinfo = Bit(PercentEncodeSet::kUserinfo);
  constexpr uint8_t kPath = Bit(PercentEncodeSet::kPath) | kUserinfo;
  constexpr uint8_t kQueries = Bit(PercentEncodeSet::kQuery) | Bit(PercentEncodeSet::kSpecialQuery) | kPath;
  std::array<uint8_t, 256> table{};
  for (size_t byte = 0; byte < table.size(); ++byte) table[byte] = byte < 0x20 || byte >= 0x7F ? 0xFF : 0;
  Add(table, " \"<>`", Bit(PercentEncodeSet::kFragment));
  Add(table, " \"#<>", kQueries);
  Add(table, "'", Bit(PercentEncodeSet::kSpecialQuery));
  Add(table, "?^`{}", kPath);
  Add(table, "/:;=@[\\]|", kUserinfo);
  return table;
}

constexpr std::array<uint8_t, 256> kTable = MakeTable();

}  // namespace

bool IsPercentEncoded(char byte, PercentEncodeSet set) { return (kTable[static_cast<uint8_t>(byte)] & Bit(set)) != 0; }

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
