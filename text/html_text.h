// html_text.h: the texts of a page that may hold links: what a reader sees, and
// is no link, code or form already.
//
//   HtmlTextReader reader;
//   reader.Feed("<p>See <a href=x>Rome</a> &amp; <code>ls</code>.");
//   reader.Finish();
//   while (const HtmlToken* text = reader.Next()) { ... }   // "See ", " & ", "."
//
// A text comes with its bytes in the source and its pieces, as the tokenizer gives
// it; one that begins where the text before it ended goes on with it. Whoever
// copies all the bytes between the texts returns the page.
//
// Left out is the text of
//   - a, button, code, pre, select, at any depth;
//   - elements without markup inside: script, style, title, textarea, xmp, iframe,
//     noembed, noframes, noscript, plaintext;
//   - svg and math, with all that is in them.
//
// When tags do not nest: an element that was not closed ends with the block it
// stands in, and an `a` also where the next `a` begins. A block ends at its end tag;
// at that of a block around it; and p, li, dt, dd, td, th, tr, thead, tbody, tfoot
// where a start tag follows that cannot be inside (a p at the next p, but not at a
// div: the link of <p><a><div> goes on in browsers). Without a block around it, the
// element lasts to the end of the page. An end tag that closes nothing means nothing.
// <a/> opens a link: in HTML the slash means nothing.
//
// NextRun gives the texts of a and code too, and says of each text whether only tags inside a
// line (span, b, a, ...: all that are not listed in html_text.cc) and comments stand before it.
//
// Not thread-safe; one per page. Costs what the tokenizer does and, for a tag, at
// most a look at the open elements, which are no more than twice kMaxHtmlOpenElements.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "text/html_tokenizer.h"

namespace sakuin::text {

// Blocks opened deeper are not told apart: what is not closed in them ends later.
inline constexpr size_t kMaxHtmlOpenElements = 256;

// Follows the tags of a page, given in order: those of HTML, not of SVG or MathML.
class HtmlTextScope {
 public:
  void StartTag(std::string_view name);  // in lower case
  void EndTag(std::string_view name);

  // Whether the text here is in a, button, code, pre or select.
  bool left_out() const { return left_out_ > 0; }
  // Whether it is in a or code only: it stands in a line with the text around it.
  bool left_out_in_line() const { return left_out_ > 0 && left_out_apart_ == 0; }

 private:
  bool CloseTopBlock(uint8_t groups);
  void CutAt(size_t depth);
  void Remove(size_t index);

  std::vector<uint8_t> open_;  // elements, the outermost first
  size_t left_out_ = 0;        // of open_
  size_t left_out_apart_ = 0;  // of those
};

// A text, and what it has to do with the one before.
struct HtmlTextRun {
  const HtmlToken* token = nullptr;  // as Next gives it
  bool linked = true;                // whether it may hold links
  bool in_word = false;              // whether a word may go on from the text before
};

class HtmlTextReader {
 public:
  HtmlTextReader();

  // As HtmlTokenizer::Feed and Finish.
  void Feed(std::string_view chunk) { tokenizer_.Feed(chunk); }
  void Finish() { tokenizer_.Finish(); }

  // The next text, valid until Next, Feed or Finish is called; nullptr when more must be fed or all has been read.
  const HtmlToken* Next();
  // The next text that may hold links, or stands in a line with such a one.
  HtmlTextRun NextRun();
  // Whether no word goes on from the text that was read last.
  bool behind_border() const { return behind_border_; }

  // Bytes before it are in no text that is still to come.
  uint64_t read() const { return std::max(read_, tokenizer_.markup_read()); }

 private:
  void TakeTag(const HtmlToken& token);
  bool IsText() const;

  HtmlTokenizer tokenizer_;
  HtmlTextScope scope_;
  uint64_t read_ = 0;
  bool behind_border_ = true;
};

}  // namespace sakuin::text
