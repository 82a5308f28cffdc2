// What `sakuin keywords`, `link` and `classify` do with files that were meant for something else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;

class KeywordFiles : public testing::Test {
 protected:
  std::string WriteFile(const std::string& name, const std::string& bytes) const {
    std::string path = scratch_.Path(name);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  static std::string Bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static Ended Build(const std::string& out, const std::string& source) { return RunSakuin({"keywords", "build", "--out", out, source}); }
  static Ended Link(const std::string& keywords, std::string_view text, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"link", "--keywords", keywords});
    return RunSakuin(more, text);
  }
  std::string Model() const {
    std::string lines;
    for (int i = 0; i < 20; ++i)
      lines += R"({"id":")" + std::to_string(i) + R"(","label":")" + (i % 2 == 0 ? "pet" : "car") + R"(","text":"cat wheel"})" + "\n";
    std::string model = scratch_.Path("topic.model");
    EXPECT_EQ(RunSakuin({"classify", "train", "--model", model, WriteFile("d.jsonl", lines)}).code, 0);
    return model;
  }

  const ScratchFolder scratch_;
};

TEST_F(KeywordFiles, NoFileOfSomebodyIsWrittenOver) {
  const std::string list = WriteFile("m.tsv", "cat\t/1\n");
  EXPECT_THAT(Build(list, list).err, HasSubstr("one of the files that are read"));
  const std::string other = WriteFile("other.tsv", "dog\n");
  const Ended refused = Build(other, list);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("is no dictionary"));
  EXPECT_EQ(Bytes(list), "cat\t/1\n");
  EXPECT_EQ(Bytes(other), "dog\n");
  const std::string made = scratch_.Path("made.dict");
  EXPECT_EQ(Build(made, list).code, 0);
  EXPECT_EQ(Build(made, other).code, 0) << "a dictionary is replaced";
  EXPECT_EQ(Build(WriteFile("empty", ""), list).code, 0);
}

TEST_F(KeywordFiles, NorTheExamplesOfAModel) {
  const std::string model = Model();
  const std::string data = scratch_.Path("d.jsonl");
  const std::string before = Bytes(data);
  EXPECT_EQ(RunSakuin({"classify", "train", "--model", data, data}).code, 1);
  EXPECT_EQ(RunSakuin({"classify", "eval", "--model", model, "--svg", data, data}).code, 1);
  EXPECT_EQ(RunSakuin({"classify", "merge", "--model", data, model}).code, 1);
  EXPECT_EQ(Bytes(data), before);
  const std::string svg = scratch_.Path("a.svg");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(RunSakuin({"classify", "eval", "--model", model, "--svg", svg, data}).code, 0);
}

TEST_F(KeywordFiles, AModelIsNoListOfKeywords) {
  const std::string model = Model();
  for (const Ended& ended : {Link(model, "x"), Build(scratch_.Path("x.dict"), model)}) {
    EXPECT_EQ(ended.code, 1);
    EXPECT_THAT(ended.err, HasSubstr("topic.model is a model of sakuin classify"));
    EXPECT_EQ(ended.out, "");
  }
  const std::string dictionary = scratch_.Path("my.dict");
  ASSERT_EQ(Build(dictionary, WriteFile("k", "cat\n")).code, 0);
  EXPECT_THAT(Build(scratch_.Path("y.dict"), dictionary).err, HasSubstr("is a compiled dictionary"));
}

TEST_F(KeywordFiles, BrokenLinesAreCountedByWhoeverReadsThem) {
  const std::string part = WriteFile("part.tsv", "ok\tt\nx\ty\tz\n");
  const Ended linked = Link(part, "ok x");
  EXPECT_EQ(linked.code, 1) << "as keywords build";
  EXPECT_EQ(linked.out, "[ok](t) x");
  EXPECT_THAT(linked.err, HasSubstr("part.tsv: 1 broken line left out"));
  std::string many = "ok\n";
  for (int i = 0; i < 50; ++i) many += "x\ty\tz\n";
  EXPECT_THAT(Link(WriteFile("many.tsv", many), "ok").err, HasSubstr("50 broken lines left out"));
}

TEST_F(KeywordFiles, LinesThatAreNoTextAreTold) {
  EXPECT_THAT(Link(WriteFile("k", "a\t/\xff\nb\n"), "a b").err, HasSubstr("k:1: not UTF-8 at byte 3"));
  EXPECT_THAT(Link(WriteFile("k", "a\t/99\t99999999999\nb\n"), "a").err, HasSubstr("from -2147483648 to 2147483647"));
  EXPECT_THAT(Link(WriteFile("k",
                             "\xff\xfe"
                             "c\0a\0t\0\n\0"s),
                   "cat")
                  .err,
              HasSubstr("is UTF-16"));
  EXPECT_THAT(Link(WriteFile("k", "cat\n"), "c\0a\0t\0,\0 \0c\0a\0t\0"s).err, HasSubstr("standard input is hardly UTF-8"));
  EXPECT_EQ(Link(WriteFile("k", "cat\n"), "a \xff cat").err, "") << "a few bytes are no matter";
}

TEST_F(KeywordFiles, AListWithoutTabsIsPointedOut) {
  EXPECT_THAT(Link(WriteFile("k", "Tokyo;/wiki/Tokyo\n"), "Tokyo").err, HasSubstr("no line of"));
  EXPECT_THAT(Link(WriteFile("k", "{\"a\":1}\n"), "Tokyo").err, HasSubstr("look like JSON"));
  EXPECT_EQ(Link(WriteFile("k", "Tokyo\nParis, Texas\n"), "Tokyo").err, "");
}

TEST_F(KeywordFiles, LimitsAreOneOrMore) {
  const std::string keywords = WriteFile("k", "cat\n");
  for (const char* option : {"--max-links", "--max-per-keyword"}) {
    for (const char* number : {"-1", "0", "18446744073709551616", "x"}) {
      const Ended ended = Link(keywords, "cat", {option, number});
      EXPECT_EQ(ended.code, 2) << option << " " << number;
      EXPECT_THAT(ended.err, HasSubstr("1 or more"));
    }
    EXPECT_EQ(Link(keywords, "cat cat", {option, "1"}).out, "[cat](cat) cat");
  }
}

TEST_F(KeywordFiles, OfTheSameKeywordTheHigherPriorityCountsThenTheLast) {
  const std::string dictionary = scratch_.Path("d");
  const Ended built = Build(dictionary, WriteFile("k", "cat\t/1\ncat\t/2\t-5\ndog\t/a\ndog\t/b\n"));
  EXPECT_THAT(built.err, HasSubstr("2 lines left out"));
  EXPECT_EQ(Link(dictionary, "cat dog").out, "[cat](/1) [dog](/b)");
}

TEST_F(KeywordFiles, TheExactSpellingWinsAmongThoseOfEqualPriority) {
  const std::string keywords = WriteFile("k", "cat\t/small\nCAT\t/capitals\nIT\t/it\t1\nit\t/pronoun\n");
  EXPECT_EQ(Link(keywords, "cat CAT Cat it").out, "[cat](/small) [CAT](/capitals) [Cat](/capitals) [it](/it)");
}

TEST_F(KeywordFiles, ATargetWithBlanksIsALinkOfMarkdown) {
  EXPECT_EQ(Link(WriteFile("k", "A B\t/x y\nC\t/c_(d)\nE\t/a>b\nF\t/f\n"), "A B C E F").out, "[A B](</x y>) [C](</c_(d)>) [E](</a\\>b>) [F](/f)");
}

TEST_F(KeywordFiles, StopWordsMayBeADictionary) {
  const std::string dictionary = scratch_.Path("stop.dict");
  const std::string live = scratch_.Path("stop.live");
  const std::string list = WriteFile("stop", "Fox\n");
  ASSERT_EQ(Build(dictionary, list).code, 0);
  ASSERT_EQ(RunSakuin({"keywords", "init", "--dict", live, list}).code, 0);
  for (const std::string& stop : {dictionary, live}) {
    const Ended linked = Link(WriteFile("k", "fox\ndog\n"), "fox dog", {"--stop", stop});
    EXPECT_EQ(linked.out, "fox [dog](dog)");
    EXPECT_EQ(linked.err, "");
    EXPECT_EQ(linked.code, 0);
  }
}

TEST_F(KeywordFiles, ASecondListIsNotTakenForTheTextInSilence) {
  const std::string list = WriteFile("a.tsv", "cat\t/1\n"), second = WriteFile("b.tsv", "dog\t/2\n"), text = WriteFile("text.txt", "a cat\n");
  EXPECT_THAT(Link(list, "", {second}).err, HasSubstr("b.tsv is taken for the text; a further list"));
  EXPECT_EQ(Link(list, "", {text}).err, "");
  EXPECT_EQ(Link(list, "a cat\n", {"-"}).err, "");
  const std::string compiled = scratch_.Path("b.dict");
  ASSERT_EQ(Build(compiled, second).code, 0);
  const Ended refused = Link(list, "", {compiled});
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, HasSubstr("b.dict is a dictionary, and stands where the text is expected"));
}

TEST_F(KeywordFiles, HelpSaysWhatKeywordsTakes) {
  EXPECT_THAT(RunSakuin({"link", "--help"}).out,
              testing::AllOf(HasSubstr("--keywords FILE REQUIRED (may be given again)"), Not(HasSubstr("--keywords TEXT"))));
}

}  // namespace
}  // namespace sakuin::cli
