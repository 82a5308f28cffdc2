// markdown_linker.h: links in a plain text that may be Markdown, and none in what
// is a link or code there.
//
//   MarkdownLinker linker({dictionary.get()}, {}, [](const Link& link) { ... });
//   linker.Feed("York, [York](/y) and `York`");    // the link is at [0,4)
//   linker.Finish();
//
// Left out is what text/markdown_spans.h finds in a paragraph, and blocks of code between
// lines of ``` or ~~~; not what is indented. A paragraph ends at an empty line; one of
// more than 64 KiB is taken in parts. Any bytes are a text; linear time, memory as
// LinkStream and a paragraph. Not thread-safe; one per text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "keyword_linker/keyword_linker.h"

namespace sakuin::keyword_linker {

class MarkdownLinker {
 public:
  static constexpr size_t kMostParagraphBytes = size_t{1} << 16;

  MarkdownLinker(const std::vector<DictionaryView>& dictionaries, const LinkOptions& options, LinkStream::Sink sink)
      : stream_(dictionaries, options, std::move(sink)) {}

  void Feed(std::string_view chunk);
  void Finish();

  // As LinkStream::decided.
  uint64_t decided() const { return stream_.decided(); }

 private:
  void CutWhatIsLong(size_t end);
  void TakeLine(size_t end);
  void GiveCode(size_t end);
  void GiveParagraph(size_t end);
  void Give(std::string_view text, bool linked);
  void Forget();

  LinkStream stream_;
  std::string pending_;      // what is not given yet
  size_t given_ = 0;         // of it
  size_t line_ = 0;          // in it: where the line begins that is looked at
  bool line_begins_ = true;  // there; else a part of the line was given
  size_t fence_ = 0;         // the length of the run that opened the block of code; 0: there is none
  char fence_mark_ = 0;
  bool linked_ = true;  // what is given last
};

}  // namespace sakuin::keyword_linker
