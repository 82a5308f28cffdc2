// html_linker.h: links in the text of an HTML page, and nowhere else.
//
//   HtmlLinker linker({dictionary.get()}, {}, [](const Link& link) { ... });
//   linker.Feed("<p>AT&amp;T <code>AT&T</code>");   // the link is at [3,11): AT&amp;T
//   linker.Finish();
//
// Not inside a, code, pre, script, style, textarea, title and the like, nor in
// tags and comments (text/html_text.h); a keyword does not reach over a tag, which
// is a border of words too (Ne<b>w</b> has two).
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
  HtmlLinker(const std::vector<DictionaryView>& dictionaries, const LinkOptions& options, LinkStream::Sink sink)
      : stream_(dictionaries, options, std::move(sink)) {}

  void Feed(std::string_view chunk);
  void Finish();

  // As LinkStream::decided.
  uint64_t decided() const { return open_ ? stream_.decided() : reader_.read(); }

 private:
  void ReadTexts();
  void Close();

  text::HtmlTextReader reader_;
  LinkStream stream_;
  bool open_ = false;      // a text has been fed that may go on
  uint64_t text_end_ = 0;  // of it
};

}  // namespace sakuin::keyword_linker
