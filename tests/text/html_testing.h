// html_testing.h: all tokens of a page in one readable line each, whatever the chunks.
//
//   DescribeHtml("<b>&lt;", {}, {2});     // fed as "<b", ">&lt;"
//
//     start b [0,3)
//     text [3,7) "<" at 3:7
//     end [7,7)
//
// A text that came in several tokens is one line, with the places of the code
// points that do not stand in the source as they are. A line "BROKEN ..." tells what
// no page may have: spans with gaps, pieces that are not their source, bad UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/html_tokenizer.h"

namespace sakuin::text {

// A token with all it points to.
struct OwnedHtmlAttribute {
  std::string name, value;
  uint64_t name_start, name_end, value_start, value_end;
};
struct OwnedHtmlToken {
  HtmlToken token;  // its views are empty
  std::string name, data, public_id, system_id;
  std::vector<OwnedHtmlAttribute> attributes;
  std::string text;
  std::string places;  // "3:7 9:10": where pieces of the text were decoded
};

struct HtmlRun {
  std::vector<OwnedHtmlToken> tokens;  // texts in a row as one
  std::string broken;                  // empty when all is well
  uint64_t work = 0;
};

// Feeds `source` in chunks that end at `borders` (ascending), each in memory of its own that is gone afterwards.
HtmlRun RunHtml(std::string_view source, const HtmlTokenizerOptions& options, const std::vector<size_t>& borders);

std::string DescribeHtml(const HtmlRun& run);
std::string DescribeHtml(std::string_view source, const HtmlTokenizerOptions& options, const std::vector<size_t>& borders);

// Every byte a chunk.
std::vector<size_t> EveryBorder(std::string_view source);

}  // namespace sakuin::text
