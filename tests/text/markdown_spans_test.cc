// What is a link or code in a paragraph of Markdown.

#include "text/markdown_spans.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sakuin::text {
namespace {

// The paragraph with | around its spans.
std::string Marked(std::string_view paragraph) {
  std::string marked;
  size_t at = 0;
  for (const MarkdownSpan& span : MarkdownSpans(paragraph)) {
    marked += std::string(paragraph.substr(at, span.begin - at)) + "|" + std::string(paragraph.substr(span.begin, span.end - span.begin)) + "|";
    at = span.end;
  }
  return marked + std::string(paragraph.substr(at));
}

TEST(MarkdownSpans, Links) {
  EXPECT_EQ(Marked("a [b](/c) d"), "a |[b](/c)| d");
  EXPECT_EQ(Marked("![b](/c \"t)\") [b]( <x y> 't' ) [b]()"), "|![b](/c \"t)\")| |[b]( <x y> 't' )| |[b]()|");
  EXPECT_EQ(Marked("[b](/c_(d)) [b](/c\\)d) [b [c]](/d)"), "|[b](/c_(d))| |[b](/c\\)d)| |[b [c]](/d)|");
  EXPECT_EQ(Marked("[![b](/c)](/d) e"), "|[![b](/c)](/d)| e");
  EXPECT_EQ(Marked("[b][c] [b][] [b] [1]"), "|[b][c]| |[b][]| [b] [1]");
  EXPECT_EQ(Marked("  [b]: /c d\nx [b]: /c\n[e]: f"), "  |[b]: /c d|\nx [b]: /c\n|[e]: f|");
  EXPECT_EQ(Marked("<https://a.b/c> <a@b.c> <b> a < b: c >"), "|<https://a.b/c>| |<a@b.c>| <b> a < b: c >");
}

TEST(MarkdownSpans, WhatIsNone) {
  for (const char* text : {"a] b", "[a", "[a] (b)", "[a](b c)", "[a](b", "[a](<b)", "\\[a](b)", "[a\\](b)", "[a](b \"c)", "a\\", "[a][b", "<", "[a](",
                           "[a](<b<c>)", "[a](b (c(d)", "    [a]: b", "x[a]: b"}) {
    EXPECT_EQ(Marked(text), text);
  }
  EXPECT_EQ(Marked("[a](" + std::string(3000, 'x') + ")").find('|'), std::string::npos);
}

TEST(MarkdownSpans, Code) {
  EXPECT_EQ(Marked("a `b` c ``d ` e`` f"), "a |`b`| c |``d ` e``| f");
  EXPECT_EQ(Marked("a ``b` c"), "a ``b` c");
  EXPECT_EQ(Marked("a \\`b` c"), "a \\`b` c");
  EXPECT_EQ(Marked("`[a`](b)"), "|`[a`|](b)");
  EXPECT_EQ(Marked("[`](b)`](c)"), "|[`](b)`](c)|");
}

TEST(MarkdownSpans, Fences) {
  char mark = 0;
  EXPECT_EQ(FenceLength("```\n", mark), 3U);
  EXPECT_EQ(FenceLength("   ~~~~ c++ `x`", mark), 4U);
  EXPECT_EQ(mark, '~');
  for (const char* line : {"``", "    ```", "a ```", "``` a ` b", "", "\n", "- ```"}) EXPECT_EQ(FenceLength(line, mark), 0U) << line;
}

// Spans are in order and inside, whatever the text is.
TEST(MarkdownSpans, AnyBytesAreAParagraph) {
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (size_t length = random() % 40; length > 0; --length) text += "[](`)<>\\!:ab \n\"'@"[random() % 18];
    size_t end = 0;
    for (const MarkdownSpan& span : MarkdownSpans(text)) {
      ASSERT_LE(end, span.begin) << text;
      ASSERT_LT(span.begin, span.end) << text;
      end = span.end;
    }
    ASSERT_LE(end, text.size()) << text;
  }
}

}  // namespace
}  // namespace sakuin::text
