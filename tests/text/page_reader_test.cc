#include "text/page_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace sakuin::text {
namespace {

std::string Sniffed(std::string_view content_type, std::string_view body) {
  const SniffedContent content = SniffContent(content_type, body);
  return std::to_string(static_cast<int>(content.kind)) + " " + content.type + (content.reason.empty() ? "" : " | " + content.reason);
}

TEST(ContentType, HeaderAndBytes) {
  EXPECT_EQ(Sniffed("text/html; charset=utf-8", "x"), "0 text/html");
  EXPECT_EQ(Sniffed("Application/XHTML+XML", "<?xml?><html>"), "0 application/xhtml+xml");
  EXPECT_EQ(Sniffed("", "  \n<!DOCTYPE HTML><p>"), "0 text/html");
  EXPECT_EQ(Sniffed("application/octet-stream", "<!-- x -->"), "0 text/html");
  EXPECT_EQ(Sniffed("", "<?xml version='1.0'?><rss>"), "1 text/xml");
  EXPECT_EQ(Sniffed("application/rss+xml", "<rss>"), "1 application/rss+xml");
  EXPECT_EQ(Sniffed("", "<b and more"), "0 text/html");
  EXPECT_EQ(Sniffed("", "<bold>"), "2 text/plain");
  EXPECT_EQ(Sniffed("", "just words"), "2 text/plain");
  EXPECT_EQ(Sniffed("text/plain", "<html>"), "2 text/plain");
  EXPECT_EQ(Sniffed("text/markdown", "# a"), "2 text/markdown");
}

TEST(ContentType, WhatIsRefused) {
  EXPECT_EQ(Sniffed("text/html", "%PDF-1.7"), "3 application/pdf | application/pdf is not read");
  EXPECT_EQ(Sniffed("text/plain", "\x89PNG\r\n\x1A\n"), "3 image/png | image/png is not read");
  EXPECT_EQ(Sniffed("application/pdf", "x"), "3 application/pdf | application/pdf is not read");
  EXPECT_EQ(Sniffed("image/svg+xml", "<svg>"), "3 image/svg+xml | image/svg+xml is not read");
  EXPECT_EQ(Sniffed("", std::string("PK\3\4", 4)), "3 application/zip | application/zip is not read");
  EXPECT_EQ(Sniffed("text/plain", std::string("a\0b", 3)), "3 application/octet-stream | application/octet-stream is not read");
  EXPECT_EQ(Sniffed("text/html", std::string("\1\2\0\3", 4)), "3 application/octet-stream | application/octet-stream is not read");
  EXPECT_EQ(Sniffed("text/html", std::string("<p>\0", 4)), "0 text/html");
  EXPECT_EQ(Sniffed("application/json", "{}"), "3 application/json | application/json is not read");
  EXPECT_EQ(Sniffed("text/css", "p{}"), "3 text/css | text/css is not read");
}

TEST(PageReader, Html) {
  const Result<Page> page = ReadPage({.content_type = "text/html; charset=euc-kr",
                                      .body = "<title>\xC7\xD1\xB1\xB9</title><meta property=og:description content=d><a href=x>\xB8\xB5\xC5\xA9</a>",
                                      .agent = "bot"});
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->title, "한국");
  EXPECT_EQ(page->body, "링크");
  EXPECT_EQ(page->charset, "EUC-KR");
  EXPECT_EQ(page->charset_source, CharsetSource::kLabel);
  EXPECT_EQ(page->description, "d");
  EXPECT_EQ(page->links.at(0).href, "x");
}

TEST(PageReader, TitleWhereThereIsNone) {
  EXPECT_EQ(ReadPage({.content_type = "text/html", .body = "<meta property=og:title content=graph><p>x", .agent = {}})->title, "graph");
  EXPECT_EQ(ReadPage({.content_type = "text/html", .body = "<script type=application/ld+json>{\"headline\":\"h\"}</script>", .agent = {}})->title,
            "h");
  EXPECT_EQ(ReadPage({.content_type = "text/html", .body = "<p>x", .agent = {}})->title, "");
}

TEST(PageReader, Language) {
  const auto lang = [](std::string_view body) { return ReadPage({.content_type = "text/html", .body = body, .agent = {}})->lang; };
  EXPECT_EQ(lang("<html lang=pt_BR><p>x"), "pt-br");
  EXPECT_EQ(lang("<html lang='{{lang}}'><p>Der Hund schläft auf dem Sofa und träumt von einer langen Wanderung durch den Wald."), "de");
  EXPECT_EQ(lang("<p>마지막 졸업생이 떠난 지 열두 해 만에 산골 분교의 불이 다시 켜졌다."), "ko");
  EXPECT_EQ(lang("<p>列車を待つ間に一冊選んでもらえたらと店主は話す。"), "ja");
  EXPECT_EQ(lang("<p>1234"), "");
  EXPECT_EQ(LanguageCode("japanese"), "ja");
  EXPECT_EQ(LanguageCode("klingon"), "");
}

TEST(PageReader, TextAndXml) {
  const Result<Page> text = ReadPage({.content_type = "text/plain", .body = "\n First line \nmore <b>\n", .agent = {}});
  EXPECT_EQ(text->title, "First line");
  EXPECT_EQ(text->body, "First line \nmore <b>");
  const Result<Page> xml =
      ReadPage({.content_type = "text/xml", .body = "<?xml version='1.0' encoding='x-sjis'?><a>\x82\xA0<b>c</b><![CDATA[<d>]]></a>", .agent = {}});
  EXPECT_EQ(xml->body, "あ c <d>");
  EXPECT_EQ(xml->charset, "Shift_JIS");
  EXPECT_EQ(xml->charset_source, CharsetSource::kMeta);
  const Result<Page> pdf = ReadPage({.content_type = "application/pdf", .body = "%PDF-1.4", .agent = {}});
  EXPECT_EQ(pdf.status().ToString(), "INVALID_ARGUMENT: application/pdf is not read");
}

}  // namespace
}  // namespace sakuin::text
