// html_blocks.h: the text of a page in blocks: what a browser would not break but
// at the margin.
//
//   HtmlBlockText text;
//   text.Append("one  two", flags);
//   text.Break();
//   text.Append("three", flags);
//   text.Break();
//   text.text() == "one two\nthree\n"; text.blocks() == { [0,7), [8,13) }
//
// Blanks are collapsed, but for verbatim text. Blocks are not empty, and cut the
// text into lines of one or more (a <br> breaks the line, not the block). Past
// kMaxHtmlBlocks the last one grows. Not thread-safe; linear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace sakuin::text {

inline constexpr size_t kMaxHtmlBlocks = 1 << 20;

// How many bytes of `text` stay as they are when its blanks are collapsed: up to a
// blank behind a blank, one that is not 0x20, or a control character.
// `blank`: whether a blank stands before them, and then whether the last of them is one.
size_t TidyHtmlBytes(std::string_view text, bool& blank);

struct HtmlBlock {
  size_t begin = 0;  // [begin, end) of the text
  size_t end = 0;
  size_t link_bytes = 0;  // of which so many are in links
  uint8_t flags = 0;      // of HtmlRegion (text/html_regions.h)

  size_t bytes() const { return end - begin; }
};

class HtmlBlockText {
 public:
  void Append(std::string_view text, uint8_t flags);
  void Space();      // the next words stand apart
  void BreakLine();  // the next words stand in another line
  void Break();      // the block ends

  // What is written on a link does not go on a word of ASCII letters before it: menus are lines of links without blanks.
  void StartLink();
  void EndLink();

  // Of text(), the blank behind the last word not counted.
  size_t size() const { return size_ - (gap_ ? 1 : 0); }
  std::string_view text() const { return {text_.get(), size_}; }
  const std::vector<HtmlBlock>& blocks() const { return blocks_; }

 private:
  static constexpr size_t kNone = SIZE_MAX;

  void AppendCollapsed(std::string_view text);
  void CutBlanks();
  char Last() const { return text_[size_ - 1]; }
  char* Room(size_t bytes);
  void Grow(size_t bytes);
  void Put(char c);

  std::unique_ptr<char[]> text_;  // of which size_ bytes are written, and there is room for room_
  size_t size_ = 0;
  size_t room_ = 0;
  std::vector<HtmlBlock> blocks_;
  size_t begin_ = 0;  // of the block in the making
  size_t link_bytes_ = 0;
  size_t link_at_ = kNone;  // where the open link goes on in this block
  uint8_t flags_ = 0;
  bool link_begins_ = false;  // and nothing of it has come
  bool gap_ = false;  // the last byte is a blank that may have to go
};

}  // namespace sakuin::text
