// What is read from a page, and that hostile ones end.

#include "text/html_page.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/base/sanitized.h"
#include "text/date_text.h"

namespace sakuin::text {
namespace {

std::string Body(std::string_view html) { return ReadHtmlPage(html).body; }

std::string Links(std::string_view html) {
  std::string out;
  for (const HtmlLink& link : ReadHtmlPage(html).links) out += link.href + "|" + link.rel + "|" + link.text + " ";
  return out;
}

std::string Headings(std::string_view html) {
  std::string out;
  for (const HtmlHeading& heading : ReadHtmlPage(html).headings) out += std::to_string(heading.level) + " " + heading.text + "; ";
  return out;
}

std::string Repeated(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(HtmlPage, ReadsAsItsHeaderSays) {
  const HtmlPage page = ReadHtmlPage("<html lang=en><title>A &amp; B</title><nav><a href=/>Home</a></nav><p>Text");
  EXPECT_EQ(page.title, "A & B");
  EXPECT_EQ(page.lang, "en");
  EXPECT_EQ(page.body, "Text");
  ASSERT_EQ(page.links.size(), 1U);
  EXPECT_EQ(page.links[0].href, "/");
  EXPECT_EQ(page.links[0].text, "Home");
}

TEST(HtmlPage, NothingIsLostOnShortPages) {
  EXPECT_EQ(Body("<title>t</title>gzipword"), "gzipword");
  EXPECT_EQ(Body(""), "");
  EXPECT_EQ(Body("<ul><li><a href=1>one</a><li><a href=2>two</a></ul>"), "one\ntwo");
  EXPECT_EQ(Body("<nav>only a menu</nav>"), "only a menu");
  EXPECT_EQ(Body("<body style='display:none'><p>shown by a script"), "shown by a script");
  EXPECT_EQ(Body("<p hidden>not this<p>but this"), "but this");
  EXPECT_EQ(Body("<div hidden>all is hidden</div>"), "all is hidden");
}

TEST(HtmlPage, MenusAreNoTextOfShortPages) {
  EXPECT_EQ(Body("<nav><a href=/>Home</a></nav><main><p>A sentence.</main><footer>(c) us</footer>"), "A sentence.");
  EXPECT_EQ(Body("<p>Our site<main><p>A sentence.</main><p>(c) us"), "A sentence.");
  EXPECT_EQ(Body("<p>Our site<main></main><p>A sentence."), "Our site\nA sentence.") << "filled by a script";
  EXPECT_EQ(Body("<ul><li><a href=1>one</a><li><a href=2>two</a></ul><p>Here is a sentence, not a long one."), "Here is a sentence, not a long one.");
  EXPECT_EQ(Body("<div class=sidebar>More of this</div><p>Here is a sentence."), "Here is a sentence.");
  const std::string chapters = Repeated("<li><a href=x>a chapter</a>", 40);
  EXPECT_EQ(Body("<p>These are the chapters:<ul>" + chapters + "</ul>").size(), 23 + 40 * 10U) << "they are what the page is for";
}

TEST(HtmlPage, BlocksBreakWordsAndInlineTagsDoNot) {
  EXPECT_EQ(Body("th<b>re</b>e<p>fo<i>u</i>r<div>five</div>six"), "three\nfour\nfive\nsix");
  EXPECT_EQ(Body("a<br><br>b<table><tr><td>c<td>d<tr><th>e</table>f"), "a\nb\nc d\ne\nf");
  EXPECT_EQ(Body("a<wbr>b &nbsp;<span> c </span> d"), "ab \u00A0 c d");
  EXPECT_EQ(Body("x<pre>\n  a\n   b\n</pre>y"), "x\n  a\n   b\ny");
  EXPECT_EQ(Body("a<svg><title>icon</title><text>b</text></svg>c<math><mi>x</mi></math>"), "a cx");
  EXPECT_EQ(Body("a<template>b</template><noscript>c</noscript><iframe>d</iframe><script>e</script><style>f</style>"), "ac");
  EXPECT_EQ(Body("a\0b"), "a");
  EXPECT_EQ(Body(std::string_view("a\0b", 3)), "ab");
}

// Eight bytes at a time or one: the same.
TEST(HtmlPage, BlanksAreCollapsedWhereverTheyStand) {
  for (size_t before = 0; before < 20; ++before) {
    for (const std::string blanks : {" ", "  ", "\n", " \t ", "\n        \n        ", "                 "}) {
      const std::string word(before, 'x');
      const std::string wanted = word + (word.empty() ? "" : " ") + "one two three four five \u00E9\u00E9\u00E9 six";
      EXPECT_EQ(Body(word + blanks + "one two" + blanks + "three four five" + blanks + "\u00E9\u00E9\u00E9" + blanks + "six" + blanks), wanted);
    }
  }
}

TEST(HtmlPage, Titles) {
  EXPECT_EQ(ReadHtmlPage("<svg><title>icon</title></svg><title> a\n b </title><title>c</title>").title, "a b");
  EXPECT_EQ(ReadHtmlPage("<h2>x</h2><h1>y <b>z</b></h1><h1>w</h1>").title, "y z");
  EXPECT_EQ(ReadHtmlPage("<title>unended").title, "unended");
  EXPECT_EQ(ReadHtmlPage("<title>" + std::string(5000, 'x') + "</title>").title.size(), kMaxHtmlTitleBytes);
}

TEST(HtmlPage, HeadingsAndLinks) {
  EXPECT_EQ(Headings("<h1>a <i>b</i></h1><h3>c</h3><h2></h2><h6>d"), "1 a b; 3 c; 6 d; ");
  EXPECT_EQ(Links("<a href=' x '>one <b>two</b></a><a name=y>no</a><a href=y rel='NoFollow UGC'><img alt=' pic '></a><area href=z>"),
            "x||one two y|nofollow ugc|pic z|| ");
  EXPECT_EQ(Links("<a href=a>x<p>y<a href=b>z"), "a||x y b||z ");
  EXPECT_EQ(Links("<iframe src=f></iframe><link rel=next href=n><a href=''>e</a>"), "f|| n|next| ");
}

TEST(HtmlPage, Head) {
  const HtmlPage page = ReadHtmlPage(
      "<html xml:lang='pt-BR'><meta name=Description content=' d '><meta name=ROBOTS content='NoIndex, max-snippet:3'>"
      "<meta property=og:title content=o><meta property=og:image content=i.png><meta http-equiv=Refresh content=\"5; URL='n.html'\">"
      "<base target=x><base href=/b/><base href=/c/><link rel='alternate canonical' href=/canon><meta http-equiv=content-language content='fr, de'>");
  EXPECT_EQ(page.lang, "pt-BR");
  EXPECT_EQ(page.head.description, "d");
  EXPECT_TRUE(page.head.robots.noindex);
  EXPECT_FALSE(page.head.robots.nofollow);
  EXPECT_EQ(page.head.open_graph.title, "o");
  EXPECT_EQ(page.head.open_graph.image, "i.png");
  EXPECT_EQ(page.head.base, "/b/");
  EXPECT_EQ(page.head.canonical, "/canon");
  ASSERT_TRUE(page.head.refresh.has_value());
  EXPECT_EQ(page.head.refresh->url, "n.html");
  EXPECT_EQ(page.head.refresh->seconds, 5);
  EXPECT_EQ(page.head.content_language, "fr");
  EXPECT_EQ(ReadHtmlPage("<meta http-equiv=content-language content='fr, de'>").lang, "fr");
}

TEST(HtmlPage, RobotsOfAnAgent) {
  const std::string_view html = "<meta name=sakuinbot content=none><meta name=robots content=all>";
  EXPECT_FALSE(ReadHtmlPage(html).head.robots.noindex);
  EXPECT_TRUE(ReadHtmlPage(html, {.agent = "sakuinbot"}).head.robots.noindex);
  EXPECT_TRUE(ReadHtmlPage(html, {.agent = "sakuinbot"}).head.robots.nofollow);
}

TEST(HtmlPage, Dates) {
  const auto published = [](std::string_view html) {
    const HtmlPage page = ReadHtmlPage(html);
    return page.published.has_value() ? FormatDate(*page.published) : "none";
  };
  EXPECT_EQ(published("<time datetime=2020-01-01>x</time><meta property=article:published_time content=2024-02-29T12:00:00+09:00>"),
            "2024-02-29T03:00:00Z");
  EXPECT_EQ(published("<time datetime=2020-01-01>x</time><time datetime=2021-01-01 itemprop=datePublished>"), "2021-01-01T00:00:00Z");
  EXPECT_EQ(published("<meta name=date content=soon><time datetime=2020-01-01>x</time>"), "2020-01-01T00:00:00Z");
  EXPECT_EQ(published("<script type=application/ld+json>{\"datePublished\":\"2019-05-06\"}</script><meta name=date content=2018-01-01>"),
            "2019-05-06T00:00:00Z");
  EXPECT_EQ(published("<p>none"), "none");
}

TEST(HtmlPage, JsonLdBasics) {
  const HtmlPage page = ReadHtmlPage(
      "<script type='application/ld+json'>{broken</script>"
      "<script type='application/ld+json'>{\"@graph\":[{\"headline\":\"H\",\"author\":[{\"name\":\"A\"},\"B\"]}]}</script>");
  EXPECT_EQ(page.json_ld.headline, "H");
  EXPECT_EQ(page.json_ld.author, "A, B");
  EXPECT_EQ(page.body, "");
  EXPECT_EQ(ReadHtmlPage("<script type=application/ld+json>" + std::string(100'000, '[')).json_ld.headline, "");
}

TEST(DateText, FormsOfDates) {
  const auto date = [](std::string_view text) { return ParseDate(text).has_value() ? FormatDate(*ParseDate(text)) : "none"; };
  EXPECT_EQ(ParseDate("2024-02-29T12:00:00+09:00"), 1709175600);
  EXPECT_EQ(date("Thu, 29 Feb 2024 03:00:00 GMT"), "2024-02-29T03:00:00Z");
  EXPECT_EQ(date("29 Feb 24 03:00 EST"), "2024-02-29T08:00:00Z");
  EXPECT_EQ(date("2024"), "2024-01-01T00:00:00Z");
  EXPECT_EQ(date("2024-02"), "2024-02-01T00:00:00Z");
  EXPECT_EQ(date("20240229"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(date(" 2024.2.9 "), "2024-02-09T00:00:00Z");
  EXPECT_EQ(date("2024-02-29 23:59:59.123456-0530"), "2024-03-01T05:29:59Z");
  EXPECT_EQ(date("1969-12-31T23:59:59Z"), "1969-12-31T23:59:59Z");
  for (const char* wrong : {"", "yesterday", "2023-02-29", "2024-13-01", "0012-01-01", "2024-01-01T25:00:00Z", "2024-01-01x", "99999", "5 Foo 2024"})
    EXPECT_EQ(date(wrong), "none") << wrong;
}

// Chunks may end anywhere.
TEST(HtmlPage, PiecesGiveTheSamePage) {
  const std::string html = "<html lang=ko><title>한 글</title><nav><a href=/x>메뉴</a></nav><h1>a&amp;b</h1><p>c  d<pre>\n e</pre>";
  const HtmlPage whole = ReadHtmlPage(html);
  for (size_t step = 1; step < 9; ++step) {
    HtmlPageReader reader;
    for (size_t at = 0; at < html.size(); at += step) reader.Feed(std::string_view(html).substr(at, step));
    const HtmlPage page = reader.Finish();
    EXPECT_EQ(page.body, whole.body);
    EXPECT_EQ(page.title, whole.title);
    EXPECT_EQ(page.headings.at(0).text, "a&b");
    EXPECT_EQ(page.links.at(0).text, "메뉴");
  }
}

// Megabytes (less under sanitizers) of what makes careless readers take the square of it.
TEST(HtmlPage, HostilePagesEnd) {
  EXPECT_EQ(Body(Repeated("<div>", 50'000) + "deepword" + Repeated("</div>", 50'000)), "deepword");
  EXPECT_EQ(Body("<p title='" + std::string(Rounds(size_t{100'000'000}), 'x') + "'>after"), "after");
  for (const std::string piece : {"<a href=x>",
                                  "<h1>",
                                  "<p>x",
                                  "</p>",
                                  "<a href=x>y</a>",
                                  "<div class='a b c menu'>",
                                  "<svg>",
                                  "<svg><title>",
                                  "<table><tr><td>",
                                  "</nav>",
                                  "<nav>",
                                  "<meta name=robots content=x>",
                                  "<script type=application/ld+json>{",
                                  "<title>",
                                  "<li>x",
                                  "<br>",
                                  " ",
                                  "<pre> \n",
                                  "<img alt=x>",
                                  "<time datetime=2020>",
                                  "<link rel=canonical href=x>",
                                  "<select><option>x",
                                  "<template>",
                                  "x<td>",
                                  "<h1>x<a href=y>"}) {
    const std::string html = Repeated(piece, Rounds(size_t{2'000'000}) / piece.size());
    const HtmlPage page = ReadHtmlPage(html);
    EXPECT_LE(page.body.size(), html.size()) << piece;
    EXPECT_LE(page.links.size(), kMaxHtmlLinks) << piece;
  }
}

}  // namespace
}  // namespace sakuin::text
