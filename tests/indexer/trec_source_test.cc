#include <gtest/gtest.h>

#include "tests/indexer/source_testing.h"

namespace sakuin::indexer {
namespace {

Reading Trec(std::string bytes, SourceOptions options = {}) { return ReadBytes(SourceFormat::kTrec, std::move(bytes), std::move(options)); }

std::string Document(const std::string& number, const std::string& text) { return "<DOC>\n<DOCNO> " + number + " </DOCNO>\n" + text + "\n</DOC>\n"; }

TEST(TrecSource, ReadsAsItsHeaderSays) {
  const Reading reading = Trec("<DOC>\n<DOCNO> FT911-3 </DOCNO>\n<HEADLINE> A headline </HEADLINE>\n<TEXT> Some text &amp; more. </TEXT>\n</DOC>\n");
  EXPECT_EQ(Describe(reading),
            "1 FT911-3 v0 title=\"A headline\" body=\"Some text & more.\" {\"id\":\"FT911-3\",\"title\":\"A headline\",\"body\":\"Some text & "
            "more.\"}\nOK");
}

TEST(TrecSource, TagsOfManyKinds) {
  const Reading reading = Trec(
      "<doc>\n<docno>1</docno><DOCHDR>\nhttp://x\nContent-Length: 5\n</DOCHDR>\n<TITLE>T<B>i</B></TITLE><URL>http://x</URL>a < b <p "
      "class=\"x\">c</p> d<3 <F P=1>e</F></doc>");
  ASSERT_EQ(reading.documents.size(), 1U) << Describe(reading);
  EXPECT_EQ(Fields(reading.documents[0]), "title=\"T\ni\" url=\"http://x\" body=\"a < b \nc\n d<3 \ne\"");
}

TEST(TrecSource, SeveralInALineAndBetween) {
  const Reading reading = Trec("rubbish <DOC><DOCNO>1</DOCNO>a</DOC>between</DOC><DOC id=2><DOCNO>2</DOCNO>b</DOC>\n\n<DOC><DOCNO>3</DOCNO>c</DOC>");
  ASSERT_EQ(reading.documents.size(), 3U) << Describe(reading);
  EXPECT_EQ(reading.lines, (std::vector<uint64_t>{1, 1, 3}));
  EXPECT_EQ(Fields(reading.documents[1]), "body=\"b\"");
}

TEST(TrecSource, BrokenDocuments) {
  const Reading reading = Trec("<DOC>\nno number\n</DOC>\n" + Document("1", "a") + "<DOC>\n<DOCNO>2</DOCNO>\nnot closed\n" + Document("3", "c") +
                               "<DOC>\n<DOCNO>4</DOCNO>");
  EXPECT_EQ(reading.documents.size(), 2U);
  ASSERT_EQ(reading.errors.size(), 3U) << Describe(reading);
  EXPECT_EQ(reading.errors[0].ToString(), "file:1: the document has no <DOCNO>");
  EXPECT_EQ(reading.errors[1].ToString(), "file:8: the document has no </DOC>");
  EXPECT_EQ(reading.errors[2].ToString(), "file:15: the document has no </DOC>");
  EXPECT_EQ(Describe(Trec("")), "OK");
  EXPECT_EQ(Trec("just words").errors.size(), 1U);
  EXPECT_NE(Trec("<DOC><DOCNO>" + std::string(3000, 'x') + "</DOCNO></DOC>").errors.at(0).reason.find("3,000 bytes"), std::string::npos);
}

TEST(TrecSource, LongDocumentsAreNotHeld) {
  SourceOptions options;
  options.max_record_bytes = 100;
  options.chunk_bytes = 64;
  const Reading reading = Trec(Document("1", "a") + Document("2", std::string(10'000, 'x')) + Document("3", "c") + "<DOC>" + std::string(500, '<') +
                                   Document("4", "d") + "<DOC>" + std::string(500, 'z'),
                               options);
  EXPECT_EQ(reading.documents.size(), 3U) << Describe(reading);
  ASSERT_EQ(reading.errors.size(), 3U);
  EXPECT_EQ(reading.errors[0].line, 5U);
  EXPECT_NE(reading.errors[0].reason.find("10,0"), std::string::npos);
}

TEST(TrecSource, ChunksDoNotMatter) {
  std::string text = "x\n<do" + Document("1", "a &lt; \xff") + "<DOC>\n<DOCNO>2</DOCNO>\n" + Document("3", std::string(300, 'y')) + "</DOC><DOC>" +
                     Document("4", "last");
  SourceOptions options;
  options.max_record_bytes = 200;
  const Reading whole = Trec(text, options);
  for (size_t chunk = 1; chunk <= 17; ++chunk) {
    options.chunk_bytes = chunk;
    EXPECT_EQ(Describe(Trec(text, options)), Describe(whole)) << chunk;
  }
}

}  // namespace
}  // namespace sakuin::indexer
