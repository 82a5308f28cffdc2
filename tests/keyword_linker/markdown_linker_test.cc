// Links in plain text: where they stand, and that links and code of Markdown stay as they are.
#include "keyword_linker/markdown_linker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/keyword_linker/link_cases.h"

namespace sakuin::keyword_linker {
namespace {

using testing::ElementsAre;
using Places = std::vector<std::pair<uint64_t, uint64_t>>;

Places PlacesIn(const Dictionary& dictionary, std::string_view text, size_t piece = std::string_view::npos) {
  Places places;
  MarkdownLinker linker({&dictionary}, {}, [&](const Link& link) { places.emplace_back(link.start, link.end); });
  for (size_t at = 0; at < text.size(); at += std::min(piece, text.size() - at)) linker.Feed(text.substr(at, piece));
  linker.Finish();
  EXPECT_EQ(linker.decided(), text.size());
  return places;
}

// The text with {} around its links.
std::string Linked(const Dictionary& dictionary, const std::string& text) {
  std::string shown;
  size_t at = 0;
  for (const auto& [start, end] : PlacesIn(dictionary, text)) {
    shown += text.substr(at, start - at) + "{" + text.substr(start, end - start) + "}";
    at = end;
  }
  return shown + text.substr(at);
}

TEST(MarkdownLinker, LeavesLinksAndCodeAlone) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"york", "new york"});
  EXPECT_EQ(Linked(*dictionary, "york [york](/x) ![york](y) `york` [york] new\nyork"), "{york} [york](/x) ![york](y) `york` [{york}] {new\nyork}");
  EXPECT_EQ(Linked(*dictionary, "york\n```\nyork\n\n[york\n~~~\n```\nyork](x)\n"), "{york}\n```\nyork\n\n[york\n~~~\n```\n{york}](x)\n");
  EXPECT_EQ(Linked(*dictionary, "[york\n\nyork](x) `york\n\nyork`"), "[{york}\n\n{york}](x) `{york}\n\n{york}`") << "a paragraph ends";
  EXPECT_EQ(Linked(*dictionary, "new [york](x) new`york` york"), "new [york](x) new`york` {york}");
  EXPECT_EQ(Linked(*dictionary, "~~~ c\nyork"), "~~~ c\nyork") << "code that does not end";
}

TEST(MarkdownLinker, APieceMayEndAnywhere) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"a", "a b", "北京", "b"});
  std::mt19937 random(7);
  const std::vector<std::string> parts = {"a", "b",  "北京", " ",    "\n", "\n\n", "`",   "```\n", "[",
                                          "]", "](", ")",    "](x)", "\\", "<",    "a:>", "~~~\n", "\r\n"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (size_t length = random() % 60; length > 0; --length) text += parts[random() % parts.size()];
    const Places whole = PlacesIn(*dictionary, text);
    for (const size_t piece : {1, 2, 7}) ASSERT_EQ(PlacesIn(*dictionary, text, piece), whole) << text;
  }
}

TEST(MarkdownLinker, LongParagraphsAreTakenInParts) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"york", "two words"});
  const size_t most = MarkdownLinker::kMostParagraphBytes;
  for (const size_t before : {most - 4, most - 2, most, 2 * most + 1}) {
    for (const char blank : {' ', '\n'}) {
      std::string text(before, 'x');
      for (size_t at = 50; at < text.size(); at += 50) text[at] = blank;
      text += " york two words `york` and\n```\nyork\n```\ntwo\nwords";
      const Places whole = PlacesIn(*dictionary, text);
      EXPECT_EQ(PlacesIn(*dictionary, text, 1000), whole);
      EXPECT_EQ(PlacesIn(*dictionary, text, most + 1), whole);
      EXPECT_GE(whole.size(), 3U);
    }
  }
  const std::string code = "```\n" + std::string(3 * most, 'x') + " york\n```\nyork";
  EXPECT_EQ(PlacesIn(*dictionary, code), (Places{{code.size() - 4, code.size()}}));
  EXPECT_EQ(PlacesIn(*dictionary, code, 100), (Places{{code.size() - 4, code.size()}}));
}

// Where there is nothing of Markdown links are those of any text.
TEST(MarkdownLinker, LinksPlainTextAsTheStreamDoes) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"new york", "york", "c++", "학교", "x y"});
  const std::string text = "New York, c++11\nyork\n\nnew\n\nyork 학교에서는 (x y) york! \"New\tYork\"\n x\ny";
  Places expected;
  for (const Link& link : LinksIn({dictionary.get()}, text)) expected.emplace_back(link.start, link.end);
  EXPECT_EQ(PlacesIn(*dictionary, text), expected);
  EXPECT_GE(expected.size(), 8U);
}

}  // namespace
}  // namespace sakuin::keyword_linker
