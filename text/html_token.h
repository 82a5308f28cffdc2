// html_token.h: what an HTML tokenizer finds, each with its bytes in the source.
//
//   "<p class=x>AT&amp;T</p>"
//     kStartTag [0,11)   name "p", attributes { class [3,8) = "x" [9,10) }
//     kText     [11,19)  pieces { "AT" [11,13) as it stands, "&" [13,18), "T" [18,19) as it stands }
//     kEndTag   [19,23)  name "p"
//     kEnd      [23,23)
//
// The spans of the tokens tile the source: each begins where the one before it
// ended, the first at 0. Offsets count bytes of the whole source. Names and
// texts are valid UTF-8, with U+FFFD for bytes that are not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace sakuin::text {

enum class HtmlTokenKind : uint8_t {
  kText,
  kStartTag,
  kEndTag,
  kComment,  // and what is read as one, such as <?php ... >
  kDoctype,
  kNothing,  // bytes without a meaning: </>, a tag that the source ends in, the brackets of a CDATA section
  kEnd,
};

// What a start tag makes of the bytes that follow: the "content model" of the standard's tokenizer.
enum class HtmlContent : uint8_t {
  kData,
  kRcdata,      // character references and the right end tag only: title, textarea
  kRawtext,     // the right end tag only: style, xmp, iframe, noembed, noframes
  kScriptData,  // script
  kPlaintext,   // nothing ends it
  kCdata,       // up to ]]>
};

// A part of a text. Most are long runs that stand in the source as they are;
// the others stand for a character reference, an end of line (\r, \r\n), a NUL or
// bytes that are not UTF-8, and have at most two code points.
struct HtmlTextPiece {
  uint64_t start = 0;  // [start, end) in the source
  uint64_t end = 0;
  const char* run = nullptr;  // its bytes when they stand as they are: byte i of text() is source byte start + i
  uint8_t decoded_bytes = 0;
  char decoded[7] = {};

  bool verbatim() const { return run != nullptr; }
  std::string_view text() const {
    return run != nullptr ? std::string_view(run, static_cast<size_t>(end - start)) : std::string_view(decoded, decoded_bytes);
  }
};

struct HtmlAttribute {
  std::string_view name;    // A-Z in lower case
  std::string_view value;   // decoded; empty when there is none
  uint64_t name_start = 0;  // spans in the source, the value's without its quotes
  uint64_t name_end = 0;
  uint64_t value_start = 0;  // without a value both are name_end
  uint64_t value_end = 0;
};

struct HtmlDoctype {
  bool has_name = false;
  bool has_public_id = false;
  bool has_system_id = false;
  bool force_quirks = false;
  std::string_view public_id;
  std::string_view system_id;
};

struct HtmlToken {
  HtmlTokenKind kind = HtmlTokenKind::kEnd;
  bool self_closing = false;  // tags: <br/>
  bool truncated = false;     // a limit was met: bytes of the span are not in the meaning
  uint64_t start = 0;         // [start, end) in the source
  uint64_t end = 0;
  std::string_view name;                      // tags and doctypes, A-Z in lower case
  std::string_view data;                      // comments
  std::span<const HtmlAttribute> attributes;  // tags, the first of each name; those of end tags mean nothing
  std::span<const HtmlTextPiece> pieces;      // texts; they tile [start, end)
  HtmlDoctype doctype;

  // nullptr when there is none. REQUIRES: name in lower case.
  const HtmlAttribute* Find(std::string_view attribute) const {
    for (const HtmlAttribute& each : attributes) {
      if (each.name == attribute) return &each;
    }
    return nullptr;
  }
};

}  // namespace sakuin::text
