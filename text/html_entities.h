// html_entities.h: character references: `&amp;` and the other 2230 names of
// the HTML standard (section 13.5), and numbers (&#38;).
//
//   AppendHtmlDecoded(out, "a &lt; b &eacute;&#33;");      // a < b é!
//   HtmlEntityMatch m = MatchHtmlEntity("notit;", true);   // &notit; is U+00AC and "it;"
//   m.bytes == 3, m.text() == "¬", m.semicolon == false
//
// The longest name wins. The table is built once, when it is first asked.
// Thread-safe; linear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sakuin::text {

inline constexpr size_t kMaxHtmlEntityBytes = 32;  // of a name with its semicolon
inline constexpr size_t kMaxHtmlEntityText = 7;    // bytes of what a name stands for
inline constexpr size_t kHtmlEntityNames = 2231;   // as the standard counts: `amp` and `amp;` are two

struct HtmlEntityMatch {
  uint8_t bytes = 0;  // of the name, with the semicolon; 0: no name starts here
  bool semicolon = false;
  bool wait = false;  // more input could change the answer; never when `complete`
  uint8_t text_bytes = 0;
  char utf8[kMaxHtmlEntityText] = {};

  std::string_view text() const { return {utf8, text_bytes}; }
};

// What stands behind the `&`. `complete` says that nothing follows `input`.
// Looks at no more than kMaxHtmlEntityBytes.
HtmlEntityMatch MatchHtmlEntity(std::string_view input, bool complete);

// The character that a number stands for: U+FFFD for what is none; those of
// controls mean what their authors meant (section 13.2.5.80).
char32_t MeaningOfHtmlNumber(uint32_t number);

// Appends a whole text with its references decoded; what is no reference stays as it is.
void AppendHtmlDecoded(std::string& out, std::string_view text);

// How many names there are, with and without semicolon; the table's own count.
size_t CountHtmlEntityNames();

}  // namespace sakuin::text
