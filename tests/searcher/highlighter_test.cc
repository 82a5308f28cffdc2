// Passages: where they stand in the text, and which bytes of them are marked.
#include "searcher/highlighter.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

using Passages = std::map<std::string, std::vector<HighlightedText>>;

// Of a document that `query` finds.
Passages Highlights(const std::string& analyzer, const nlohmann::json& document, const std::string& query) {
  SmallIndex index(analyzer);
  index::Document added;
  added.key = "d";
  for (const auto& [name, values] : document.items()) {
    for (const auto& value : values.is_array() ? values : nlohmann::json::array({values})) added.fields.push_back({name, value.get<std::string>()});
  }
  added.stored = document.dump();
  index.AddDocument(std::move(added));
  index.Commit();
  SearchRequest request;
  request.query = ParseQuery(query, index.searcher().parse_options(true))->query;
  request.highlight = true;
  const Result<SearchAnswer> answer = index.searcher().Search(request);
  EXPECT_TRUE(answer.ok()) << answer.status().ToString();
  EXPECT_EQ(answer->hits.size(), 1U) << query;
  return answer->hits.empty() ? Passages() : answer->hits[0].highlights;
}

std::string Marked(const HighlightedText& passage) {
  std::string text;
  uint32_t done = 0;
  for (const auto& [begin, end] : passage.ranges) {
    text += passage.text.substr(done, begin - done) + "[" + passage.text.substr(begin, end - begin) + "]";
    done = end;
  }
  return text + passage.text.substr(done);
}

TEST(Highlighter, MarksTheBytesOfTheOriginal) {
  struct Case {
    std::string analyzer, body, query, marked;
  };
  const std::vector<Case> cases = {{"english", "The fox's Foxes outfoxed", "fox", "The [fox's] [Foxes] outfoxed"},
                                   {"standard", "Ｃａｆé and CAFÉ", "cafe", "[Ｃａｆé] and [CAFÉ]"},
                                   {"standard", "İstanbul'da", "istanbul*", "[İstanbul'da]"},
                                   {"korean", "한국전력공사는 전기를 판다", "전력", "한국[전력]공사는 전기를 판다"},
                                   {"japanese", "東京都に住んでいる", "住む", "東京都に[住ん]でいる"},
                                   {"japanese", "ﾃﾞｰﾀﾍﾞｰｽの話", "データベース", "[ﾃﾞｰﾀﾍﾞｰｽ]の話"},
                                   {"chinese", "我们喜欢搜索引擎", "搜索", "我们喜欢[搜索]引擎"},
                                   {"standard", "one 😀 two e\u0301te\u0301 three", "été", "one 😀 two [e\u0301te\u0301] three"}};
  for (const Case& c : cases) {
    const Passages found = Highlights(c.analyzer, {{"body", c.body}}, c.query);
    ASSERT_TRUE(found.contains("body")) << c.body;
    EXPECT_EQ(Marked(found.at("body")[0]), c.marked);
  }
}

TEST(Highlighter, MarksOfAPhraseNothingElse) {
  const std::string body = "A meteor shower. A shower, a meteor; showers of meteors, meteor showers";
  EXPECT_EQ(Marked(Highlights("english", {{"body", body}}, "\"meteor shower\"").at("body")[0]),
            "A [meteor] [shower]. A shower, a [meteor]; [showers] of meteors, [meteor] [showers]");
  EXPECT_EQ(Marked(Highlights("english", {{"body", body}}, "\"meteor shower\" OR body:of OR showering").at("body")[0]),
            "A [meteor] [shower]. A [shower], a [meteor]; [showers] of meteors, [meteor] [showers]");
  EXPECT_EQ(Marked(Highlights("auto", {{"body", "東京都の天気、都の東京"}}, "\"東京都\"").at("body")[0]), "[東京][都]の天気、都の東京");
  EXPECT_EQ(Marked(Highlights("korean", {{"body", "한국 전력 그리고 전력 한국"}}, "\"한국 전력\"").at("body")[0]), "[한국] [전력] 그리고 전력 한국");
}

TEST(Highlighter, SaysWhichValueAndWhereInIt) {
  const std::string filler(3000, '.');
  const nlohmann::json document = {{"title", "fox"}, {"note", {"no such word", "a fox", filler + " then a quick fox ran"}}};
  const Passages found = Highlights("english", document, "fox AND quick");
  ASSERT_EQ(found.at("note").size(), 2U);
  const HighlightedText& second = found.at("note")[0];
  EXPECT_EQ(second.value, 1U);
  EXPECT_EQ(second.start, 0U);
  EXPECT_EQ(Marked(second), "a [fox]");
  const HighlightedText& third = found.at("note")[1];
  EXPECT_EQ(third.value, 2U);
  EXPECT_EQ((filler + " then a quick fox ran").substr(third.start, third.text.size()), third.text);
  EXPECT_NE(Marked(third).find("a [quick] [fox] ran"), std::string::npos) << Marked(third);
  EXPECT_EQ(found.at("title")[0].value, 0U);
}

// A word longer than a passage is marked as far as it is shown.
TEST(Highlighter, AWordLongerThanAPassage) {
  const std::string word(250, 'x');
  const Passages found = Highlights("whitespace", {{"body", std::string(1000, '.') + " " + word + " end"}}, word.substr(0, 200) + "*");
  ASSERT_TRUE(found.contains("body"));
  const HighlightedText& passage = found.at("body")[0];
  ASSERT_EQ(passage.ranges.size(), 1U);
  const auto [begin, end] = passage.ranges[0];
  EXPECT_EQ(passage.text.substr(begin, end - begin), word.substr(0, end - begin));
  EXPECT_GT(end, begin + 100);
}

// On random texts: a passage is a piece of its value between borders of characters, and so is what is marked.
TEST(Highlighter, NeverCutsACharacter) {
  std::mt19937 random(11);
  const std::vector<std::string> pieces = {"fox", " ", "東京", "검색엔진", "é", "😀", "e\u0301", ".", "\n", "한", "foxes", "カフェ", " 。"};
  for (int round = 0; round < 60; ++round) {
    std::string body = "fox ";
    for (int i = 0; i < 400; ++i) body += pieces[random() % pieces.size()];
    const Passages found = Highlights("auto", {{"body", body}}, "fox OR 東京 OR 검색");
    ASSERT_TRUE(found.contains("body")) << body;
    for (const HighlightedText& passage : found.at("body")) {
      EXPECT_EQ(body.substr(passage.start, passage.text.size()), passage.text);
      const auto is_border = [&](size_t at) { return at >= passage.text.size() || (static_cast<uint8_t>(passage.text[at]) & 0xC0) != 0x80; };
      EXPECT_TRUE(is_border(0));
      for (const auto& [begin, end] : passage.ranges) EXPECT_TRUE(begin < end && is_border(begin) && is_border(end)) << passage.text;
    }
  }
}

}  // namespace
}  // namespace sakuin::searcher
