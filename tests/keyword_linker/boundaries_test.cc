// Where a link may begin and end, as a person would say it.
#include <gtest/gtest.h>

#include "keyword_linker/korean_particles.h"
#include "tests/keyword_linker/link_cases.h"

namespace sakuin::keyword_linker {
namespace {

struct Case {
  const char* keyword;
  const char* text;
  std::vector<uint64_t> starts;  // of the links, in bytes
};

TEST(BoundariesTest, AutomaticOnesAreThoseOfTheScript) {
  const std::vector<Case> cases = {
      {"cat", "concatenate cat. cats", {12}},
      {"cat", "cat-fish, a_cat, cat2, \"cat\"", {0, 24}},
      {"cat", "CAT'S cat’s", {0, 6}},
      {"C", "C++ and C, not Csharp", {0, 8}},
      {"C++", "C++ C++17", {0, 4}},
      {".NET", "ASP.NET and .NET", {3, 12}},
      {"20", "2020 20 20年", {5, 8}},
      {"каф", "кафе каф", {9}},
      {"東京", "東京都と東京", {0, 12}},
      {"ビール", "クラフトビール", {12}},
      {"Tokyo", "Tokyoで、Tokyo에서, Tokyotower", {0, 11}},
      {"東京", "in東京tower", {2}},
      {"사과", "사과를 먹고 불사과정을 보았다", {0}},
      {"사과", "사과는 사과은 사과에서는 사과였다 풋사과", {0, 20, 36}},
      {"서울", "서울로 서울으로 서울이 서울특별시", {0, 23}},
      {"학교", "학교에서까지도, 학교 학교야말로", {0, 23, 30}},
      {"삼성", "삼성전자 삼성이라는 (삼성)", {13, 30}},
      {"AI", "AI가 AI는 AI전문가 FAIR", {0, 6, 12}},
      {"cafe", "cafe\xCC\x81 cafe", {7}},
      {"ไทย", "ภาษาไทยดี", {12}},
  };
  for (const Case& each : cases) {
    const auto dictionary = DictionaryOf(std::vector<std::string>{each.keyword});
    std::vector<uint64_t> starts;
    for (const Link& link : LinksIn({dictionary.get()}, each.text)) starts.push_back(link.start);
    EXPECT_EQ(starts, each.starts) << each.keyword << " in " << each.text;
  }
}

TEST(BoundariesTest, NoneMeansAnywhereButInsideACharacter) {
  LinkOptions options;
  options.boundaries = Boundaries::kNone;
  const auto dictionary = DictionaryOf(std::vector<std::string>{"s", "cat", "과정", "👩"});
  EXPECT_EQ(LinkedTexts(*dictionary, "concatenate 불사과정을", options), (std::vector<std::string>{"cat", "과정"}));
  EXPECT_EQ(LinkedTexts(*dictionary, "Straße", options), std::vector<std::string>{"S"}) << "half of ß";
  EXPECT_EQ(LinkedTexts(*dictionary, "👩‍🚀 👩", options), std::vector<std::string>{"👩"}) << "part of an astronaut";
}

TEST(BoundariesTest, AWordIsLookedAtInWholeAcrossPieces) {
  const auto dictionary = DictionaryOf(std::vector<std::string>{"사과", "cat"});
  const std::string text = "사과에서부터는 사과에서부터는요리 cat cats 사과";
  const std::vector<Link> whole = LinksIn({dictionary.get()}, text);
  ASSERT_EQ(whole.size(), 3U);
  for (size_t piece = 1; piece < 20; ++piece) EXPECT_EQ(LinksIn({dictionary.get()}, text, {}, piece).size(), whole.size()) << piece;
}

TEST(KoreanParticlesTest, TheRightFormStandsBehindTheRightSyllable) {
  const auto particles = [](char32_t before, std::string_view rest) {
    FoldedUnits units;
    units.Append(rest);
    return AreParticles(before, {units.data(), units.size()});
  };
  for (const char* rest : {"를", "는", "와", "로", "에서는", "에게까지도", "입니다", "들이", "라고는"}) EXPECT_TRUE(particles(U'과', rest)) << rest;
  for (const char* rest : {"을", "은", "과", "으로", "정을", "에서는요리", "라", ""}) EXPECT_FALSE(particles(U'과', rest)) << rest;
  for (const char* rest : {"을", "은", "과", "으로", "이"}) EXPECT_TRUE(particles(U'명', rest)) << rest;
  EXPECT_TRUE(particles(U'물', "로"));
  EXPECT_FALSE(particles(U'물', "으로"));
}

}  // namespace
}  // namespace sakuin::keyword_linker
