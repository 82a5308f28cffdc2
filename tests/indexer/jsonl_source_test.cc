#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/json_writer.h"
#include "tests/indexer/source_testing.h"

namespace sakuin::indexer {
namespace {

Reading Jsonl(std::string bytes, SourceOptions options = {}) { return ReadBytes(SourceFormat::kJsonl, std::move(bytes), std::move(options)); }

// The fields of one record, or why it is broken.
std::string One(const std::string& line) {
  const Reading reading = Jsonl(line);
  EXPECT_EQ(reading.documents.size() + reading.errors.size(), 1U);
  return reading.documents.empty() ? reading.errors.at(0).reason : Fields(reading.documents[0]);
}

std::string GoodLines(size_t count, const std::string& end = "\n") {
  std::string lines;
  for (size_t i = 0; i < count; ++i)
    lines += R"({"id": "g)" + std::to_string(i) + R"(", "body": "good document number )" + std::to_string(i) + "\"}" + end;
  return lines;
}

TEST(JsonlSource, FlattensAsItsHeaderSays) {
  const std::string line = R"({"id": "k1", "title": "A title", "author": {"name": "Kim"}, "tags": ["a", "b"], "_version": 7})";
  const Reading reading = Jsonl("  " + line + " \r\n");
  ASSERT_EQ(reading.documents.size(), 1U);
  const index::Document& document = reading.documents[0];
  EXPECT_EQ(document.key, "k1");
  EXPECT_EQ(document.version, 7U);
  EXPECT_EQ(document.stored, line);
  EXPECT_EQ(Fields(document), R"(title="A title" author.name="Kim" tags="a" tags="b")");
}

TEST(JsonlSource, Values) {
  EXPECT_EQ(One(R"({"id":"c","n":[1,"x",{"y":2,"z":[{"w":true}]},[null,[2.5]]],"e":{},"f":[],"g":null})"),
            R"(n=1 n="x" n.y=2 n.z.w=true n=double:2.500000)");
  EXPECT_EQ(One(R"({"id":1,"n":[9223372036854775807,-9223372036854775808]})"), "n=9223372036854775807 n=-9223372036854775808");
  EXPECT_EQ(One(R"({"id":1,"n":9223372036854775808})"), "n=double:9223372036854775808.000000");
  EXPECT_EQ(One(R"({"id":1,"n":[-9223372036854775809,100000000000000000000],"s":"12345678901234567890123"})"),
            R"(n=double:-9223372036854775808.000000 n=double:100000000000000000000.000000 s="12345678901234567890123")");
  EXPECT_EQ(One(R"({"id":1,"_version":0,"a":{"_version":3}})"), "a._version=3");
  const Reading nul = Jsonl(R"({"id":"n","body":"a\u0000b"})");
  EXPECT_EQ(std::get<std::string>(nul.documents.at(0).fields.at(0).value), std::string("a\0b", 3));
  const Reading wide = Jsonl(R"({"id":"w","n":123456789012345678901234567890})");
  EXPECT_EQ(wide.documents.at(0).stored, R"({"id":"w","n":123456789012345678901234567890})");
}

TEST(JsonlSource, Keys) {
  const auto key = [](const std::string& id) {
    const Reading reading = Jsonl("{\"id\":" + id + "}");
    return reading.documents.empty() ? reading.errors.at(0).reason : reading.documents[0].key;
  };
  EXPECT_EQ(key("\"k\""), "k");
  EXPECT_EQ(key("-12"), "-12");
  EXPECT_EQ(key("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(key("\"" + std::string(2048, 'k') + "\""), std::string(2048, 'k'));
  EXPECT_NE(key("\"" + std::string(2049, 'k') + "\"").find("the id has 2,049 bytes, more than 2,048"), std::string::npos);
  EXPECT_EQ(key("\"\""), "the id is empty");
  EXPECT_NE(key("null").find("is null"), std::string::npos);
  EXPECT_NE(key("1.5").find("is a number that is not a 64-bit integer"), std::string::npos);
  EXPECT_NE(key("[1]").find("is an array"), std::string::npos);
  EXPECT_NE(key("true").find("is a boolean"), std::string::npos);
  EXPECT_NE(One(R"({"body":"no key"})").find("has no id: field 'id' is missing"), std::string::npos);
  EXPECT_EQ(Jsonl(R"({"id":"a","id":"b"})").documents.at(0).key, "b");
  SourceOptions nested;
  nested.id_field = "meta.key";
  const Reading reading = Jsonl(R"({"id":"x","meta":{"key":5,"k":6}})", nested);
  EXPECT_EQ(reading.documents.at(0).key, "5");
  EXPECT_EQ(Fields(reading.documents[0]), R"(id="x" meta.k=6)");
}

TEST(JsonlSource, BrokenRecordsAreNamedByLineAndTheNextFollow) {
  const std::string broken =
      "{\"id\": \"x\", \"body\": \nnot json\n[1,2]\n{\"body\":\"no key\"}\n{\"id\":null,\"body\":\"null "
      "key\"}\n\"text\"\n{\"id\":1}{}\n{\"id\":\"a\tb\"}\n";
  const Reading reading = Jsonl(GoodLines(10) + broken + GoodLines(10));
  EXPECT_EQ(reading.documents.size(), 20U);
  ASSERT_EQ(reading.errors.size(), 8U);
  for (size_t i = 0; i < 8; ++i) EXPECT_EQ(reading.errors[i].line, 11 + i);
  EXPECT_EQ(reading.errors[1].ToString(), "file:12: not valid JSON (a word that is not true, false or null): not json");
  EXPECT_NE(reading.errors[2].reason.find("found an array: [1,2]"), std::string::npos);
  EXPECT_NE(reading.errors[7].reason.find("control character"), std::string::npos);
  EXPECT_NE(reading.errors[7].reason.find("a\\x09b"), std::string::npos) << "the quoted text is printable";
  EXPECT_EQ(reading.lines.back(), 28U);
}

TEST(JsonlSource, LineEnds) {
  EXPECT_EQ(Jsonl("").documents.size(), 0U);
  EXPECT_EQ(Describe(Jsonl("\n \r\n\t\n")), "OK");
  const std::string good = GoodLines(20);
  EXPECT_EQ(Jsonl(good.substr(0, good.size() - 1)).documents.size(), 20U);
  const Reading windows = Jsonl("\xEF\xBB\xBF" + GoodLines(20, "\r\n"));
  EXPECT_EQ(Describe(windows), Describe(Jsonl(good)));
  EXPECT_EQ(Jsonl("\n\n" + good).lines.at(0), 3U);
}

TEST(JsonlSource, RepairsWhatIsNotUnicode) {
  const Reading bytes = Jsonl("{\"id\":\"n\",\"body\":\"a\\u0000b \xff\xfe \xed\xa0\x80 c\"}");
  ASSERT_EQ(bytes.documents.size(), 1U) << Describe(bytes);
  EXPECT_EQ(bytes.progress.repaired, 5U);
  EXPECT_NE(bytes.documents[0].stored.find("\xEF\xBF\xBD\xEF\xBF\xBD"), std::string::npos);
  const Reading surrogates = Jsonl(R"({"id":"s","body":"x \ud800 y \\ud800 \udc00\ud83d\ude00 \ud800\ud83d\ude00"})");
  ASSERT_EQ(surrogates.documents.size(), 1U) << Describe(surrogates);
  EXPECT_EQ(surrogates.progress.repaired, 3U);
  EXPECT_EQ(Fields(surrogates.documents[0]), "body=\"x \uFFFD y \\ud800 \uFFFD\U0001F600 \uFFFD\U0001F600\"");
  EXPECT_EQ(surrogates.documents[0].stored, R"({"id":"s","body":"x \ufffd y \\ud800 \ufffd\ud83d\ude00 \ufffd\ud83d\ude00"})");
  const Reading all = Jsonl("{\"id\":\"a\",\"b\":\"\xff \\ud800\",\"n\":100000000000000000000}");
  EXPECT_EQ(all.documents.size(), 1U) << Describe(all);
  EXPECT_EQ(all.progress.repaired, 2U);
}

TEST(JsonlSource, NumbersThatCannotBe) {
  EXPECT_NE(One(R"({"id":"d","n":1e400})").find("a number is malformed or too large"), std::string::npos);
  EXPECT_NE(One(R"({"id":"d","n":)" + std::string(400, '9') + "}").find("a number is malformed or too large"), std::string::npos);
  EXPECT_NE(One(R"({"id":"d","n":01})").find("a number is malformed"), std::string::npos);
  EXPECT_NE(One(R"({"id":"d","_version":-1})").find("_version"), std::string::npos);
}

TEST(JsonlSource, Nesting) {
  const auto nested = [](size_t depth) { return R"({"id":"d","a":)" + std::string(depth - 1, '[') + "1" + std::string(depth - 1, ']') + "}"; };
  EXPECT_EQ(One(nested(kMaxNesting)), "a=1");
  EXPECT_EQ(One(nested(kMaxNesting + 1)), "objects and arrays are nested deeper than 64 levels");
  EXPECT_NE(One(nested(100'000)).find("nested deeper"), std::string::npos);
}

std::string ManyFields(size_t count, bool distinct) {
  std::string line = R"({"id":"f")";
  for (size_t i = 0; i < count; ++i) line += distinct ? ",\"field" + std::to_string(i) + "\":\"v\"" : std::string(R"(,"f":1)");
  return line + "}";
}

std::string Repeated(char c, size_t count) {
  std::string text;
  text.resize(count, c);
  return text;
}

TEST(JsonlSource, ManyValues) {
  EXPECT_EQ(Jsonl(ManyFields(kMaxRecordPaths, true)).documents.size(), 1U);
  EXPECT_EQ(One(ManyFields(kMaxRecordPaths + 1, true)), "the record has more than 10,000 different fields");
  EXPECT_EQ(Jsonl(ManyFields(kMaxRecordValues, false)).documents.size(), 1U);
  EXPECT_EQ(One(ManyFields(kMaxRecordValues + 1, false)), "the record has more than 100,000 values");
  EXPECT_EQ(One(ManyFields(200'000, true)), "the record has more than 100,000 values");
  EXPECT_EQ(One(R"({"id":"c","n":[)" + Repeated(',', 40'000'000) + "]}"), "the record has more than 100,000 values");
  EXPECT_EQ(Jsonl(R"({"id":"c","n":")" + Repeated(',', 2'000'000) + "\"}").documents.size(), 1U);
}

TEST(JsonlSource, FieldNames) {
  EXPECT_EQ(One("{\"id\":1,\"" + std::string(255, 'n') + "\":1}"), std::string(255, 'n') + "=1");
  EXPECT_NE(One("{\"id\":1,\"" + std::string(256, 'n') + "\":1}").find("a field name has 256 bytes, more than 255"), std::string::npos);
  EXPECT_NE(One("{\"id\":1,\"" + std::string(200, 'n') + "\":{\"" + std::string(55, 'm') + "\":1}}").find("a field name has 256 bytes"),
            std::string::npos);
  EXPECT_EQ(One(R"({"id":1,"":1})"), "a field has an empty name");
}

TEST(JsonlSource, LongRecords) {
  const auto record = [](size_t bytes) { return R"({"id":"t","body":")" + Repeated('a', bytes) + "\"}\n"; };
  EXPECT_EQ(Jsonl(GoodLines(5) + record(10'000'000) + GoodLines(5)).documents.size(), 11U);
  EXPECT_NE(Jsonl("{\"id\":\"" + Repeated('k', 10'000'000) + "\"}").errors.at(0).reason.find("10,000,000 bytes"), std::string::npos);
  SourceOptions options;
  options.max_record_bytes = 1 << 20;
  options.chunk_bytes = 1 << 16;
  const Reading reading = Jsonl(GoodLines(5) + record(50'000'000) + GoodLines(5), options);
  EXPECT_EQ(reading.documents.size(), 10U);
  ASSERT_EQ(reading.errors.size(), 1U);
  EXPECT_EQ(reading.errors[0].line, 6U);
  EXPECT_EQ(reading.errors[0].reason,
            "the line has at least 50,000,020 bytes, more than the 1,048,576 that one record may have; raise --memory or split it");
}

TEST(JsonlSource, BinaryEndsSoonInShortMessages) {
  std::mt19937 random(5);
  std::string bytes(3'000'000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  bytes[0] = 'x';
  const Reading reading = Jsonl(bytes);
  EXPECT_TRUE(reading.documents.empty());
  EXPECT_GT(reading.errors.size(), 10'000U);
  for (const RecordError& error : reading.errors) {
    EXPECT_LT(error.reason.size(), 300U);
    EXPECT_EQ(std::count_if(error.reason.begin(), error.reason.end(), [](char c) { return c >= 0 && c < ' '; }), 0);
  }
}

std::string RandomText(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {
      "a", "word", " ", "\n", "\r", "\t", "\"", "\\", ",", "é", "日本", "한국어", "\U0001F600", std::string(1, '\0'), "{", "}", "0"};
  std::string text;
  for (size_t i = random() % 12; i > 0; --i) text += kPieces[random() % kPieces.size()];
  return text;
}

index::Value RandomValue(std::mt19937& random) {
  switch (random() % 5) {
    case 0: return random() % 2 == 0;
    case 1: return static_cast<int64_t>(uint64_t{random()} << 32 | random());
    case 2: return std::ldexp(static_cast<double>(random() % 100'000) + 0.5, -static_cast<int>(random() % 40));  // never whole
    default: return RandomText(random);
  }
}

// Documents whose stored text is their JSON.
std::vector<index::Document> RandomDocuments(std::mt19937& random, size_t count) {
  std::vector<index::Document> documents;
  for (size_t i = 0; i < count; ++i) {
    index::Document document;
    document.key = "k" + std::to_string(i) + RandomText(random);
    document.version = random() % 3;
    JsonWriter json;
    json.BeginObject().Key("id").String(document.key);
    if (document.version > 0) json.Key("_version").Number(document.version);
    for (size_t field = random() % 6; field > 0; --field) {
      document.fields.push_back({"f" + std::to_string(random() % 4), RandomValue(random)});
      json.Key(document.fields.back().path);
      std::visit(
          [&](const auto& value) {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, bool>)
              json.Boolean(value);
            else if constexpr (std::is_same_v<T, std::string>)
              json.String(value);
            else
              json.Number(value);
          },
          document.fields.back().value);
    }
    document.stored = json.EndObject().Take();
    documents.push_back(std::move(document));
  }
  return documents;
}

TEST(JsonlSource, ReadsBackWhatWasWritten) {
  for (uint32_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const std::vector<index::Document> written = RandomDocuments(random, 60);
    std::string text;
    for (const index::Document& document : written) text += document.stored + (random() % 4 == 0 ? "\r\n" : "\n");
    SourceOptions options;
    options.chunk_bytes = 1 + seed % 17;
    for (const std::string& stored : {text, Gzip(text), Zstd(text), Gzip(text.substr(0, text.size() / 2)) + Gzip(text.substr(text.size() / 2))}) {
      const Reading reading = Jsonl(stored, options);
      ASSERT_EQ(reading.documents.size(), written.size()) << Describe(reading);
      for (size_t i = 0; i < written.size(); ++i) {
        EXPECT_EQ(reading.documents[i].key, written[i].key);
        EXPECT_EQ(reading.documents[i].version, written[i].version);
        EXPECT_EQ(reading.documents[i].stored, written[i].stored);
        EXPECT_EQ(Fields(reading.documents[i]), Fields(written[i]));
      }
    }
  }
}

TEST(JsonlSource, ChunksDoNotMatter) {
  const std::string text = "\xEF\xBB\xBF" + GoodLines(3, "\r\n") + "\n{\"id\":1,\"a\":\"\xff\"}\nbroken\n" + GoodLines(2) + R"({"id":"long","b":")" +
                           std::string(300, 'x') + "\"}\n" + R"({"id":"last"})";
  SourceOptions options;
  options.max_record_bytes = 200;
  const std::string whole = Describe(Jsonl(text, options));
  for (size_t chunk = 1; chunk <= 17; ++chunk) {
    options.chunk_bytes = chunk;
    EXPECT_EQ(Describe(Jsonl(text, options)), whole) << chunk;
  }
}

TEST(JsonlSource, DocumentsAreReusedClean) {
  SourceOptions options;
  options.format = SourceFormat::kJsonl;
  const std::string text = "{\"id\":\"a\",\"_version\":3,\"x\":1,\"y\":\"text\"}\n{\"id\":\"b\",\"y\":true}\n";
  const std::unique_ptr<DocumentSource> source = MakeSource(ByteInput::FromMemory(text, "m"), {"m", "m"}, options);
  index::Document document;
  document.fields.resize(7);
  ASSERT_EQ(*source->Next(document), ReadOutcome::kDocument);
  EXPECT_EQ(Fields(document), "x=1 y=\"text\"");
  ASSERT_EQ(*source->Next(document), ReadOutcome::kDocument);
  EXPECT_EQ(Fields(document), "y=true");
  EXPECT_EQ(document.version, 0U);
  EXPECT_EQ(*source->Next(document), ReadOutcome::kEnd);
  EXPECT_EQ(*source->Next(document), ReadOutcome::kEnd);
}

}  // namespace
}  // namespace sakuin::indexer
