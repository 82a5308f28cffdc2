// Input that no one should send, through the command line: files, records,
// schemas and queries. Each ends in the right answer or in a message that says
// what is wrong, with exit status 0, 1 or 2, and what is sound is indexed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/base/sanitized.h"
#include "tests/cli/child_program.h"

namespace sakuin::cli {
namespace {

using namespace std::string_literals;
using nlohmann::json;
using testing::HasSubstr;

const std::string kGood = "{\"id\":\"good1\",\"body\":\"sound\"}\n";
const std::string kAlsoGood = "{\"id\":\"good2\",\"body\":\"sound\"}\n";

std::string TenMegabytesOf(char letter) {
  std::string text;
  text.resize(10'000'000, letter);
  return text;
}

class BadInput : public testing::Test {
 protected:
  std::string WriteFile(const std::string& name, const std::string& bytes) {
    std::string path = scratch_.Path(name);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  // Into one index after the other, so that what one input leaves is the next one's ground.
  Ended Index(const std::vector<std::string>& arguments, const std::string& memory = "64M") {
    std::vector<std::string> all = {"index", "--index", index_, "--memory", memory};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return RunSakuin(all);
  }

  Ended IndexRecords(const std::string& records, const std::string& memory = "64M") {
    return Index({"--format", "jsonl", WriteFile("records", records)}, memory);
  }

  json Search(const std::string& query, const std::vector<std::string>& options = {}) {
    std::vector<std::string> all = {"search", "--index", index_, "--json"};
    all.insert(all.end(), options.begin(), options.end());
    all.insert(all.end(), {"--", query});
    const Ended ended = RunSakuin(all);
    EXPECT_EQ(ended.code, 0) << query << "\n" << ended.err;
    return json::parse(ended.out, nullptr, false);
  }

  uint64_t Count(const std::string& query) {
    const json answer = Search(query);
    return answer.is_object() ? answer["total"]["value"].get<uint64_t>() : UINT64_MAX;
  }

  // The bad record is named, the others are there, and every byte is sound.
  void ExpectLeftOut(const Ended& ended, const std::string& message) {
    EXPECT_EQ(ended.code, 1);
    EXPECT_THAT(ended.err, HasSubstr("records:2: ")) << "the place";
    EXPECT_THAT(ended.err, HasSubstr(message));
    ExpectSound(2);
  }

  void ExpectSound(uint64_t sound) {
    EXPECT_EQ(Count("sound"), sound);
    const Ended verified = RunSakuin({"verify", index_});
    EXPECT_EQ(verified.code, 0) << verified.err;
  }

  const ScratchFolder scratch_;
  const std::string index_ = scratch_.Path("index");
};

TEST_F(BadInput, AnEmptyFileHasNoRecordsOrIsAnEmptyDocument) {
  const std::string path = WriteFile("empty", "");
  for (const char* format : {"auto", "jsonl", "csv", "tsv", "trec", "warc", "html", "markdown", "text"}) {
    const Ended ended = Index({"--format", format, path});
    EXPECT_EQ(ended.code, 0) << format << "\n" << ended.err;
    const bool one_per_file = std::string_view(format) == "html" || std::string_view(format) == "markdown" || std::string_view(format) == "text";
    EXPECT_EQ(Count("*"), one_per_file ? 1U : 0U) << format;
  }
  ExpectSound(0);
}

TEST_F(BadInput, NulBytesAndInvalidUtf8DoNoHarmToTheWordsAround) {
  const Ended ended = IndexRecords(kGood + "{\"id\":\"n\",\"body\":\"one\\u0000two \xFF\xFE three \xED\xA0\x80 four\"}\n" + kAlsoGood);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Count("two AND three AND four"), 1U);
  ExpectSound(2);
  const Ended raw = Index({"--format", "text", WriteFile("raw", "five\0six \x80 seven"s)});
  EXPECT_EQ(raw.code, 1);
  EXPECT_THAT(raw.err, HasSubstr("raw"));
}

TEST_F(BadInput, ATokenOfTenMegabytesIsTooLargeForALittleMemoryAndIndexedWithMore) {
  const std::string records = kGood + "{\"id\":\"t\",\"body\":\"before " + TenMegabytesOf('a') + " after\"}\n" + kAlsoGood;
  ExpectLeftOut(IndexRecords(records), "raise --memory");
  const Ended ended = IndexRecords(records, "256M");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Count("before AND after"), 1U);
  EXPECT_EQ(Count(std::string(100'000, 'a')), 1U) << "a long word is found by a long part of it";
  ExpectSound(2);
}

TEST_F(BadInput, AFileThatCannotBeReadKeepsWhatCameBeforeIt) {
  const Ended ended = Index({"--format", "jsonl", WriteFile("records", kGood), "/proc/self/mem"});  // opens, and has no first byte
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("/proc/self/mem"));
  ExpectSound(1);
}

TEST_F(BadInput, AnIndexThatIsThereMustHaveWhatIsAskedFor) {
  const std::string good = WriteFile("a.jsonl", kGood);
  const std::string schema = WriteFile("s.toml", "[fields.body]\nanalyzer = \"standard\"\n");
  ASSERT_EQ(Index({"--schema", schema, good}).code, 0);
  EXPECT_EQ(Index({"--schema", schema, "--id-field", "id", good}).code, 0);
  EXPECT_THAT(Index({"--id-field", "url", good}).err, HasSubstr("--id-field"));
  const std::string other = WriteFile("o.toml", "[fields.body]\nanalyzer = \"english\"\n");
  const Ended differs = Index({"--schema", other, good});
  EXPECT_EQ(differs.code, 1);
  EXPECT_THAT(differs.err, HasSubstr("leave out --schema"));
}

TEST_F(BadInput, BytesThatAreNoUnicodeAreCounted) {
  const Ended ended = Index({"--json", "--format", "jsonl", WriteFile("records", "{\"id\":\"x\",\"body\":\"a\xff z\"}\n")});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_GT(json::parse(ended.out)["invalid_bytes"].get<uint64_t>(), 0U);
  EXPECT_THAT(ended.err, HasSubstr("not valid UTF-8"));
}

TEST_F(BadInput, AKeyOfTenMegabytes) {
  const std::string record = "{\"id\":\"" + TenMegabytesOf('k') + "\",\"body\":\"x\"}\n";
  ExpectLeftOut(IndexRecords(kGood + record + kAlsoGood, "256M"), "the id has 10,000,000 bytes");
}

std::string RecordWithFields(int fields) {
  std::string record = "{\"id\":\"f\"";
  for (int i = 0; i < fields; ++i) record += ",\"field" + std::to_string(i) + "\":\"v\"";
  return record + "}\n";
}

TEST_F(BadInput, ARecordWithAMillionFields) {
  ExpectLeftOut(IndexRecords(kGood + RecordWithFields(1'000'000) + kAlsoGood, "256M"), "more than 100,000 values");
}

TEST_F(BadInput, MoreFieldsThanASchemaHolds) {
  ExpectLeftOut(IndexRecords(kGood + RecordWithFields(50'000) + kAlsoGood), "more than 10,000 different fields");
  const Ended inspected = RunSakuin({"inspect", index_, "--json"});
  EXPECT_LT(json::parse(inspected.out)["fields"].size(), 10U) << "a record that is left out leaves no fields";
}

TEST_F(BadInput, DeepNesting) {
  const std::string record = "{\"id\":\"d\",\"body\":" + std::string(500'000, '[') + std::string(500'000, ']') + "}\n";
  ExpectLeftOut(IndexRecords(kGood + record + kAlsoGood), "deep");
}

TEST_F(BadInput, BytesThatAreNoRecords) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes.push_back(static_cast<char>(i * 7919 >> 5));
  const Ended ended = IndexRecords(bytes);
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("records:1: "));
  EXPECT_THAT(ended.err, HasSubstr("broken records left out"));
  EXPECT_FALSE(std::filesystem::exists(index_ + "/CURRENT")) << "an index of nothing";
  EXPECT_EQ(IndexRecords(kGood).code, 0);
  ExpectSound(1);
}

TEST_F(BadInput, TheLastOfEqualKeysWins) {
  std::string records;
  for (int i = 0; i < 1000; ++i) records += "{\"id\":\"same\",\"body\":\"version" + std::to_string(i) + "\"}\n";
  records += "{\"id\":\"first\",\"id\":\"second\",\"body\":\"text\"}\n";
  const Ended ended = IndexRecords(records);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(Count("*"), 2U);
  EXPECT_EQ(Count("version999"), 1U);
  EXPECT_EQ(Count("version998"), 0U);
  EXPECT_EQ(Search("text")["hits"][0]["key"], "second");
}

TEST_F(BadInput, ALoopOfSymbolicLinksIsWalkedOnce) {
  const std::filesystem::path folder = scratch_.Path("folder");
  std::filesystem::create_directories(folder / "sub");
  std::ofstream(folder / "a.txt") << "sound";
  std::filesystem::create_directory_symlink("..", folder / "sub" / "up");
  EXPECT_EQ(Index({"--format", "text", folder}).code, 0);
  ExpectSound(1);
  std::filesystem::create_symlink("itself", folder / "itself");
  const Ended ended = Index({"--format", "text", folder});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("itself"));
  ExpectSound(1);
}

TEST_F(BadInput, ASchemaWithAnUnknownTypeOrThatIsNone) {
  const std::string records = WriteFile("records", kGood);
  const Ended unknown = Index({"--schema", WriteFile("a.toml", "[fields.x]\ntype = 'dreams'\n"), records});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("fields.x.type: unknown field type 'dreams'; expected text"));
  const Ended broken = Index({"--schema", WriteFile("b.toml", "[fields.x\n\0\xFF"s), records});
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err, HasSubstr("schema"));
  const Ended deep = Index({"--schema", WriteFile("c.json", std::string(200'000, '[')), records});
  EXPECT_EQ(deep.code, 1);
  EXPECT_THAT(deep.err, HasSubstr("schema"));
  EXPECT_FALSE(std::filesystem::exists(index_ + "/CURRENT"));
}

// Values that change their type, or have none that fits.
TEST_F(BadInput, ValuesOfAllTypesInOneField) {
  const Ended ended = IndexRecords(R"({"id":"a","n":1}
{"id":"b","n":"text"}
{"id":"c","n":[1,"x",{"y":2}]}
{"id":"d","n":1e400}
{"id":"e","n":true}
{"id":"f","n":null}
)" + kGood);
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("records:2: "));
  EXPECT_EQ(Count("n:1"), 1U);
  ExpectSound(1);
}

// One line of 1 GB through a pipe: refused while it is read, in little memory.
TEST_F(BadInput, OneLineOfAGigabyte) {
  ChildProgram program({"index", "--index", index_, "--memory", "64M", "--format", "jsonl", "-"});
  ASSERT_TRUE(program.Write(kGood + "{\"id\":\"big\",\"body\":\""));
  std::string words;
  while (words.size() < size_t{1} << 20) words += "word ";
  for (size_t bytes = 0; bytes < size_t{1} << 30; bytes += words.size()) ASSERT_TRUE(program.Write(words));
  ASSERT_TRUE(program.Write("\"}\n" + kAlsoGood));
  const Ended ended = program.Wait();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("stdin:2: the line has"));
  if (!kSanitized) {
    EXPECT_LT(ended.peak_bytes, uint64_t{128} << 20);
  }
  ExpectSound(2);
}

class BadQuery : public BadInput {
 protected:
  static constexpr int kDocuments = 2000;

  void SetUp() override {
    std::string records;
    for (int i = 0; i < kDocuments; ++i) {
      const std::string n = std::to_string(i);
      records.append("{\"id\":\"q").append(n).append("\",\"body\":\"alpha beta").append(n).append(" aaaaaaaa").append(i % 7, 'b');
      records.append("\",\"n\":").append(n).append("}\n");
    }
    ASSERT_EQ(IndexRecords(records).code, 0);
  }
};

TEST_F(BadQuery, AnswersAreRightOrTheWarningSaysWhatIsWrong) {
  struct Case {
    std::string query;
    uint64_t total;
    std::string warning;  // empty: none
  };
  const Case cases[] = {
      {"/(a*)*b/", 286, ""},
      {"/(a+)+c/", 0, ""},
      {"/(a|aa)+b*/", kDocuments, ""},
      {"/a{1000}{1000}/", 0, "the regular expression cannot be used"},
      {"/((a{100}){100}){100}/", 0, "the regular expression cannot be used"},
      {"/[/", 0, "the regular expression cannot be used"},
      {"*a*a*a*a*", kDocuments, ""},
      {"*a*a*a*a*a*a*a*a*a*a*a*a*c", 0, ""},
      {"body:[z TO a]", 0, ""},
      {"n:[z TO a]", 0, "'z' is no integer"},
      {"n:[9 TO 5]", 0, ""},
      {"n:[5 TO", 0, "a range is written [a TO b]"},
      {"alpha~99", kDocuments, "at most 2 edits"},
      {"alpha AND \"beta7", 1, "never closed"},
      {"alpha\x01\x02 AND beta7", 1, ""},
      {std::string(10'000, '(') + "alpha" + std::string(10'000, ')'), kDocuments, "deep"},
  };
  for (const Case& c : cases) {
    const json answer = Search(c.query);
    ASSERT_TRUE(answer.is_object()) << c.query;
    EXPECT_EQ(answer["total"]["value"], c.total) << c.query.substr(0, 100);
    EXPECT_THAT(answer["warnings"].dump(), HasSubstr(c.warning)) << c.query.substr(0, 100);
    EXPECT_EQ(answer["warnings"].empty(), c.warning.empty()) << answer["warnings"].dump();
  }
}

TEST_F(BadQuery, OfAHundredThousandClauses) {
  std::string words;
  for (int i = 0; i < 100'000; ++i) words += " beta" + std::to_string(i);
  std::string all = words;
  for (size_t at = 0; (at = all.find(' ', at)) != std::string::npos; at += 2) all.insert(at + 1, "+");
  const Ended ended = RunSakuin({"bench", "serve-queries", "--index", index_}, "COUNT\t" + words + "\nCOUNT\t" + all + "\nCOUNT\talpha\n");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, std::to_string(kDocuments) + "\n0\n" + std::to_string(kDocuments) + "\n");

  const std::string queries = WriteFile("queries.tsv", "1\tbeta3" + words.substr(0, 900'000) + "\n2\tbeta5\n");
  const std::string judgments = WriteFile("qrels", "1 0 q3 1\n2 0 q5 1\n");
  const Ended evaluated = RunSakuin({"eval", "--index", index_, "--queries", queries, "--qrels", judgments, "--measures", "RR"});
  EXPECT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_THAT(evaluated.out, HasSubstr("1.0000")) << "the word that comes twice decides";
}

TEST_F(BadQuery, AQueryLongerThanAllowedIsRefused) {
  const std::string queries = WriteFile("queries.tsv", "1\t" + std::string(3 << 20, 'a') + "\n");
  const Ended ended = RunSakuin({"eval", "--index", index_, "--syntax", "full", "--queries", queries, "--qrels", WriteFile("qrels", "1 0 q3 1\n")});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("a query has at most 1048576 bytes"));
}

TEST_F(BadQuery, WrongUsageIsSaidToBe) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{}, "sakuin expects a command (index, crawl, delete, search"},
      {{"frobnicate"}, "found 'frobnicate'"},
      {{"bench", "x"}, "sakuin bench expects a command (serve-queries, analyze, link, classify, train), found 'x'"},
      {{"search"}, "--index is required"},
      {{"inspect"}, "sakuin inspect: index is required, with or without --index before it"},
      {{"crawl", "--report", "state", "--recrawl"}, "--recrawl has no meaning beside --report"},
      {{"crawl", "--report", "state", "--due"}, "--due has no meaning beside --report"},
      {{"crawl", "--into", "index", "--recrawl", "http://127.0.0.1:9/"}, "--recrawl requires --state"},
      {{"crawl", "--into", "index", "--due", "http://127.0.0.1:9/"}, "--due requires --recrawl"},
      {{"search", "--index", index_, "--top", "-5", "x"}, "--top"},
      {{"search", "--index", index_, "-x y"}, "put text that begins with - behind --"},
      {{"search", "--index", index_, "one", "two"}, "'two' is one more"},
      {{"inspect", index_, "two"}, "takes no 'two'"},
      {{"search", "--index", index_, "--json", "one", "two"}, R"({"error":{"code":"INVALID_ARGUMENT","message":"sakuin search takes one text)"},
      {{"search", "--index", index_, "--now", "late", "x"}, "--now"},
      {{"search", "--index", index_, "--sort", "nothing", "x"}, "'nothing'"},
      {{"search", "--index", index_, "--timeout-ms", "-1", "x"}, "--timeout-ms"},
      {{"search", "--index", index_, "--timeout-ms", "10000000000000", "x"}, "--timeout-ms"},
      {{"search", "--index", index_, "--k1", "nan", "x"}, "--k1: expected a number"},
      {{"search", "--index", index_, "--offset", "1", "--page-token", "00", "x"}, "--offset"},
      {{"suggest", "--index", index_, "black", "cof"}, "'cof' is one more"},
      {{"eval", "--index", index_, "--queries", "q", "--qrels", "q", "--measures", "foo"}, "foo"},
      {{"index", "--index", scratch_.Path("new"), "--format", "nosuch", "x"}, "--format"},
      {{"index", "--index", index_, "--memory", "lots", index_}, "--memory"},
      {{"index", "--index", index_, "--analyzer", "elvish", index_}, "unknown analyzer 'elvish'"}};
  for (const auto& [arguments, message] : wrong) {
    const Ended ended = RunSakuin(arguments);
    EXPECT_EQ(ended.code, 2) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(message));
  }
  EXPECT_EQ(RunSakuin({"search", "--index", scratch_.Path("nothing"), "x"}).code, 1);
  EXPECT_EQ(RunSakuin({"verify", scratch_.Path("records")}).code, 1);
  EXPECT_EQ(RunSakuin({"inspect", "/dev/null"}).code, 1);
}

}  // namespace
}  // namespace sakuin::cli
