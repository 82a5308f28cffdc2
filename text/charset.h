// charset.h: bytes of a page or a text to UTF-8.
//
//   std::string buffer;
//   DecodedText page = DecodeText(bytes, {.label = "ks_c_5601-1987"}, buffer);
//   page.text                  // UTF-8, in `bytes` itself where nothing had to be changed
//   page.charset->name         // "EUC-KR"
//   page.source                // CharsetSource::kLabel
//
// Who says it, the first that does: a byte order mark; the name that the caller
// has, from Content-Type; a name in the first 1024 bytes, in the way that the HTML
// standard prescribes (<meta charset>, http-equiv, and an XML declaration), or later
// where the bytes are no UTF-8; a guess. A name nobody knows says nothing. UTF-8 is not believed where most of what is
// not ASCII is no UTF-8 and kFewestBroken sequences are not; fewer are mistakes in a page of UTF-8, as in browsers. The
// guess is UTF-8 for whatever is valid UTF-8, UTF-16 and UTF-32 by their zero bytes, else libuchardet's, else windows-1252.
//
// What cannot be decoded becomes U+FFFD; nothing fails. Valid UTF-8 costs a vector
// scan and no copy. Pure functions: thread-safe; linear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "text/charset_labels.h"

namespace sakuin::text {

enum class CharsetSource : uint8_t { kBom, kLabel, kMeta, kDetected };

// "bom", "header", "meta", "detected".
std::string_view CharsetSourceName(CharsetSource source);

struct CharsetHints {
  std::string_view label;  // of the caller; empty: none
  bool markup = true;      // whether to look for a name in the text, as in HTML and XML
};

struct DecodedText {
  std::string_view text;  // valid UTF-8 without a byte order mark; lives in the bytes or in the buffer
  const Charset* charset = nullptr;
  CharsetSource source = CharsetSource::kDetected;
  size_t replaced = 0;  // how many U+FFFD stand for what could not be decoded
};

// Of texts in other encodings three sequences of four and more are no UTF-8 (77% of Japanese in EUC-JP is the least, Latin and
// most Cyrillic 100%), and the guess that takes its place is right for 99 of 100 texts with so many: for 85 with 8, for 50 with 4.
inline constexpr size_t kFewestBroken = 16;

// `buffer` is used, or not, and must live as long as the result.
DecodedText DecodeText(std::string_view bytes, const CharsetHints& hints, std::string& buffer);

// Appends the bytes as UTF-8; returns how many U+FFFD stand for what could not be decoded.
size_t AppendDecoded(std::string& out, std::string_view bytes, const Charset& charset);

}  // namespace sakuin::text
