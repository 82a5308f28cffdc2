// completer.h: completions by example, and against a scan of all words.
#include "searcher/completer.h"

#include <gtest/gtest.h>

#include <set>

#include "searcher/spelling.h"
#include "tests/searcher/naive_spelling.h"
#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

std::vector<std::string> Texts(const SmallIndex& index, const std::string& prefix, size_t top = 10) {
  const Result<std::vector<Completion>> completions = Completer(index.searcher()).Complete(prefix, top);
  EXPECT_TRUE(completions.ok()) << completions.status().ToString();
  std::vector<std::string> texts;
  for (const Completion& completion : *completions) {
    EXPECT_GT(completion.documents, 0U);
    EXPECT_TRUE(completion.text.ends_with(completion.word));
    texts.push_back(completion.text);
  }
  return texts;
}

using List = std::vector<std::string>;

TEST(Completer, StemsAreShownAsWords) {
  SmallIndex index("english", {
                                  "Computing is for computers. Libraries are hoping for happiness.",
                                  "A computation, a library, a librarian.",
                                  "Computing again",
                              });
  EXPECT_EQ(Texts(index, "comput"), (List{"computing"}));
  EXPECT_EQ(Texts(index, "computi"), (List{"computing"}));  // longer than the term
  EXPECT_EQ(Texts(index, "Computa"), (List{"computation"}));
  EXPECT_EQ(Texts(index, "hopi"), (List{"hoping"}));        // the term is hope
  EXPECT_EQ(Texts(index, "happine"), (List{"happiness"}));  // happi
  EXPECT_EQ(Texts(index, "librari"), (List{"libraries", "librarian"}));
}

TEST(Completer, MostDocumentsFirstAndNoMoreThanAsked) {
  SmallIndex index("standard", {"coffee", "coffee cocoa", "Coffee cocoa cobalt", "cockpit"});
  EXPECT_EQ(Texts(index, "co"), (List{"coffee", "cocoa", "cobalt", "cockpit"}));
  EXPECT_EQ(Texts(index, "co", 2), (List{"coffee", "cocoa"}));
  EXPECT_EQ(Texts(index, "co", 0), List{});
  EXPECT_EQ(Texts(index, "coffee"), List{});  // nothing to add
}

TEST(Completer, OnlyTheLastWordChanges) {
  SmallIndex index("standard");
  index.Add({{"title", "Cobalt"}, {"body", "coffee"}});
  index.Add({{"title", "Tea"}, {"body", "coffee"}});
  index.Commit();
  EXPECT_EQ(Texts(index, "black  cof"), (List{"black  coffee"}));
  EXPECT_EQ(Texts(index, "+(tea OR \"cof"), (List{"+(tea OR \"coffee"}));
  EXPECT_EQ(Texts(index, "title:co"), (List{"title:cobalt"}));
  EXPECT_EQ(Texts(index, "-title:\"co"), (List{"-title:\"cobalt"}));
  EXPECT_EQ(Texts(index, "nofield:co"), (List{"nofield:coffee", "nofield:cobalt"}));
  for (const std::string_view prefix : {"", " ", "coffee ", "cof)", "xyz", "co~", "\xFF\xFE"})
    EXPECT_EQ(Texts(index, std::string(prefix)), List{}) << prefix;
}

TEST(Completer, CapitalsAndAccentsAreFolded) {
  SmallIndex index("standard", {"Café Zürich"});
  EXPECT_EQ(Texts(index, "caf"), (List{"café"}));
  EXPECT_EQ(Texts(index, "Caf"), (List{"Café"}));
  EXPECT_EQ(Texts(index, "zuri"), (List{"zürich"}));
  EXPECT_EQ(Texts(index, "Züri"), (List{"Zürich"}));
}

TEST(Completer, HangulIsCompletedByKey) {
  SmallIndex index("whitespace", {"한국 화가 값 한국"});
  for (const std::string_view typed : {"하", "한", "한ㄱ", "한구"}) EXPECT_EQ(Texts(index, std::string(typed)), (List{"한국"})) << typed;
  EXPECT_EQ(Texts(index, "호"), (List{"화가"}));
  EXPECT_EQ(Texts(index, "ㅎ"), (List{"한국", "화가"}));
  EXPECT_EQ(Texts(index, "갑"), (List{"값"}));
  EXPECT_EQ(Texts(index, "항"), List{});
}

TEST(Completer, WhereNoBlanksAreAnEndIsCompletedIfTheWholeIsSomewhere) {
  SmallIndex index("auto", {
                               "검색엔진은 글을 찾는다. 망원경으로 별을 본다. 엔화가 올랐다.",
                               "日本語の検索エンジンを作る。全文検索は速い。今日は検査を受ける。",
                               "搜索引擎很快。天文望远镜很贵。",
                           });
  const List korean = Texts(index, "검색에");
  EXPECT_NE(std::find(korean.begin(), korean.end(), "검색엔진"), korean.end());
  EXPECT_EQ(Texts(index, "検索エン"), (List{"検索エンジン"}));
  EXPECT_EQ(Texts(index, "全文検"), (List{"全文検索"}));  // and not 全文検査
  EXPECT_EQ(Texts(index, "日本検"), List{});
}

// Pairs of characters, each a term of its own.
TEST(Completer, PairsGoOnCharacterByCharacter) {
  SmallIndex index("standard", {"망원경", "원두"});
  EXPECT_EQ(Texts(index, "망"), (List{"망원"}));
  EXPECT_EQ(Texts(index, "망원"), (List{"망원경"}));
}

// What is typed so far, and what all words say to it.
class CompleterOracle : public testing::Test {
 protected:
  CompleterOracle() : index_("whitespace") {
    std::mt19937 random(41);
    std::vector<std::set<std::string>> bodies;
    for (int i = 0; i < 500; ++i) {
      std::string body;
      std::set<std::string>& words = bodies.emplace_back();
      for (int left = 1 + static_cast<int>(random() % 6); left > 0; --left) {
        const std::string word = RandomWord(random, random() % 2 == 0 ? U"하한국구가나과" : U"abc", 5);
        words.insert(word);
        body += word + " ";
      }
      index_.AddBody(body);
      if (i % 200 == 199) index_.Commit();
    }
    index_.Commit();
    for (size_t i = 0; i < bodies.size(); ++i) {
      if (i % 4 == 0) index_.Delete(i);
      for (const std::string& word : bodies[i]) documents_[word] += i % 4 == 0 ? 0 : 1;
    }
    index_.Commit();
  }

  std::vector<Completion> Naive(const std::string& typed, size_t top) const {
    const std::u32string keys = TypedKeys(typed);
    std::vector<Completion> completions;
    for (const auto& [word, documents] : documents_) {
      const std::u32string other = TypedKeys(word);
      if (documents > 0 && other.starts_with(keys) && other.size() > keys.size()) completions.push_back({word, word, documents});
    }
    std::stable_sort(completions.begin(), completions.end(), [](const Completion& a, const Completion& b) { return a.documents > b.documents; });
    if (completions.size() > top) completions.resize(top);
    return completions;
  }

  SmallIndex index_;
  std::map<std::string, uint64_t> documents_;
};

TEST_F(CompleterOracle, AgreesWithAScan) {
  std::mt19937 random(42);
  size_t found = 0;
  for (int round = 0; round < 300; ++round) {
    std::string typed = RandomWord(random, random() % 3 != 0 ? U"하한국구가나고" : U"abc", 3);
    if (random() % 3 == 0) text::AppendUtf8(typed, U"ㄱㄴㅎ"[random() % 3]);
    const size_t top = 1 + random() % 10;
    const Result<std::vector<Completion>> completions = Completer(index_.searcher()).Complete(typed, top);
    ASSERT_TRUE(completions.ok());
    ASSERT_EQ(*completions, Naive(typed, top)) << typed << " " << top;
    found += completions->size();
  }
  EXPECT_GT(found, 300U);
}

}  // namespace
}  // namespace sakuin::searcher
