#include "cli/page_token.h"

#include "base/bytes.h"
#include "base/checksum.h"

namespace sakuin::cli {
namespace {

constexpr char kHex[] = "0123456789abcdef";

std::string Bytes(const PageToken& token, const std::string& identity) {
  std::string bytes;
  AppendVarint(bytes, token.offset);
  AppendVarint(bytes, token.generation);
  AppendVarint(bytes, static_cast<uint64_t>(token.now));
  AppendU32(bytes, static_cast<uint32_t>(Checksum(bytes + identity)));
  return bytes;
}

int HexDigit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

}  // namespace

std::string FormatPageToken(const PageToken& token, const std::string& identity) {
  std::string text;
  for (const char c : Bytes(token, identity)) {
    text.push_back(kHex[static_cast<uint8_t>(c) >> 4]);
    text.push_back(kHex[static_cast<uint8_t>(c) & 15]);
  }
  return text;
}

Result<PageToken> ParsePageToken(const std::string& text, const std::string& identity) {
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = HexDigit(text[i]);
    const int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) break;
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  ByteReader in(bytes);
  PageToken token;
  token.offset = in.ReadVarint();
  token.generation = in.ReadVarint();
  token.now = static_cast<int64_t>(in.ReadVarint());
  if (!in.ok() || text.size() % 2 != 0 || FormatPageToken(token, identity) != text) {
    return InvalidArgumentError("--page-token '" + text.substr(0, 60) +
                                "' is not the next_page_token of this search; repeat the search with the same query, filter, sort and ranking");
  }
  return token;
}

}  // namespace sakuin::cli
