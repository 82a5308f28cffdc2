// What a stream of text gives: exact places, limits, choices among dictionaries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "keyword_linker/automaton_builder.h"
#include "tests/keyword_linker/link_cases.h"
#include "text/folded_text.h"

namespace sakuin::keyword_linker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(FoldedTextTest, LinksStandOnTheBytesOfTheText) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"istanbul", "İzmir", "ﬁne", "カタカナ", "café", "🍣", "strasse", "ガ", "½", "e\xCC\x81t\xC3\xA9"});
  const auto linked = [&](std::string_view text) { return LinkedTexts(*dictionary, text); };
  EXPECT_THAT(linked("İİİ ISTANBUL'da ve İZMİR izmir"), ElementsAre("ISTANBUL", "İZMİR", "izmir"));
  EXPECT_THAT(linked("a fine ﬁne day"), ElementsAre("fine", "ﬁne"));
  EXPECT_THAT(linked("ｶﾀｶﾅ ｶﾞ カタカナ"), ElementsAre("ｶﾀｶﾅ", "ｶﾞ", "カタカナ"));
  EXPECT_THAT(linked("CAFE\xCC\x81 café cafe"), ElementsAre("CAFE\xCC\x81", "café"));
  EXPECT_THAT(linked("eat 🍣🍣 now"), ElementsAre("🍣", "🍣"));
  EXPECT_THAT(linked("Straße STRASSE"), ElementsAre("Straße", "STRASSE"));
  EXPECT_THAT(linked("½ 1⁄2"), ElementsAre("½", "1⁄2"));
  EXPECT_THAT(linked("\xC3\xA9te\xCC\x81"), ElementsAre("\xC3\xA9te\xCC\x81"));
  EXPECT_THAT(linked("a\xFF""fine\xFE café"), ElementsAre("fine", "café")) << "bytes that are not UTF-8 stand between words";
}

TEST(KeywordLinkerTest, TheLongestFromTheLeftOrAll) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"한국", "한국전력", "한국전력공사", "전력"});
  LinkOptions options;
  options.boundaries = Boundaries::kNone;
  EXPECT_THAT(LinkedTexts(*dictionary, "한국전력공사는 크다", options), ElementsAre("한국전력공사"));
  options.kind = MatchKind::kAll;
  EXPECT_THAT(LinkedTexts(*dictionary, "한국전력공사는 크다", options), UnorderedElementsAre("한국", "한국전력", "전력", "한국전력공사"));
}

TEST(KeywordLinkerTest, TheFirstByPriority) {
  const auto dictionary = DictionaryOf({{"data", "", 5}, {"data base", "", 1}, {"base", "", 0}, {"base ball", "", 0}});
  LinkOptions options;
  EXPECT_THAT(LinkedTexts(*dictionary, "a data base ball", options), ElementsAre("data base"));
  options.kind = MatchKind::kFirst;
  EXPECT_THAT(LinkedTexts(*dictionary, "a data base ball", options), ElementsAre("data", "base ball"));
}

TEST(KeywordLinkerTest, LimitsCountFromTheTop) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"a", "b"});
  LinkOptions options;
  options.most_per_keyword = 2;
  EXPECT_THAT(LinkedTexts(*dictionary, "a A a b a b b", options), ElementsAre("a", "A", "b", "b"));
  options.most_links = 3;
  EXPECT_THAT(LinkedTexts(*dictionary, "a A a b a b b", options), ElementsAre("a", "A", "b"));
}

TEST(KeywordLinkerTest, WhatIsOnTheStopListIsNotInTheWayOfOthers) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"new york", "new", "york times"});
  LinkOptions options;
  EXPECT_THAT(LinkedTexts(*dictionary, "New York Times", options), ElementsAre("New York"));
  options.stop = {"NEW YORK", "unheard of"};
  EXPECT_THAT(LinkedTexts(*dictionary, "New York Times", options), ElementsAre("New", "York Times"));
}

TEST(KeywordLinkerTest, OfSeveralDictionariesTheLongestThenPriorityThenTheFirst) {
  const auto site = DictionaryOf({{"Tokyo", "site", 0}, {"Kyoto", "site", 1}, {"Nara", "site", 1}});
  const auto own = DictionaryOf({{"tokyo tower", "own", 0}, {"kyoto", "own", 5}, {"nara", "own", 1}});
  std::vector<std::string> targets;
  for (const Link& link : LinksIn({site.get(), own.get()}, "Tokyo Tower, Tokyo, Kyoto, Nara")) {
    targets.emplace_back(link.entry().target);
    EXPECT_EQ(link.dictionary, link.entry().target == "own" ? 1U : 0U);
  }
  EXPECT_THAT(targets, ElementsAre("own", "site", "own", "site"));
}

// The second dictionary knows by a tail what the first one finds at its last character.
TEST(KeywordLinkerTest, TheFirstDictionaryWinsWhereverAStretchEnds) {
  const auto site = DictionaryOf({{"kyoto tower", "site", 0}, {"kyoto towel", "site", 0}});
  const auto own = DictionaryOf(std::vector<Entry>{{"kyoto tower", "own", 0}});
  for (size_t before = 2 * text::kStretchBytes - 80; before < 2 * text::kStretchBytes + 80; ++before) {
    const std::string text = std::string(before - text::kStretchBytes, ' ') + "Kyoto Tower" + std::string(3 * text::kStretchBytes, ' ');
    const std::vector<Link> links = LinksIn({site.get(), own.get()}, text);
    ASSERT_EQ(links.size(), 1U);
    ASSERT_EQ(links[0].entry().target, "site") << before;
  }
}

TEST(KeywordLinkerTest, LayersAreAsOneDictionary) {
  const std::shared_ptr<const Dictionary> base = DictionaryOf({{"Tokyo", "/old", 0}, {"Tokyo Tower", "/tower", 0}, {"Nara", "/nara", 0}});
  const std::shared_ptr<const Dictionary> delta = DictionaryOf({{"TOKYO", "/new", 0}, {"Osaka", "/osaka", 0}});
  const auto hidden = std::make_shared<KeywordSet>(base->keywords());
  hidden->Insert(*base->Find("tokyo"));
  hidden->Insert(*base->Find("tokyo tower"));
  const DictionaryView view({{base, hidden}, {delta, nullptr}});
  std::vector<std::string> targets;
  for (const Link& link : LinksIn({view}, "Tokyo Tower, Osaka, Nara")) {
    targets.emplace_back(link.entry().target);
    EXPECT_EQ(link.dictionary, 0U);
  }
  EXPECT_THAT(targets, ElementsAre("/new", "/osaka", "/nara"));
  std::vector<std::string> shown;
  view.ForEach([&shown](const Entry& entry) { shown.emplace_back(entry.keyword); });
  EXPECT_THAT(shown, UnorderedElementsAre("Nara", "TOKYO", "Osaka"));
  EXPECT_EQ(view.keywords(), 3U);
}

TEST(KeywordLinkerTest, WhiteSpaceIsOneBlankInKeywordsAndTexts) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"New  York", "York", "東京 タワー"});
  EXPECT_THAT(LinkedTexts(*dictionary, "New\nYork, new \t york, New\xC2\xA0York, 東京\xE3\x80\x80タワー"),
              ElementsAre("New\nYork", "new \t york", "New\xC2\xA0York", "東京\xE3\x80\x80タワー"));
  EXPECT_THAT(LinkedTexts(*dictionary, "New\n\nYork New\r\n \r\nYork"), ElementsAre("York", "York")) << "a paragraph ends between";
  EXPECT_TRUE(dictionary->Find("new\nyork").has_value());
}

// Wherever a stretch ends, and however the text is cut into pieces.
TEST(KeywordLinkerTest, ARunOfBlanksIsOneAcrossStretches) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"new york"});
  for (size_t before = text::kStretchBytes - 300; before < text::kStretchBytes + 300; before += 7) {
    const std::string text = std::string(before, '-') + " New" + std::string(500, ' ') + "\n York" + std::string(3 * text::kStretchBytes, '-');
    const std::vector<Link> links = LinksIn({dictionary.get()}, text, {}, 1000);
    ASSERT_EQ(links.size(), 1U) << before;
    ASSERT_EQ(links[0].start, before + 1);
    ASSERT_EQ(links[0].end, before + 1 + 3 + 502 + 4);
  }
}

TEST(KeywordLinkerTest, MemoryIsAStretchWhateverTheLength) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"needle", "hay hay needle"});
  uint64_t links = 0;
  LinkStream stream({dictionary.get()}, {}, [&links](const Link&) { ++links; });
  std::string chunk;
  for (int i = 0; i < 1000; ++i) chunk += "hay ";
  uint64_t fed = 0;
  for (int i = 0; i < 500; ++i) {
    stream.Feed(chunk);
    stream.Feed("needle ");
    fed += chunk.size() + 7;
    ASSERT_LT(fed - stream.decided(), 64U << 10) << "what may be a link yet";
  }
  stream.Finish();
  EXPECT_EQ(links, 500U);
  EXPECT_EQ(stream.decided(), fed);
}

// A stretch of characters that fold to nothing has no units.
TEST(KeywordLinkerTest, ALongKeywordGoesOnBehindWhatIsNotSeen) {
  std::string letters;
  for (int i = 0; i < 300; ++i) letters += static_cast<char>('a' + i * i % 26);
  const auto dictionary = DictionaryOf({letters, letters + "z"});
  std::string text = letters.substr(0, 290);
  for (int i = 0; i < 20'000; ++i) text += "\xC2\xAD";
  text += letters.substr(290) + " " + std::string(40'000, '-');
  const std::vector<Link> links = LinksIn({dictionary.get()}, text);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].end, text.size() - 40'001);
}

// A path that never ends keeps its places, and of what was found only theirs.
TEST(TrieWalkTest, WhatIsNoLongerNeededIsForgotten) {
  AutomatonBuilder builder;
  builder.Add(std::vector<uint32_t>{1});
  const BuiltAutomaton built = builder.Build();
  const Automaton automaton = *Automaton::Make(built.parts());
  const std::vector<uint32_t> codes(2'000, 1);
  TrieWalk walk;
  for (int round = 0; round < 100; ++round) {
    std::vector<uint32_t> starts;
    for (uint32_t i = round == 0 ? 0 : 10; i < 1010; ++i) starts.push_back(i);
    walk.Run(automaton, codes.data(), starts);
    EXPECT_EQ(walk.NextFrom(0), 0U);
    EXPECT_EQ(walk.found(walk.LongestAt(1009)).units, 1U);
    EXPECT_LT(walk.LongestAt(1009), 1100U) << "so many are held";
    walk.Drop(1000, 1000);
  }
  EXPECT_EQ(walk.NextFrom(10), TrieWalk::kNone);
}

TEST(KeywordLinkerTest, OneWordWithoutEndIsReadInPieces) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"xyz"});
  LinkOptions options;
  options.boundaries = Boundaries::kNone;
  std::string text(300'000, 'x');
  text += "yz";
  EXPECT_EQ(LinksIn({dictionary.get()}, text, options, 1000).size(), 1U);
  EXPECT_THAT(LinksIn({dictionary.get()}, text, {}, 1000), IsEmpty()) << "it is no word";
}

}  // namespace
}  // namespace sakuin::keyword_linker
