#include <gtest/gtest.h>

#include <random>

#include "tests/indexer/source_testing.h"

namespace sakuin::indexer {
namespace {

Reading Csv(std::string bytes, SourceOptions options = {}) { return ReadBytes(SourceFormat::kCsv, std::move(bytes), std::move(options)); }

TEST(CsvSource, ReadsAsItsHeaderSays) {
  const Reading reading = Csv("id,title,year\r\nk1,\"A, B\",1999\r\n");
  EXPECT_EQ(Describe(reading), "2 k1 v0 title=\"A, B\" year=1999 {\"id\":\"k1\",\"title\":\"A, B\",\"year\":1999}\nOK");
}

TEST(CsvSource, CellsAndTypes) {
  const Reading reading =
      Csv("id,v\n1,true\n2,FALSE\n3,12\n4,007\n5,1.50\n6,1e400\n7,-3e2\n8,+5\n9,99999999999999999999\n10,\n11,\"\"\n12,Yes\n13,-\n14,.5\n15, 1\n");
  std::string values;
  for (const index::Document& document : reading.documents) values += Fields(document) + "|";
  EXPECT_EQ(values,
            "v=true|v=false|v=12|v=\"007\"|v=double:1.500000|v=\"1e400\"|v=double:-300.000000|v=\"+5\"|v=double:100000000000000000000.000000|||"
            "v=\"Yes\"|v=\"-\"|v=\".5\"|v=\" 1\"|");
}

TEST(CsvSource, Quotes) {
  const Reading reading = Csv("id,a,b\n1,\"x\"\"y\",\"two\r\nlines\nhere\"\n2,5\" pipe,\"q\"tail\n3,\"\"\"\",\"\"\n");
  EXPECT_EQ(reading.lines, (std::vector<uint64_t>{2, 5, 6}));
  EXPECT_EQ(Fields(reading.documents.at(0)), "a=\"x\"y\" b=\"two\r\nlines\nhere\"");
  EXPECT_EQ(Fields(reading.documents.at(1)), "a=\"5\" pipe\" b=\"qtail\"");
  EXPECT_EQ(Fields(reading.documents.at(2)), "a=\"\"\"");
}

TEST(CsvSource, BrokenRows) {
  const Reading reading = Csv("id,a,_version\n1,x,2\n2,x\n3,x,,y\n,x,\n5,y,-1\n\n  \n6,z,\n7,\"open\nmore\n");
  EXPECT_EQ(reading.documents.size(), 2U);
  EXPECT_EQ(reading.documents.at(0).version, 2U);
  ASSERT_EQ(reading.errors.size(), 5U) << Describe(reading);
  EXPECT_EQ(reading.errors[0].ToString(), "file:3: the row has 2 cells, the header has 3");
  EXPECT_EQ(reading.errors[1].ToString(), "file:4: the row has 4 cells, the header has 3");
  EXPECT_EQ(reading.errors[2].ToString(), "file:5: the id is empty");
  EXPECT_EQ(reading.errors[3].ToString(), "file:6: _version is not a non-negative 64-bit integer: -1");
  EXPECT_EQ(reading.errors[4].line, 10U);
  EXPECT_NE(reading.errors[4].reason.find("never closed"), std::string::npos);
}

TEST(CsvSource, Headers) {
  EXPECT_EQ(Describe(Csv("")), "OK");
  EXPECT_EQ(Describe(Csv("id,a\n")), "OK");
  const Reading none = Csv("key,a\n1,2\n");
  EXPECT_EQ(none.status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(none.status.message().find("no column 'id' for the id, it has: key, a; --id-field"), std::string::npos) << none.status.ToString();
  EXPECT_EQ(Csv("\"id\n").status.code(), StatusCode::kInvalidArgument);
  const Reading odd = Csv("\xEF\xBB\xBF id ,a,a,\n1,x,y,z\n");
  EXPECT_EQ(Describe(odd), "2 1 v0 a=\"x\" a=\"y\" column4=\"z\" {\"id\":\"1\",\"a\":[\"x\",\"y\"],\"column4\":\"z\"}\nOK");
}

TEST(CsvSource, ASecondIdOrVersionColumnIsCalledByItsNumber) {
  const Reading reading = Csv("id,_version,id,_version\n1,2,x,7\n");
  EXPECT_EQ(Describe(reading), "2 1 v2 column3=\"x\" column4=7 {\"id\":\"1\",\"_version\":2,\"column3\":\"x\",\"column4\":7}\nOK");
}

TEST(CsvSource, TabsAndInvalidUtf8) {
  const Reading reading = ReadBytes(SourceFormat::kTsv, "id\ta,b\n1\tx,\xff\xe3\n2\t\x81\x82\n");
  EXPECT_EQ(Fields(reading.documents.at(0)), "a,b=\"x,\uFFFD\uFFFD\"");
  EXPECT_EQ(reading.progress.repaired, 4U);
}

TEST(CsvSource, LongRowsAreNotHeld) {
  SourceOptions options;
  options.max_record_bytes = 1000;
  std::string open = "8,\"open\n";
  for (int i = 0; i < 1000; ++i) open += "some words in a line\n";
  const Reading reading =
      Csv("id,a\n1," + std::string(5000, 'x') + "\n2,y\n" + open + "end\"\n9,z\n" + "10," + std::string(5000, ',') + "\n11,z\n", options);
  EXPECT_EQ(reading.documents.size(), 3U) << Describe(reading);
  ASSERT_EQ(reading.errors.size(), 3U);
  EXPECT_EQ(reading.errors[0].line, 2U);
  EXPECT_EQ(reading.errors[1].line, 4U);
  EXPECT_NE(reading.errors[1].reason.find("over several lines"), std::string::npos);
  EXPECT_NE(Csv("id,a\n1" + std::string(3'000'000, ',') + "\n").errors.at(0).reason.find("cells"), std::string::npos);
}

std::string Quoted(const std::string& cell) {
  std::string out = "\"";
  for (const char c : cell) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

TEST(CsvSource, ReadsBackWhatWasWritten) {
  const std::vector<std::string> pieces = {"a", "word", " ", "\n", "\r\n", "\t", "\"", ",", "é", "日本", "\U0001F600", "x"};
  for (uint32_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const char separator = seed % 2 == 0 ? ',' : '\t';
    std::vector<std::vector<std::string>> rows(30, std::vector<std::string>(4));
    std::string text = std::string("f0") + separator + "id" + separator + "f2" + separator + "f3\n";
    for (size_t r = 0; r < rows.size(); ++r) {
      for (size_t c = 0; c < 4; ++c) {
        for (size_t i = random() % 5; i > 0; --i) rows[r][c] += pieces[random() % pieces.size()];
        if (c == 1) rows[r][c] += "k" + std::to_string(r);
        text += (c > 0 ? std::string(1, separator) : "") + Quoted(rows[r][c]);
      }
      text += random() % 2 == 0 ? "\n" : "\r\n";
    }
    SourceOptions options;
    options.chunk_bytes = 1 + seed % 17;
    const Reading reading = ReadBytes(separator == ',' ? SourceFormat::kCsv : SourceFormat::kTsv, seed % 3 == 0 ? Gzip(text) : text, options);
    ASSERT_EQ(reading.documents.size(), rows.size()) << Describe(reading);
    for (size_t r = 0; r < rows.size(); ++r) {
      EXPECT_EQ(reading.documents[r].key, rows[r][1]);
      std::string expected;
      for (const size_t c : {0, 2, 3}) {
        if (!rows[r][c].empty()) expected += (expected.empty() ? "f" : " f") + std::to_string(c) + "=\"" + rows[r][c] + "\"";
      }
      EXPECT_EQ(Fields(reading.documents[r]), expected);
    }
  }
}

}  // namespace
}  // namespace sakuin::indexer
