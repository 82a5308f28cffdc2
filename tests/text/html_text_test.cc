// The texts of a page that may hold links.

#include "text/html_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/text/html_testing.h"

namespace sakuin::text {
namespace {

// Texts as they are read, with | where bytes were left out.
std::string Texts(std::string_view page, const std::vector<size_t>& borders) {
  HtmlTextReader reader;
  std::string out;
  uint64_t end = 0;
  const auto take = [&] {
    while (const HtmlToken* token = reader.Next()) {
      if (token->start != end && !out.empty()) out += '|';
      for (const HtmlTextPiece& piece : token->pieces) out += piece.text();
      end = token->end;
    }
  };
  size_t at = 0;
  for (size_t i = 0; i <= borders.size(); ++i) {
    const size_t border = i < borders.size() ? borders[i] : page.size();
    const std::string chunk(page.substr(at, border - at));
    reader.Feed(chunk);
    take();
    at = border;
  }
  reader.Finish();
  take();
  return out;
}

struct Example {
  std::string_view page;
  std::string_view texts;
};

constexpr Example kExamples[] = {
    {"<p>See <a href=x>Rome</a> &amp; <code>ls</code>.", "See | & |."},
    {"one<!-- two -->three<b title='four'>five</b>", "one|three|five"},
    {"<title>t</title><style>s</style><script>j</script><textarea>x</textarea>y", "y"},
    {"<noscript>n</noscript><iframe>i</iframe>y<plaintext>z", "y"},
    // Nested, and nested wrongly.
    {"<pre>a<code>b</code>c</pre>d", "d"},
    {"<code>a<code>b</code>c</code>d", "d"},
    {"<a><b>x</a>y</b>z", "y|z"},
    {"<a><div>x</a>y</div>z", "y|z"},
    {"<code><a>x</code>y</a>z", "z"},
    {"x</a>y</code>z</div>w", "x|y|z|w"},
    {"<a href=x><div><p>x</p><p>y</p></div></a>z", "z"},
    {"<p><a href=x><div>y</div></a></p>z", "z"},
    // Not closed: up to the next one, or the end of the block.
    {"<p>a<a>b<b>c</p>d", "a|d"},
    {"<div>a<a>b<p>c</p>d</div>e", "a|e"},
    {"<p>a<a>b<a>c</a>d</p>e", "a|d|e"},
    {"<p>a<a>b<p>c", "a|c"},
    {"<ul><li>a<a>b<li>c</ul>d", "a|c|d"},
    {"<ul><li>a<a>b<ul><li>c</ul>d</ul>e", "a|e"},
    {"<dl><dt>a<code>b<dd>c</dl>", "a|c"},
    {"<table><tr><td>a<a>b<td>c<tr><td><p><a>d<tbody><tr><td>e</table>f", "a|c|e|f"},
    {"<div><table><tr><td>a<a>b</table>c</div>", "a|c"},
    {"a<a>b<div>c</div>d", "a"},
    {"<div><a/>b</div>c", "c"},
    {"<section><pre>a</section>b", "b"},
    {"<p><button>a<select>b<option>c</p>d", "d"},
    // SVG and MathML.
    {"a<svg><text>b</text><title>c</title><foreignObject><p>d</p></foreignObject></svg>e<math><mi>x</mi></math>f", "a|e|f"},
    {"<svg><a>b</svg>c", "c"},
    {"a<svg><g>b<p>c", "a|c"},
    {"<a><svg><a>b</a></svg>c</a>d", "d"},
};

TEST(HtmlTextTest, Examples) {
  for (const Example& example : kExamples) {
    EXPECT_EQ(Texts(example.page, {}), example.texts) << example.page;
    EXPECT_EQ(Texts(example.page, EveryBorder(example.page)), example.texts) << example.page;
  }
}

// A link is known at any depth, and its end too.
TEST(HtmlTextTest, DeepPages) {
  std::string page;
  for (size_t i = 0; i < 3 * kMaxHtmlOpenElements; ++i) page += "<div>";
  EXPECT_EQ(Texts(page + "x<a>y</a>z<a>y<a>y</a>w<pre>y<code>y</code>y</pre>v", {}), "x|z|w|v");
  std::string closed = page + "<a>y";
  for (size_t i = 0; i < 3 * kMaxHtmlOpenElements; ++i) closed += "</div>";
  EXPECT_EQ(Texts(closed + "z", {}), "z");
}

// On pages that nest, what is left out is what a list of open elements says.
TEST(HtmlTextTest, AgreesWithAListOfOpenElements) {
  constexpr std::string_view kNames[] = {"b", "div", "code", "pre", "span", "ul", "a", "i", "section"};
  for (uint32_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937 random(seed);
    std::string page;
    std::string expected;
    std::vector<std::string_view> open;
    uint64_t end = 0;
    for (int i = 0; i < 60; ++i) {
      const std::string_view name = kNames[random() % std::size(kNames)];
      const bool second_link = name == "a" && std::ranges::count(open, "a") > 0;
      if (random() % 3 == 0 && !second_link) {
        page += "<" + std::string(name) + ">";
        open.push_back(name);
      } else if (random() % 2 == 0 && !open.empty()) {
        page += "</" + std::string(open.back()) + ">";
        open.pop_back();
      } else {
        const bool out = std::ranges::any_of(open, [](std::string_view n) { return n == "a" || n == "code" || n == "pre"; });
        if (!out && page.size() != end && !expected.empty()) expected += '|';
        page += "w" + std::to_string(i);
        if (!out) expected += "w" + std::to_string(i);
        if (!out) end = page.size();
      }
    }
    ASSERT_EQ(Texts(page, {}), expected) << "seed " << seed << "\n" << page;
  }
}

TEST(HtmlTextTest, ATagOrCommentIsReadWhetherOrNotItEnds) {
  for (const std::string begin : {"<p title=\"", "<p ", "<!--", "<!doctype x ", "<?"}) {
    HtmlTextReader reader;
    const std::string page = "text" + begin + std::string(100'000, 'x');
    reader.Feed(page);
    while (reader.Next() != nullptr) EXPECT_EQ(reader.read(), 4U);
    EXPECT_EQ(reader.read(), page.size()) << begin;
  }
}

// On any page the chunks make no difference.
TEST(HtmlTextTest, DamagedPagesInAnyChunks) {
  constexpr std::string_view kFragments[] = {
      "<a>",      "</a>",    "<code>",   "</code>",  "<pre>",     "</pre>", "<p>",     "</p>",     "<div>",  "</div>",  "<li>",     "<ul>",  "</ul>",
      "<svg>",    "<title>", "</title>", "<script>", "</script>", "<td>",   "<table>", "</table>", "<tr>",   "<button", "<select>", "&amp;", "word",
      "\xE3\x81", "あ",      "\r\n",     "<!--",     "-->",       "</svg>", "<dd>",    "<dt>",     "<math>", "<mi>",    "x=\"",     "\"",
  };
  for (uint32_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937 random(seed);
    std::string page;
    for (size_t i = random() % 60; i > 0; --i) page += kFragments[random() % std::size(kFragments)];
    const std::string whole = Texts(page, {});
    ASSERT_EQ(Texts(page, EveryBorder(page)), whole) << "seed " << seed << "\n" << page;
    ASSERT_EQ(Texts(page, {page.size() / 3, page.size() / 2}), whole) << "seed " << seed << "\n" << page;
  }
}

}  // namespace
}  // namespace sakuin::text
