// percent_encoding.h: bytes that may not stand in a part of a URL, written %XX.
//
//   std::string path;
//   AppendPercentEncoded("a b/\"", PercentEncodeSet::kPath, path);   // "a%20b/%22"
//   PercentDecode("%41%zz");                                         // "A%zz"
//
// Each part of a URL has a set of bytes that it encodes (URL standard, section 1.3). A '%' that is there
// already stays as it is. Pure functions: thread-safe; linear.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sakuin::crawler {

// Which bytes are encoded. Control characters, DEL and everything that is not ASCII are in all of them.
enum class PercentEncodeSet : uint8_t {
  kC0Control = 1 << 0,     // nothing else: opaque paths and opaque hosts
  kFragment = 1 << 1,      // space " < > `
  kQuery = 1 << 2,         // space " # < >
  kSpecialQuery = 1 << 3,  // kQuery and '
  kPath = 1 << 4,          // kQuery and ? ^ ` { }
  kUserinfo = 1 << 5,      // kPath and / : ; = @ [ \ ] |
};

namespace percent_encoding_internal {

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

inline constexpr std::array<uint8_t, 256> kTable = MakeTable();

}  // namespace percent_encoding_internal

// Whether a byte is encoded where this set holds.
constexpr bool IsPercentEncoded(char byte, PercentEncodeSet set) {
  return (percent_encoding_internal::kTable[static_cast<uint8_t>(byte)] & static_cast<uint8_t>(set)) != 0;
}

void AppendPercentEncoded(std::string_view text, PercentEncodeSet set, std::string& out);

// Every %XX with two hexadecimal digits becomes its byte; other '%' stay. May give bytes that are not UTF-8.
std::string PercentDecode(std::string_view text);

// The value of a hexadecimal digit; -1: it is none.
inline int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that the three bytes at `at` stand for ("%2F" -> 0x2F); -1: they are no triplet.
inline int TripletAt(std::string_view text, size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return -1;
  const int high = HexValue(text[at + 1]);
  const int low = HexValue(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// "%2F" for 0x2F.
void AppendTriplet(uint8_t byte, std::string& out);

}  // namespace sakuin::crawler
