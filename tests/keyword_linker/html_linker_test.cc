// Links in pages: where they stand, and that nothing else is touched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "keyword_linker/html_linker.h"
#include "tests/keyword_linker/link_cases.h"

namespace sakuin::keyword_linker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> LinkedParts(const Dictionary& dictionary, std::string_view page, size_t piece = std::string_view::npos,
                                     const LinkOptions& options = {}) {
  std::vector<std::string> parts;
  HtmlLinker linker({&dictionary}, options, [&](const Link& link) { parts.emplace_back(page.substr(link.start, link.end - link.start)); });
  for (size_t at = 0; at < page.size(); at += std::min(piece, page.size() - at)) linker.Feed(page.substr(at, piece));
  linker.Finish();
  EXPECT_EQ(linker.decided(), page.size());
  return parts;
}

TEST(HtmlLinkerTest, LinksStandInTextOnly) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"fox"});
  constexpr std::string_view kPage =
      "<title>fox</title><p>fox <a href=\"x\">fox</a> <b title=\"fox\">fox</b> <code>fox</code> f&#111;x</p>"
      "<script>fox</script><style>fox{}</style><!-- fox --><textarea>fox</textarea><pre>fox</pre><fox>Fox</fox>";
  for (size_t piece = 1; piece < 12; ++piece) EXPECT_THAT(LinkedParts(*dictionary, kPage, piece), ElementsAre("fox", "fox", "f&#111;x", "Fox")) << piece;
}

TEST(HtmlLinkerTest, ReferencesAreRead) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"AT&T", "café", "a < b", "ﬁne", "ガ"});
  EXPECT_THAT(LinkedParts(*dictionary, "<p>AT&amp;T and at&ampt, at&amp;t"), ElementsAre("AT&amp;T", "at&ampt", "at&amp;t"));
  EXPECT_THAT(LinkedParts(*dictionary, "caf&eacute; CAFE&#x301; a &lt; b ﬁne &#xFB01;ne"),
              ElementsAre("caf&eacute;", "CAFE&#x301;", "a &lt; b", "ﬁne", "&#xFB01;ne"));
  EXPECT_THAT(LinkedParts(*dictionary, "&#xFF76;&#xFF9E;"), ElementsAre("&#xFF76;&#xFF9E;")) << "half-width, in two references";
}

TEST(HtmlLinkerTest, AReferenceOfTwoLettersIsNotCut) {
  LinkOptions anywhere;
  anywhere.boundaries = Boundaries::kNone;
  const auto letters = DictionaryOf(std::vector<std::string>{"f", "j"});
  EXPECT_THAT(LinkedParts(*letters, "&fjlig; f", 3, anywhere), ElementsAre("f"));
  const auto both = DictionaryOf(std::vector<std::string>{"fj", "fjord"});
  EXPECT_THAT(LinkedParts(*both, "&fjlig; &fjlig;ord"), ElementsAre("&fjlig;", "&fjlig;ord"));
}

// What comes from ß and a mark that is written as a reference are units of several pieces of the page.
TEST(HtmlLinkerTest, AMarkInAReferenceBelongsToTheLetterBeforeIt) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"stra\xC3\x9F\xCC\x81" "e", "end"});
  constexpr std::string_view kPage = "<p>a stra\xC3\x9F&#x301;e &amp; stra&szlig;&#x301;e end";
  for (size_t piece = 1; piece < 9; ++piece) {
    EXPECT_THAT(LinkedParts(*dictionary, kPage, piece), ElementsAre("stra\xC3\x9F&#x301;e", "stra&szlig;&#x301;e", "end")) << piece;
  }
}

TEST(HtmlLinkerTest, AKeywordDoesNotReachOverATag) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"data base"});
  EXPECT_THAT(LinkedParts(*dictionary, "data <b>base</b> data<br>base data <!-- --> base"), IsEmpty());
  EXPECT_THAT(LinkedParts(*dictionary, "<p>data</p>data base<p>"), ElementsAre("data base"));
}

TEST(HtmlLinkerTest, AWordGoesOnOverATagInALine) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"range", "서울", "o", "東京", "cafe", "or"});
  const auto parts = [&](std::string_view page) {
    const std::vector<std::string> whole = LinkedParts(*dictionary, page);
    for (size_t piece = 1; piece < 7; ++piece) EXPECT_EQ(LinkedParts(*dictionary, page, piece), whole) << page;
    return whole;
  };
  for (const std::string name : {"span", "b", "i", "em", "strong", "font", "u", "s", "sub", "small", "mark", "a", "code", "x-own", "wbr"}) {
    EXPECT_THAT(parts("<" + name + ">O</" + name + ">range"), IsEmpty()) << name;
    EXPECT_THAT(parts("o<" + name + ">range</" + name + "> x"), IsEmpty()) << name;
    EXPECT_THAT(parts("<" + name + ">x</" + name + "> range <" + name + ">x</" + name + ">"), ElementsAre("range")) << name;
    EXPECT_THAT(parts("<" + name + ">서울</" + name + ">특별시"), IsEmpty()) << name;
    EXPECT_THAT(parts("x<" + name + "></" + name + ">range"), IsEmpty()) << name;
  }
  EXPECT_THAT(parts("<b>range</b>s <b>range</b>. <i>cafe</i>&#x301;"), ElementsAre("range"));
  EXPECT_THAT(parts("<b>서울</b>에서 <b>서울</b>에<i>서</i>는, 서울<code>에서</code> 서울<a>대</a>에"), ElementsAre("서울", "서울", "서울"));
  EXPECT_THAT(parts("O<!-- c -->range, O<script>x</script>range"), IsEmpty());
  EXPECT_THAT(parts("x<b>東京</b>x"), ElementsAre("東京")) << "which needs no border";
  for (const std::string name : {"br", "img", "hr", "input", "p", "div", "td", "li", "pre", "button", "select", "textarea", "svg", "iframe"}) {
    EXPECT_THAT(parts("O<" + name + "></" + name + ">range"), ElementsAre("O", "range")) << name;
  }
  EXPECT_THAT(parts("O<b title='" + std::string(70'000, 'x') + "'>range"), ElementsAre("O", "range")) << "what is not decided is held";
}

TEST(HtmlLinkerTest, WhiteSpaceIsWrittenAsItLikes) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"New York", "York"});
  EXPECT_THAT(LinkedParts(*dictionary, "<p>New\nYork, New  York, New\n\n York, New&nbsp;York, New &#32;&nbsp;York, New\xE3\x80\x80York", 3),
              ElementsAre("New\nYork", "New  York", "New\n\n York", "New&nbsp;York", "New &#32;&nbsp;York", "New\xE3\x80\x80York"));
  EXPECT_THAT(LinkedParts(*dictionary, "New<br>York New <b>York</b>"), ElementsAre("York", "York"));
}

TEST(HtmlLinkerTest, LimitsCountOverTheWholePage) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"fox", "dog"});
  LinkOptions options;
  options.most_per_keyword = 1;
  EXPECT_THAT(LinkedParts(*dictionary, "<p>fox<p>Fox<p>dog<p>fox", 5, options), ElementsAre("fox", "dog"));
}

TEST(HtmlLinkerTest, ThePlainTextInAPageHasTheSameLinks) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"ab", "abc", "b a", "東京", "a&b"});
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (size_t i = 0; i < 200; ++i) {
      constexpr std::array<std::string_view, 8> kParts = {"a", "b", "c", " ", "東", "京", "ab", "b a"};
      text += kParts[random() % kParts.size()];
    }
    const std::vector<std::string> expected = LinkedTexts(*dictionary, text);
    EXPECT_EQ(LinkedParts(*dictionary, "<div><p>" + text + "</p><script>" + text + "</script></div>", 1 + random() % 40), expected);
  }
}

TEST(HtmlLinkerTest, DamagedPagesGiveTheSameInAnyPieces) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"a", "b c", "&", "<"});
  std::mt19937 random(5);
  constexpr std::array<std::string_view, 22> kParts = {"<b>", "</b>", " ", "\n", "<br>", "<code>", "<", ">", "a", "b c", "&", "&amp", "&lt;", "<p>", "</p", "<a>", "</a>", "<!--", "-->", "<pre>", "\xFF", "<script>"};
  for (int round = 0; round < 500; ++round) {
    std::string page;
    for (size_t i = 0; i < 60; ++i) page += kParts[random() % kParts.size()];
    const std::vector<std::string> whole = LinkedParts(*dictionary, page);
    ASSERT_EQ(LinkedParts(*dictionary, page, 1 + random() % 9), whole) << page;
  }
}

TEST(HtmlLinkerTest, NestedAHundredThousandDeep) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"fox"});
  std::string page;
  for (int i = 0; i < 100'000; ++i) page += i % 3 == 0 ? "<div>" : i % 3 == 1 ? "<b>" : "<p>";
  EXPECT_THAT(LinkedParts(*dictionary, page + "fox"), ElementsAre("fox"));
  std::string links;
  for (int i = 0; i < 100'000; ++i) links += "<a href=x>";
  EXPECT_THAT(LinkedParts(*dictionary, links + "fox"), IsEmpty());
}

}  // namespace
}  // namespace sakuin::keyword_linker
