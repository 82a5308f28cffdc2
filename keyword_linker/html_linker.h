// html_linker.h: links in the text of an HTML page, and nowhere else.
//
//   HtmlLinker linker({dictionary.get()}, {}, [](const Link& link) { ... });
//   linker.Feed("<p>AT&amp;T <code>AT&T</code>");   // the link is at [3,11): AT&amp;T
//   linker.Finish();
//
// Not inside a, code, pre, script, style, textarea, title and the like, nor in
// tags and comments (text/html_text.h). A keyword does not reach over a tag. Words do,
// where it is one inside a line: there is no range in <b>O</b>range; what a and code
// hold belongs to words as well. White space is as long as it likes, with empty lines.
// Positions are bytes of the page, references as they are written. Any bytes are
// a page; linear time, memory as LinkStream. Not thread-safe; one per page.
#pragma once

#include <string_view>
#include <vector>

#include "keyword_linker/keyword_linker.h"
#include "text/html_text.h"

namespace sakuin::keyword_linker {

class HtmlLinker {
 public:
  HtmlLinker(const std::vector<DictionaryView>& dictionaries, const LinkOptions& options, LinkStream::Sink sink);

  void Feed(std::string_view chunk);
  void Finish();

  // As LinkStream::decided.
  uint64_t decided() const { return open_ ? stream_.decided() : reader_.read(); }

 private:
  void ReadTexts();
  void Continue(const text::HtmlTextRun& run);
  void Close();

  text::HtmlTextReader reader_;
  LinkStream stream_;
  bool open_ = false;      // a text has been fed that may go on, or the word at its end
  bool linked_ = true;     // whether it may hold links
  uint64_t text_end_ = 0;  // of it
};

}  // namespace sakuin::keyword_linker
