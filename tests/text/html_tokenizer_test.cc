// The HTML tokenizer: examples a reader can check, limits, and what holds for any page.

#include "text/html_tokenizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/text/html_testing.h"
#include "text/html_bytes.h"

namespace sakuin::text {
namespace {

struct Example {
  std::string_view page;
  std::string_view tokens;
};

constexpr Example kExamples[] = {
    {"", "end [0,0)\n"},
    {"<p class=x>AT&amp;T</p>", "start p [0,11) class[3,8)=\"x\"[9,10)\ntext [11,19) \"AT&T\" at 13:18\nclose p [19,23)\nend [23,23)\n"},
    {"<IMG Src='a&#x3042;' alt src=b/>", "start img [0,32) src[5,8)=\"aあ\"[10,19) alt[21,24)=\"\"[24,24)\nend [32,32)\n"},
    {"<br/><a/b =c>", "start br [0,5) /\nstart a [5,13) b[8,9)=\"c\"[11,12)\nend [13,13)\n"},
    {"a < b && c</>d", "text [0,10) \"a < b && c\"\nnothing [10,13)\ntext [13,14) \"d\"\nend [14,14)\n"},
    {"\r\n\r&notit;&notin;&not", "text [0,21) \"\n\n\u00ACit;\u2209\u00AC\" at 0:2 2:3 3:7 10:17 17:21\nend [21,21)\n"},
    {"<a href='?a&not=b&copy'>", "start a [0,24) href[3,7)=\"?a&not=b\u00A9\"[9,22)\nend [24,24)\n"},
    {"&#128;&#0;&#x110000;&#xD800&#65 &#x;&#", "text [0,38) \"\u20AC\uFFFD\uFFFD\uFFFDA &#x;&#\" at 0:6 6:10 10:20 20:27 27:31\nend [38,38)\n"},
    {"a\xE3\x81<b\xFF>\xF0\x9F\x98\x80\xE3",
     "text [0,3) \"a\uFFFD\" at 1:3\nstart b\uFFFD [3,7)\ntext [7,12) \"\U0001F600\uFFFD\" at 11:12\nend [12,12)\n"},
    {"<!DOCTYPE html><!DocType x PUBLIC 'p'\"s\"><!doctype><!doctype a publi>",
     "doctype [0,15) \"html\"\ndoctype [15,41) \"x\" public \"p\" system \"s\"\ndoctype [41,51) quirks\ndoctype [51,69) \"a\" quirks\nend [69,69)\n"},
    {"<!--a--><!----><!--a--!><!-><?php 1?></ x>",
     "comment [0,8) \"a\"\ncomment [8,15) \"\"\ncomment [15,24) \"a\"\ncomment [24,28) \"-\"\ncomment [28,37) \"?php 1?\"\n"
     "comment [37,42) \" x\"\nend [42,42)\n"},
    {"<!--a--", "comment [0,7) \"a\"\nend [7,7)\n"},
    {"x<a href=\"y", "text [0,1) \"x\"\nnothing [1,11)\nend [11,11)\n"},
    {"<title>a<b>&lt;</TITLE >b", "start title [0,7)\ntext [7,15) \"a<b><\" at 11:15\nclose title [15,24)\ntext [24,25) \"b\"\nend [25,25)\n"},
    {"<style>a&lt;</styl></style>", "start style [0,7)\ntext [7,19) \"a&lt;</styl>\"\nclose style [19,27)\nend [27,27)\n"},
    {"<script><!--<script></script>--></script>",
     "start script [0,8)\ntext [8,32) \"<!--<script></script>-->\"\nclose script [32,41)\nend [41,41)\n"},
    {"<script><!--></script><plaintext></plaintext>",
     "start script [0,8)\ntext [8,13) \"<!-->\"\nclose script [13,22)\nstart plaintext [22,33)\ntext [33,45) \"</plaintext>\"\nend [45,45)\n"},
    {"<svg><title/><style><b></style>x",
     "start svg [0,5)\nstart title [5,13) /\nstart style [13,20)\nstart b [20,23)\nclose style [23,31)\n"
     "text [31,32) \"x\"\nend [32,32)\n"},
    {"<svg><![CDATA[a]]]></svg><![CDATA[b]]>",
     "start svg [0,5)\nnothing [5,14)\ntext [14,16) \"a]\"\nnothing [16,19)\nclose svg [19,25)\ncomment [25,38) \"[CDATA[b]]\"\nend [38,38)\n"},
    {"<svg><desc><title>&lt;<b></title></desc><![CDATA[<]]><p><style><",
     "start svg [0,5)\nstart desc [5,11)\nstart title [11,18)\n"
     "text [18,25) \"<<b>\" at 18:22\nclose title [25,33)\nclose desc [33,40)\nnothing [40,49)\ntext [49,50) \"<\"\nnothing [50,53)\n"
     "start p [53,56)\nstart style [56,63)\ntext [63,64) \"<\"\nend [64,64)\n"},
    {"<noscript><a></noscript>", "start noscript [0,10)\ntext [10,13) \"<a>\"\nclose noscript [13,24)\nend [24,24)\n"},
};

void ExpectSameInAnyChunks(std::string_view page, const HtmlTokenizerOptions& options, const std::string& whole) {
  ASSERT_EQ(DescribeHtml(page, options, EveryBorder(page)), whole) << page;
  for (size_t border = 0; border <= page.size(); ++border) ASSERT_EQ(DescribeHtml(page, options, {border}), whole) << page << " cut at " << border;
}

TEST(HtmlTokenizerTest, Examples) {
  for (const Example& example : kExamples) {
    const std::string whole = DescribeHtml(example.page, {}, {});
    ASSERT_EQ(whole, example.tokens) << example.page;
    ExpectSameInAnyChunks(example.page, {}, whole);
  }
}

TEST(HtmlTokenizerTest, NulsAreKeptInOrdinaryTextOnly) {
  const std::string_view page("a\0<b \0=\0><style>\0", 17);
  const std::string whole = DescribeHtml(page, {}, {});
  const std::string_view text("text [0,2) \"a\0\"\n", 16);
  EXPECT_EQ(whole, std::string(text) + "start b [2,9) \uFFFD[5,6)=\"\uFFFD\"[7,8)\n" +
                       "start style [9,16)\ntext [16,17) \"\uFFFD\" at 16:17\nend [17,17)\n");
  ExpectSameInAnyChunks(page, {}, whole);
}

// The example of the header: a text comes as far as it is known.
TEST(HtmlTokenizerTest, TextsComeInParts) {
  HtmlTokenizer tokenizer({});
  tokenizer.Feed("<p>AT&am");
  EXPECT_EQ(tokenizer.Next()->name, "p");
  const HtmlToken* token = tokenizer.Next();
  ASSERT_EQ(token->pieces.size(), 1u);
  EXPECT_EQ(token->pieces[0].text(), "AT");
  EXPECT_EQ(token->end, 5u);
  EXPECT_EQ(tokenizer.Next(), nullptr);
  tokenizer.Feed("p;T");
  token = tokenizer.Next();
  ASSERT_EQ(token->pieces.size(), 2u);
  EXPECT_EQ(token->pieces[0].text(), "&");
  EXPECT_FALSE(token->pieces[0].verbatim());
  EXPECT_EQ(token->pieces[1].text(), "T");
  EXPECT_EQ(token->start, 5u);
  EXPECT_EQ(token->end, 11u);
  EXPECT_EQ(tokenizer.Next(), nullptr);
  tokenizer.Finish();
  EXPECT_EQ(tokenizer.Next()->kind, HtmlTokenKind::kEnd);
  EXPECT_EQ(tokenizer.Next(), nullptr);
  EXPECT_EQ(tokenizer.Next(), nullptr);
}

TEST(HtmlTokenizerTest, WithoutScriptingNoscriptHoldsTags) {
  HtmlTokenizerOptions options;
  options.scripting = HtmlScripting::kOff;
  EXPECT_EQ(DescribeHtml("<noscript><a>", options, {}), "start noscript [0,10)\nstart a [10,13)\nend [13,13)\n");
}

TEST(HtmlTokenizerTest, TheCallerMaySwitchContent) {
  HtmlTokenizerOptions options;
  options.switching = HtmlTokenizerOptions::Switching::kByCaller;
  EXPECT_EQ(DescribeHtml("<style><b>", options, {}), "start style [0,7)\nstart b [7,10)\nend [10,10)\n");
  HtmlTokenizer tokenizer(options);
  tokenizer.Feed("<style><b></b></style><![CDATA[<]]>");
  tokenizer.Next();
  tokenizer.SetContent(HtmlContent::kRawtext);
  const HtmlToken* token = tokenizer.Next();
  ASSERT_EQ(token->kind, HtmlTokenKind::kText);
  EXPECT_EQ(token->pieces.front().text(), "<b></b>");
  tokenizer.Next();
  tokenizer.set_foreign(true);
  EXPECT_EQ(tokenizer.Next()->kind, HtmlTokenKind::kNothing);
  EXPECT_EQ(tokenizer.Next()->pieces.front().text(), "<");
}

// The bytes of runs are those of the chunk: nothing is copied.
TEST(HtmlTokenizerTest, RunsAreViewsOfTheChunk) {
  const std::string page = "<p>" + std::string(1 << 20, 'x') + "&lt;";
  HtmlTokenizer tokenizer({});
  tokenizer.Feed(page);
  tokenizer.Next();
  const HtmlToken* token = tokenizer.Next();
  ASSERT_EQ(token->pieces.size(), 2u);
  EXPECT_EQ(token->pieces[0].text().data(), page.data() + 3);
  EXPECT_EQ(token->pieces[0].text().size(), size_t{1} << 20);
}

TEST(HtmlTokenizerTest, LimitsShortenMeaningsNotSpans) {
  const std::string name(kMaxHtmlNameBytes + 7, 'N');
  const std::string value(kMaxHtmlValueBytes + 7, 'v');
  const std::string page = "<" + name + " " + name + "='" + value + "' b=c><!--" + std::string(kMaxHtmlCommentBytes + 1, '!') + "--><p>";
  const HtmlRun run = RunHtml(page, {}, {});
  ASSERT_EQ(run.broken, "");
  ASSERT_EQ(run.tokens.size(), 4u);
  const OwnedHtmlToken& tag = run.tokens[0];
  EXPECT_TRUE(tag.token.truncated);
  EXPECT_EQ(tag.name, std::string(kMaxHtmlNameBytes, 'n'));
  ASSERT_EQ(tag.attributes.size(), 2u);
  EXPECT_EQ(tag.attributes[0].value.size(), kMaxHtmlValueBytes);
  EXPECT_EQ(tag.attributes[0].value_end - tag.attributes[0].value_start, value.size());
  EXPECT_EQ(tag.attributes[1].value, "c");
  EXPECT_EQ(run.tokens[1].data.size(), kMaxHtmlCommentBytes);
  EXPECT_TRUE(run.tokens[1].token.truncated);
  EXPECT_FALSE(run.tokens[2].token.truncated);
  EXPECT_EQ(DescribeHtml(page, {}, EveryBorder(page)), DescribeHtml(run));
}

// A cut never leaves half a character.
TEST(HtmlTokenizerTest, LimitsCutBetweenCharacters) {
  std::string page = "<!--";
  for (size_t i = 0; i < kMaxHtmlCommentBytes / 3 + 2; ++i) page += "あ";
  const HtmlRun run = RunHtml(page, {}, {});
  EXPECT_EQ(run.broken, "");
  EXPECT_EQ(run.tokens[0].data.size(), kMaxHtmlCommentBytes / 3 * 3);
  EXPECT_EQ(DescribeHtml(page, {}, EveryBorder(page)), DescribeHtml(run));
}

TEST(HtmlTokenizerTest, TooManyAttributesAreDropped) {
  std::string page = "<a";
  for (size_t i = 0; i < kMaxHtmlAttributes + 10; ++i) page += " x" + std::to_string(i) + "=" + std::to_string(i);
  page += " x0=again>";
  const HtmlRun run = RunHtml(page, {}, {});
  ASSERT_EQ(run.broken, "");
  EXPECT_EQ(run.tokens[0].attributes.size(), kMaxHtmlAttributes);
  EXPECT_TRUE(run.tokens[0].token.truncated);
  EXPECT_EQ(run.tokens[0].attributes[0].value, "0");
  EXPECT_EQ(run.tokens[0].attributes.back().value, std::to_string(kMaxHtmlAttributes - 1));
}

TEST(HtmlTokenizerTest, OneTagHoldsNoMoreThanItsLimit) {
  std::string page = "<a";
  for (size_t i = 0; i < 10; ++i) page += " x" + std::to_string(i) + "=" + std::string(kMaxHtmlValueBytes, 'v');
  page += ">b";
  const HtmlRun run = RunHtml(page, {}, {});
  ASSERT_EQ(run.broken, "");
  size_t bytes = 0;
  for (const OwnedHtmlAttribute& a : run.tokens[0].attributes) bytes += a.name.size() + a.value.size();
  EXPECT_LT(bytes, kMaxHtmlTagBytes);
  EXPECT_GT(bytes, kMaxHtmlTagBytes - 10);
  EXPECT_EQ(run.tokens[1].text, "b");
}

// As the loop that looks at one byte at a time would.
TEST(HtmlBytesTest, SkipsUpToTheFirstStop) {
  std::mt19937 random(20240229);
  static constexpr char kStops[] = "<&-\r\0\x80\xFF\x01;=%,aaaaaaaaaaaaaaaaaaaaaaaa\x7F\x0C\x0E";
  constexpr std::string_view kBytes(kStops, sizeof kStops - 1);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (size_t size = random() % 60; size > 0; --size) text += random() % 8 == 0 ? kBytes[random() % kBytes.size()] : 'b';
    const char stop = kBytes[random() % 3];
    const char other = kBytes[random() % 3];
    const size_t from = random() % (text.size() + 1);
    for (const HtmlHighBytes high : {HtmlHighBytes::kStop, HtmlHighBytes::kPass}) {
      const auto stops = [&](char c) { return c == stop || c == other || c == '\r' || c == '\0' || (IsHighByte(c) && high == HtmlHighBytes::kStop); };
      size_t expected = from;
      while (expected < text.size() && !stops(text[expected])) ++expected;
      ASSERT_EQ(SkipPlainHtml(text, from, stop, other, high), expected) << text << " from " << from;
      ASSERT_EQ(html_internal::SkipPlainByEights(text, from, stop, other, high), expected) << text << " from " << from;
    }
  }
}

// ---- Any page

constexpr std::string_view kFragments[] = {
    "<",
    ">",
    "</",
    "<a ",
    "href=",
    "\"",
    "'",
    "=",
    "/",
    "/>",
    "<p>",
    "</p>",
    "<!--",
    "-->",
    "--!>",
    "-",
    "<!",
    "<!DOCTYPE",
    " PUBLIC ",
    " system ",
    "<script",
    "</script",
    "<style>",
    "</style>",
    "<title>",
    "</title",
    "<textarea>",
    "<svg>",
    "</svg>",
    "<math>",
    "<mi>",
    "<![CDATA[",
    "]]>",
    "]",
    "<plaintext>",
    "&",
    "&amp;",
    "&amp",
    "&notin",
    "&#x26;",
    "&#38",
    "&#",
    "&ThickSpace;",
    "word",
    " ",
    "\n",
    "\r",
    "\r\n",
    "あ",
    "\xE3\x81",
    "\xFF",
    "\xF0\x9F\x98\x80",
    "<?",
    "</>",
    "<b/>",
    "<noscript>",
    "</noscript>",
    "é",
    "X",
    "<desc>",
};

std::string RandomPage(std::mt19937& random, size_t fragments) {
  std::string page;
  for (size_t i = 0; i < fragments; ++i) {
    page += kFragments[random() % std::size(kFragments)];
    if (random() % 40 == 0) page += static_cast<char>(random() % 256);
    if (random() % 60 == 0) page += '\0';
  }
  return page;
}

std::vector<size_t> RandomBorders(std::mt19937& random, size_t size) {
  std::vector<size_t> borders;
  const size_t largest = 1 + random() % 40;
  for (size_t at = random() % largest; at < size; at += 1 + random() % largest) borders.push_back(at);
  return borders;
}

TEST(HtmlTokenizerPropertyTest, AnyPageInAnyChunks) {
  for (uint32_t seed = 1; seed <= 3000; ++seed) {
    std::mt19937 random(seed);
    const std::string page = RandomPage(random, 1 + random() % 60);
    HtmlTokenizerOptions options;
    options.content = static_cast<HtmlContent>(random() % 3 == 0 ? random() % 6 : 0);
    options.scripting = static_cast<HtmlScripting>(random() % 2);
    options.switching = static_cast<HtmlTokenizerOptions::Switching>(random() % 2);
    options.last_start_tag = "script";
    const HtmlRun run = RunHtml(page, options, {});
    ASSERT_EQ(run.broken, "") << "seed " << seed << "\n" << page;
    const std::string whole = DescribeHtml(run);
    ASSERT_EQ(DescribeHtml(page, options, EveryBorder(page)), whole) << "seed " << seed << "\n" << page;
    for (int i = 0; i < 4; ++i) ASSERT_EQ(DescribeHtml(page, options, RandomBorders(random, page.size())), whole) << "seed " << seed << "\n" << page;
  }
}

constexpr std::string_view kTagParts[] = {
    "a", "b", "href", "HREF", "class", "data-x", " ", "  ", "\n", "\t", "\r", "=", "= ", " =",
    "\"", "\"", "'", "=\"v\"", "='w' ", "=\"a b\"", "=x", "/", "/ ",
    "&amp;", "&", "&#65;", "あ", "=\"あ\"", "\xFF", "<", "é", "=''", "\r\n", " c=\"\"", " a=\"1\"", " a=\"2\"", "-", ":",
};

std::string RandomTag(std::mt19937& random) {
  constexpr std::string_view kStarts[] = {"<a", "<p ", "</a", "<img src=\"x\" ", "<DIV", "<d\xC3\xA9", "<x"};
  std::string tag(kStarts[random() % std::size(kStarts)]);
  for (size_t parts = random() % 12; parts > 0; --parts) tag += kTagParts[random() % std::size(kTagParts)];
  if (random() % 50 == 0) tag += '\0';
  return tag + (random() % 4 == 0 ? "/>" : ">") + (random() % 2 == 0 ? "text" : "");
}

// A byte at a time no tag is read in one go: the states must give the same.
TEST(HtmlTokenizerPropertyTest, AnyTagInAnyChunks) {
  for (uint32_t seed = 1; seed <= 6000; ++seed) {
    std::mt19937 random(seed);
    std::string page;
    for (size_t tags = 1 + random() % 3; tags > 0; --tags) page += RandomTag(random);
    const HtmlRun run = RunHtml(page, {}, {});
    ASSERT_EQ(run.broken, "") << "seed " << seed << "\n" << page;
    const std::string whole = DescribeHtml(run);
    ASSERT_EQ(DescribeHtml(page, {}, EveryBorder(page)), whole) << "seed " << seed << "\n" << page;
    for (int i = 0; i < 4; ++i) ASSERT_EQ(DescribeHtml(page, {}, RandomBorders(random, page.size())), whole) << "seed " << seed << "\n" << page;
  }
}

std::string Repeated(std::string_view unit, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += unit;
  return text;
}

// Pages made to be read again and again: a start, and what is repeated behind it.
constexpr std::pair<std::string_view, std::string_view> kHard[] = {
    {"", "<"},
    {"", "</"},
    {"", "&"},
    {"", "&#0"},
    {"&#", "0"},
    {"&#x", "0"},
    {"", "&CounterClockwiseContourIntegra"},
    {"", "&amp;"},
    {"", "\r"},
    {"<script>", "</scrip"},
    {"<script>", "<!--<script"},
    {"<script><!--", "-"},
    {"<script><!--", "<script </script "},
    {"<title>", "</titl"},
    {"<!--", "-"},
    {"<!--", "--!"},
    {"<!--", "<!--"},
    {"<!", "<!"},
    {"<!doctype a ", "publi"},
    {"<!doctype a public '", "&\r"},
    {"<a ", "b "},
    {"<a ", "="},
    {"<a ", "b=c d=e "},
    {"<a ", "/"},
    {"<a b='", "&am"},
    {"<a b=", "&#1"},
    {"<", "a"},
    {"</", "\xE3\x81\x82"},
    {"", "\xE3\x81"},
    {"", "<svg>"},
    {"", "<svg><desc>"},
    {"<svg>", "<![CDATA[]"},
    {"<svg><![CDATA[", "]]"},
    {"<plaintext>", "\xF0\x9F"},
    {"", "<a>"},
};

TEST(HtmlTokenizerPropertyTest, WorkIsLinear) {
  for (const auto& [start, unit] : kHard) {
    const std::string page = std::string(start) + Repeated(unit, 20000);
    const std::string longer = std::string(start) + Repeated(unit, 40000);
    for (const bool every : {false, true}) {
      const uint64_t work = RunHtml(page, {}, every ? EveryBorder(page) : std::vector<size_t>{}).work;
      const uint64_t more = RunHtml(longer, {}, every ? EveryBorder(longer) : std::vector<size_t>{}).work;
      EXPECT_LE(work, (every ? 100u : 8u) * page.size()) << start << unit << (every ? " in bytes" : "");
      EXPECT_LE(more, work * 9 / 4) << start << unit << (every ? " in bytes" : "");
    }
  }
}

TEST(HtmlTokenizerPropertyTest, ManyAttributesAreLinear) {
  const auto work = [](size_t attributes) {
    std::string page = "<a";
    for (size_t i = 0; i < attributes; ++i) page += " x" + std::to_string(i);
    return RunHtml(page + ">", {}, {}).work;
  };
  EXPECT_LE(work(20000), 5 * work(5000));
}

}  // namespace
}  // namespace sakuin::text
