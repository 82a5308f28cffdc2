#include "searcher/containing_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/searcher/small_index.h"

namespace sakuin::searcher {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// Numbers of the documents of an index of one segment.
std::vector<size_t> Find(const SmallIndex& index, std::string_view text, const std::string& field = "body") {
  const index::Snapshot& snapshot = index.searcher().snapshot();
  const ContainingText containing = *ContainingText::Make(text, snapshot.schema(), snapshot.schema().IdOf(field));
  const index::SegmentReader& segment = *snapshot.parts().at(0).segment;
  const std::vector<uint64_t> words = *containing.DocumentsIn(segment);
  std::vector<size_t> found;
  for (uint32_t doc = 0; doc < words.size() * 64; ++doc) {
    if ((words[doc / 64] >> doc % 64 & 1) != 0) found.push_back(std::stoul(std::string(segment.key(doc).substr(1))));
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST(ContainingText, WordsInsideOthersAndInOtherForms) {
  const SmallIndex index("english", {"Tokyo's towers", "ＴＯＫＹＯ", "tokyo_bay", "Kyoto", "a city", "cities", "city_hall"});
  EXPECT_THAT(Find(index, "tokyo"), ElementsAre(0, 1, 2));
  EXPECT_THAT(Find(index, "Tokyo"), ElementsAre(0, 1, 2));
  EXPECT_THAT(Find(index, "city"), ElementsAre(4, 5, 6)) << "citi is what city and cities become, but not city_hall";
  EXPECT_THAT(Find(index, "Osaka"), IsEmpty());
}

TEST(ContainingText, WhereTheIndexKnowsNothingAreAll) {
  const SmallIndex index("english", {"a fox", "a dog"});
  EXPECT_THAT(Find(index, "the"), ElementsAre(0, 1)) << "a stop word";
  EXPECT_THAT(Find(index, "++"), ElementsAre(0, 1));
  EXPECT_THAT(Find(index, "fox", "nothing"), ElementsAre(0, 1));
  EXPECT_THAT(Find(index, "fox"), ElementsAre(0));
}

TEST(ContainingText, WordsThatAreCutByWhatSurroundsThem) {
  for (const char* analyzer : {"standard", "english", "japanese", "korean", "chinese", "auto", "bigram"}) {
    const SmallIndex index(analyzer, {"東京都庁の前", "大阪", "맛있는 사과를 먹었다", "ｶﾞﾗｽ", "ガラスの靴"});
    EXPECT_THAT(Find(index, "京都"), ElementsAre(0)) << analyzer;
    EXPECT_THAT(Find(index, "사과"), ElementsAre(2)) << analyzer;
    EXPECT_THAT(Find(index, "ガラス"), ElementsAre(3, 4)) << analyzer;
  }
}

// Every part of a text is found, however it is cut, by every analyzer.
TEST(ContainingText, NoDocumentIsMissing) {
  const std::vector<std::string> parts = {"Tokyo", "'s", " ", "_", "city", "cities", "-", "C++", "3D", ".", "é", "京", "都", "東京",
                                          "大学", "の", "カ", "ｶﾞ", "사과", "를", "ﬁne", "running", "走った", "ไทย", "İs", "ß", "10", ","};
  for (const char* analyzer : {"standard", "english", "french", "japanese", "korean", "chinese", "auto", "bigram", "whitespace", "keyword"}) {
    std::mt19937 random(20261121);
    const auto text_of = [&](size_t count) {
      std::string text;
      for (size_t i = 0; i < count; ++i) text += parts[random() % parts.size()];
      return text;
    };
    SmallIndex index(analyzer);
    std::vector<std::string> texts;
    for (size_t i = 0; i < 150; ++i) {
      const std::string text = text_of(1 + random() % 3);
      texts.push_back(text);
      index.AddBody(text_of(random() % 3) + (random() % 2 == 0 ? " " : "") + text + (random() % 2 == 0 ? " " : "") + text_of(random() % 3));
    }
    index.Commit();
    for (size_t i = 0; i < texts.size(); ++i) EXPECT_THAT(Find(index, texts[i]), Contains(i)) << analyzer << ": " << texts[i];
  }
}

}  // namespace
}  // namespace sakuin::searcher
