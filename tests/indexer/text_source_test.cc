#include "indexer/text_source.h"

#include <gtest/gtest.h>

#include "indexer/html_source.h"
#include "indexer/markdown_source.h"
#include "indexer/source_text.h"
#include "tests/base/sanitized.h"
#include "tests/indexer/source_testing.h"

namespace sakuin::indexer {
namespace {

TEST(TextSource, AFileIsADocument) {
  EXPECT_EQ(Describe(ReadBytes(SourceFormat::kText, "\n  First line \nmore\n")),
            "0 file v0 title=\"First line\" body=\"\n  First line \nmore\n\" url=\"file\" "
            "{\"id\":\"file\",\"title\":\"First line\",\"body\":\"\\n  First line \\nmore\\n\",\"url\":\"file\"}\nOK");
  EXPECT_EQ(Fields(ReadBytes(SourceFormat::kText, "").documents.at(0)), "title=\"file\" url=\"file\"");
  const Reading invalid = ReadBytes(SourceFormat::kText, "a\xff");
  EXPECT_EQ(Fields(invalid.documents.at(0)), "title=\"a\uFFFD\" body=\"a\uFFFD\" url=\"file\"");
  EXPECT_EQ(invalid.progress.repaired, 1U);
  EXPECT_NE(ReadBytes(SourceFormat::kText, std::string("a\0b", 3)).errors.at(0).reason.find("binary"), std::string::npos);
  SourceOptions options;
  options.max_record_bytes = 10;
  EXPECT_EQ(ReadBytes(SourceFormat::kText, "0123456789", options).documents.size(), 1U);
  EXPECT_EQ(ReadBytes(SourceFormat::kText, "0123456789a", options).errors.size(), 1U);
}

std::string Html(std::string_view html) {
  const PageText page = ReadHtml(html);
  return page.title + "|" + page.body;
}

TEST(HtmlSource, ReadsAsItsHeaderSays) { EXPECT_EQ(Html("<title>A &amp; B</title><p>one<br>two <b>th</b>ree"), "A & B|one\ntwo three"); }

TEST(HtmlSource, Markup) {
  EXPECT_EQ(Html("<!DOCTYPE html><html><head><script>if (a < b) '</p>'</script><style>p{}</style></head><body>x<!-- no --> y</body></html>"), "|x y");
  EXPECT_EQ(Html("<a title='a > b' href=x>in</a><img alt=\"<p>\">out"), "|inout");
  EXPECT_EQ(Html("<ul><li>a</li><li>b</li></ul><table><tr><td>c</td><td>d</td></tr></table>"), "|a\nb\nc d");
  EXPECT_EQ(Html("<H1>He<i>ad</i></H1><p>text"), "Head|Head\ntext");
  EXPECT_EQ(Html("a\n  b<pre>  c\n d</pre>e"), "|a b\n  c\n d\ne");
  EXPECT_EQ(Html("<textarea> <b> </textarea>x"), "| <b> x");
  EXPECT_EQ(Html("1 < 2 <3 </> </3 x> &lt;b&gt;"), "|1 < 2 <3 <b>");
  EXPECT_EQ(Html("<title>first</title><svg><title>icon</title></svg>x"), "first|x");
  EXPECT_EQ(Html("<SCRIPT>x</Script >y<?php z ?>w<![CDATA[v]]>"), "|yw");
}

TEST(HtmlSource, WhatEndsTooEarly) {
  EXPECT_EQ(Html("a<"), "|a<");
  EXPECT_EQ(Html("a<b"), "|a");
  EXPECT_EQ(Html("a</"), "|a</");
  EXPECT_EQ(Html("a<b x=\"y"), "|a");
  EXPECT_EQ(Html("a<!-- b"), "|a");
  EXPECT_EQ(Html("a<script>b"), "|a");
  EXPECT_EQ(Html("<title>b"), "b|");
}

TEST(HtmlSource, MenusAreLeftOutWhereTheTextIsRecognised) {
  const std::string text = "A paragraph that is long enough to be taken for the text of a page, whatever stands around it, and for nothing else at all; so long is it that nobody doubts it.";
  EXPECT_EQ(Html("<nav><a href=/>Home</a></nav><main><p>" + text + "</main><footer>Imprint</footer>"), "|" + text);
  EXPECT_EQ(Html("<nav><a href=/>Home</a></nav><p>short"), "|short");
}

TEST(HtmlSource, Encodings) {
  using namespace std::string_literals;
  const auto fields = [](const std::string& bytes) { return Fields(ReadBytes(SourceFormat::kHtml, bytes).documents.at(0)); };
  EXPECT_EQ(fields("<meta charset=euc-kr><title>\xC7\xD1</title>\xB1\xDB"), "title=\"한\" body=\"글\" url=\"file\"");
  EXPECT_EQ(fields("\xFF\xFE<\0p\0>\0a\0"s), "title=\"file\" body=\"a\" url=\"file\"");
  EXPECT_EQ(ReadBytes(SourceFormat::kHtml, "<meta charset=shift_jis>\x82\xA0\xFD").progress.repaired, 1U);
  EXPECT_NE(ReadBytes(SourceFormat::kHtml, std::string("<p>a\0b", 6)).errors.at(0).reason.find("binary"), std::string::npos);
}

std::string Markdown(std::string_view text) {
  const PageText page = ReadMarkdown(text);
  std::string out = page.title + "|" + page.body;
  for (const PageField& field : page.fields) out += "|" + field.name + "=" + field.value;
  return out;
}

TEST(MarkdownSource, ReadsAsItsHeaderSays) {
  EXPECT_EQ(Markdown("---\ntitle: A page\ntags: [a, b]\n---\n# Heading\nSome **bold** text and [a link](http://example.org/)."),
            "A page|Heading\nSome bold text and a link.|tags=a|tags=b");
}

TEST(MarkdownSource, FrontMatter) {
  EXPECT_EQ(Markdown("---\r\ntitle: \"Quoted: yes\"\r\ndraft: true\r\nlist:\r\n  - x\r\n  - 'y'\r\nmap:\r\n  k: v\r\nurl: http://e.org/a:b\r\n# "
                     "no\r\n...\r\ntext"),
            "Quoted: yes|text|draft=true|list=x|list=y|url=http://e.org/a:b");
  EXPECT_EQ(Markdown("---\nnot closed: x\ntext"), "|not closed: x\ntext");
  const Reading reading = ReadBytes(SourceFormat::kMarkdown, "---\nid: 5\nyear: 1999\nurl: u\n---\ntext");
  EXPECT_EQ(Fields(reading.documents.at(0)), "title=\"file\" body=\"text\" year=1999 url=\"u\"");
  EXPECT_EQ(reading.documents[0].key, "file");
}

TEST(MarkdownSource, Blocks) {
  EXPECT_EQ(Markdown("Heading *one*\n====\n\ntext\n---\nmore\n\n***\n## Second ##\n#tag"), "Heading one|Heading one\n\ntext\nmore\n\nSecond\n#tag");
  EXPECT_EQ(Markdown("> quote\n> > deeper\n- a\n  * b\n1. c\n10) d\n- [x] done"), "|quote\ndeeper\na\nb\nc\nd\n[x] done");
  EXPECT_EQ(Markdown("```cpp\n# not a *heading*\n```\n~~~\n```\n~~~\nafter"), "|# not a *heading*\n```\nafter");
  EXPECT_EQ(Markdown("| a | b |\n|---|:-:|\n| *c* | d |\n\n[ref]: http://x\ntext"), "|a   b\nc   d\n\ntext");
}

TEST(MarkdownSource, Inlines) {
  EXPECT_EQ(Markdown("**a** *b* _c_ __d__ ~~e~~ snake_case_name 5*3 2 * 3 ~1"), "|a b c d e snake_case_name 5*3 2 * 3 ~1");
  EXPECT_EQ(Markdown("`a*b*` ``c`d`` e` \\*f\\* \\x"), "|a*b* c`d e` *f* \\x");
  EXPECT_EQ(Markdown("[a [b](x) c](y) ![img](z \"t\") [r][1] [s] ] [w](http://x/(y))."), "|a b c img r [s] ] w.");
  EXPECT_EQ(Markdown("x <b>y</b> <http://z/> <!-- c --> 1 < 2 &amp; &nope <a href=\"http://q\">l</a>"), "|x y http://z/  1 < 2 & &nope l");
}

TEST(SourceText, LinesAndNumbers) {
  EXPECT_EQ(FirstLine(" \n\n" + std::string(199, 'a') + "é"), std::string(199, 'a'));
  EXPECT_EQ(WithCommas(0) + WithCommas(999) + WithCommas(1000) + WithCommas(1234567), "09991,0001,234,567");
}

// A megabyte (less under sanitizers) of what makes careless readers take the square of it.
TEST(TextSource, HostileTextEnds) {
  for (const std::string piece :
       {"[",       "](",         "[](",      "![",     "`",     "`` ",          "` `` ``` ", "*",  "_a",  "<",    "<a", "<a ",   "<!--",    "</",
        "<title>", "<script>",   "</script", "<a b='", "&",     "&#",           "&amp",      "- ", "> ",  "1. ",  "|",  "---\n", "- - a\n", "<h1>",
        "<pre>",   "<textarea>", "[x]:",     "(",      "<DOC>", "<DOC><DOCNO>", "<b>",       "\"", ",\"", "a,\n", "#",  "~~~\n", "\\"}) {
    std::string text;
    while (text.size() < Rounds(size_t{1'000'000})) text += piece;
    for (const SourceFormat format : {SourceFormat::kText, SourceFormat::kHtml, SourceFormat::kMarkdown, SourceFormat::kTrec})
      ReadBytes(format, text);
    ReadBytes(SourceFormat::kTrec, "<DOC><DOCNO>1</DOCNO>" + text + "</DOC>");
    ReadBytes(SourceFormat::kMarkdown, std::string("---\n").append(text).append("\n---\n").append(text));
    ReadBytes(SourceFormat::kCsv, "id,a\n" + text);
    ReadBytes(SourceFormat::kJsonl, "{\"id\":\"" + text);
  }
}

}  // namespace
}  // namespace sakuin::indexer
