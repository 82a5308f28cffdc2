// spelling.h: units by example, distances against the definition.
#include "searcher/spelling.h"

#include <gtest/gtest.h>

#include "tests/searcher/naive_spelling.h"

namespace sakuin::searcher {
namespace {

TEST(Spelling, HangulIsCountedByKey) {
  EXPECT_EQ(SpellingUnits("한국"), U"ㅎㅏㄴㄱㅜㄱ");
  EXPECT_EQ(SpellingUnits("값 왜"), U"ㄱㅏㅂㅅ ㅇㅗㅐ");
  EXPECT_EQ(SpellingUnits("ㄳㅢ"), U"ㄱㅅㅡㅣ");
  EXPECT_EQ(SpellingUnits("\u1112\u1161\u11AB"), U"ㅎㅏㄴ");  // conjoining letters of 한
}

TEST(Spelling, KanaAreCountedByWhatTheySayRoughly) {
  EXPECT_EQ(SpellingUnits("サーバー"), U"サバ");
  EXPECT_EQ(SpellingUnits("さあば"), U"サアバ");
  EXPECT_EQ(SpellingUnits("ファイル"), U"フアイル");
  EXPECT_EQ(SpellingUnits("ーa"), U"ーa");  // lengthens nothing
}

TEST(Spelling, OtherCharactersStandForThemselves) { EXPECT_EQ(SpellingUnits("naïve 検索"), U"naïve 検索"); }

TEST(Spelling, TypedKeysOfABeginningBeginTheKeysOfTheWord) {
  for (const std::string_view typed : {"ㅎ", "하", "한", "한ㄱ", "한구", "한국"}) {
    EXPECT_TRUE(TypedKeys("한국").starts_with(TypedKeys(typed))) << typed;
  }
  EXPECT_FALSE(TypedKeys("한국").starts_with(TypedKeys("항")));
  EXPECT_TRUE(TypedKeys("없다").starts_with(TypedKeys("업")));  // the second final is typed later
  EXPECT_NE(TypedKeys("サーバ"), TypedKeys("サバ"));
}

TEST(Spelling, SyllablesThatTypingOnGives) {
  const auto from = [](char32_t c) { return std::pair(SyllablesFrom(c).first, SyllablesFrom(c).last); };
  EXPECT_EQ(from(U'하'), std::pair(U'하', U'해'));
  EXPECT_EQ(from(U'한'), std::pair(U'하', U'해'));  // 하나
  EXPECT_EQ(from(U'호'), std::pair(U'호', U'효'));  // 화, 홰, 회
  EXPECT_EQ(from(U'흐'), std::pair(U'흐', U'히'));  // 희
  EXPECT_EQ(from(U'ㄱ'), std::pair(U'가', U'까'));
  EXPECT_EQ(from(U'ㅏ'), std::pair(U'\0', U'\0'));
  EXPECT_EQ(from(U'a'), std::pair(U'\0', U'\0'));
}

TEST(Spelling, ShortWordsAndNumbersMayNotDiffer) {
  EXPECT_EQ(EditLimit(U"cat"), 0U);
  EXPECT_EQ(EditLimit(U"cats"), 1U);
  EXPECT_EQ(EditLimit(U"telescope"), 2U);
  EXPECT_EQ(EditLimit(U"iso8601format"), 0U);
  EXPECT_EQ(EditLimit(SpellingUnits("한국")), 1U);
  EXPECT_EQ(EditLimit(SpellingUnits("검색엔진")), 2U);
  EXPECT_EQ(EditLimit(U"検索"), 0U);
  EXPECT_EQ(EditLimit(U"搜索引"), 1U);
}

TEST(Spelling, RowsAgreeWithTheDefinition) {
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    const std::u32string word = SpellingUnits(RandomWord(random, U"abc한국구", 6));
    EditRows rows(word);
    std::u32string text;
    for (int step = 0; step < 30; ++step) {
      if (!text.empty() && random() % 3 == 0) {
        text.resize(random() % text.size());
        rows.Truncate(text.size());
      } else {
        text.push_back(U"abcㅎㅏㄴㄱㅜ"[random() % 8]);
        rows.Push(text.back());
      }
      ASSERT_EQ(rows.size(), text.size());
      ASSERT_EQ(rows.distance(), NaiveDistance(word, text)) << "round " << round;
    }
  }
}

// A walk leaves a branch when least() is over its limit: no longer text may be nearer.
TEST(Spelling, LeastIsABoundForEveryLongerText) {
  std::mt19937 random(12);
  for (int round = 0; round < 2000; ++round) {
    const std::u32string word = SpellingUnits(RandomWord(random, U"abc", 7));
    const std::u32string text = SpellingUnits(RandomWord(random, U"abc", 9));
    EditRows rows(word);
    std::vector<uint32_t> least{rows.least()};
    for (const char32_t unit : text) {
      rows.Push(unit);
      least.push_back(rows.least());
    }
    for (const uint32_t bound : least) ASSERT_LE(bound, rows.distance()) << "round " << round;
  }
}

}  // namespace
}  // namespace sakuin::searcher
