#include "indexer/warc_source.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/indexer/source_testing.h"
#include "text/page_reader.h"

namespace sakuin::indexer {
namespace {

std::string Record(std::string_view type, std::string_view url, std::string_view content_type, std::string_view block) {
  return "WARC/1.1\r\nWARC-Type: " + std::string(type) + "\r\nWARC-Target-URI: " + std::string(url) +
         "\r\nWARC-Date: 2024-05-06T07:08:09Z\r\nContent-Type: " + std::string(content_type) + "\r\nContent-Length: " + std::to_string(block.size()) +
         "\r\n\r\n" + std::string(block) + "\r\n\r\n";
}

std::string Response(std::string_view url, std::string_view http) { return Record("response", url, "application/http; msgtype=response", http); }

std::string Page(int number) {
  const std::string n = std::to_string(number);
  return Response("http://a/" + n, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Title " + n + "</title><p>body " + n);
}

std::string Keys(const Reading& reading) {
  std::string out;
  for (const index::Document& document : reading.documents) out += document.key + " ";
  return out;
}

TEST(WarcSource, AResponseIsADocument) {
  const Reading reading = ReadBytes(SourceFormat::kWarc, Page(1));
  EXPECT_TRUE(reading.status.ok());
  EXPECT_EQ(Keys(reading), "http://a/1 ");
  EXPECT_EQ(Fields(reading.documents.at(0)), "title=\"Title 1\" body=\"body 1\" fetched_at=\"2024-05-06T07:08:09Z\" url=\"http://a/1\"");
  EXPECT_EQ(reading.lines.at(0), 1U);
}

TEST(WarcSource, OnlyPagesAreDocuments) {
  const std::string html = "Content-Type: text/html\r\n\r\n<p>x";
  const Reading reading =
      ReadBytes(SourceFormat::kWarc, Record("warcinfo", "", "application/warc-fields", "software: x\r\n") +
                                         Response("http://a/404", "HTTP/1.1 404 No\r\n" + html) +
                                         Response("http://a/301", "HTTP/1.1 301 Moved\r\n" + html) + Response("dns:a", "HTTP/1.1 200 OK\r\n" + html) +
                                         Response("http://a/png", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG") +
                                         Record("request", "http://a/q", "application/http", "GET / HTTP/1.1\r\n\r\n") +
                                         Record("revisit", "http://a/r", "application/http", "HTTP/1.1 200 OK\r\n" + html) +
                                         Record("resource", "http://a/resource", "Text/HTML; charset=utf-8", "<p>resource") +
                                         Response("https://a/text", "HTTP/1.1 206 OK\r\nContent-Type: text/plain\r\n\r\nline one\nmore"));
  EXPECT_TRUE(reading.errors.empty());
  EXPECT_EQ(Keys(reading), "http://a/resource https://a/text ");
  EXPECT_EQ(Fields(reading.documents.at(1)), "title=\"line one\" body=\"line one\nmore\" fetched_at=\"2024-05-06T07:08:09Z\" url=\"https://a/text\"");
}

TEST(WarcSource, CodingsOfHttpAreUndone) {
  const std::string packed = Gzip("<title>packed</title><p>text");
  std::string chunked;
  for (const char c : packed) chunked += "1\r\n" + std::string(1, c) + "\r\n";
  const Reading reading = ReadBytes(SourceFormat::kWarc, Response("http://a/",
                                                                  "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
                                                                  "Transfer-Encoding: chunked\r\n\r\n" +
                                                                      chunked + "0\r\n\r\n"));
  EXPECT_EQ(Fields(reading.documents.at(0)), "title=\"packed\" body=\"text\" fetched_at=\"2024-05-06T07:08:09Z\" url=\"http://a/\"");
}

// As pages came over the wire, named by a header, by themselves, by a mark, or not at all.
TEST(WarcSource, PagesOfAnyEncoding) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const Reading reading = ReadBytes(
      SourceFormat::kWarc,
      Response("http://a/sjis", ok + "Content-Type: text/html; charset=Shift_JIS\r\n\r\n<p>\x93\xFA\x96\x7B\x8C\xEA") +
          Response("http://a/euckr", ok + "Content-Type: text/html\r\n\r\n<meta charset=euc-kr><p>\xC7\xD1\xB1\xB9\xBE\xEE") +
          Response("http://a/gbk", ok + "Content-Type: text/html; charset=gb2312\r\n\r\n<p>\xD6\xD0\xCE\xC4") +
          Response("http://a/1252", ok + "Content-Type: text/plain; charset=ISO-8859-1\r\n\r\n\x93" "caf\xE9\x94") +
          Response("http://a/utf16", ok + "Content-Type: text/html\r\n\r\n" + std::string("\xFF\xFE<\0p\0>\0\xAC\x20", 10)) +
          Response("http://a/utf8", ok + "Content-Type: text/html; charset=utf-8\r\n\r\n<p>한국어로 쓴 긴 글이다 \xFF"));
  EXPECT_TRUE(reading.errors.empty());
  ASSERT_EQ(reading.documents.size(), 6U);
  const auto body = [&](size_t i) {
    const std::string fields = Fields(reading.documents.at(i));
    const size_t begin = fields.find("body=\"") + 6;
    return fields.substr(begin, fields.find('"', begin) - begin);
  };
  EXPECT_EQ(body(0), "日本語");
  EXPECT_EQ(body(1), "한국어");
  EXPECT_EQ(body(2), "中文");
  EXPECT_EQ(body(3), "“café”");
  EXPECT_EQ(body(4), "€");
  EXPECT_EQ(body(5), "한국어로 쓴 긴 글이다 \uFFFD");
}

TEST(WarcSource, PagesHaveTheFieldsOfACrawl) {
  SourceOptions options;
  options.site_of = [](std::string_view url) { return url.starts_with("http://www.a.example/") ? std::string("a.example") : std::string("?"); };
  const std::string html =
      "<html lang=ko><title>T</title><meta name=description content=D><meta name=date content=2024-02-29><h1>One</h1><p>text<h2>Two</h2>";
  const Reading reading = ReadBytes(SourceFormat::kWarc, Response("http://www.a.example/x", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html), options);
  ASSERT_EQ(reading.documents.size(), 1U);
  EXPECT_EQ(Fields(reading.documents[0]),
            "title=\"T\" body=\"One\ntext\nTwo\" headings=\"One\" headings=\"Two\" description=\"D\" lang=\"ko\" "
            "date=\"2024-02-29T00:00:00Z\" site=\"a.example\" fetched_at=\"2024-05-06T07:08:09Z\" url=\"http://www.a.example/x\"");
}

// What a crawl would not store is counted by its reason, and is no error.
TEST(WarcSource, WhatIsNoPageIsLeftOut) {
  const std::string html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
  const auto ok = [](std::string_view type, std::string_view body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(type) + "\r\n\r\n" + std::string(body);
  };
  const auto truncated = [&](std::string_view why) {
    std::string record = Response("http://a/truncated", html + "\r\n<p>half");
    return record.insert(record.find("Content-Type"), "WARC-Truncated: " + std::string(why) + "\r\n");
  };
  const std::string packed = Gzip("<title>packed</title><p>text");
  const Reading reading = ReadBytes(
      SourceFormat::kWarc,
      Response("http://a/pdf", ok("application/pdf", "%PDF-1.4")) + Response("http://a/hidden", ok("text/html", "%PDF-1.4")) +
          Response("http://a/png", ok("image/png", "\x89PNG")) + Response("http://a/nul", ok("text/html", std::string("a\0b", 3))) +
          Response("http://a/bytes", ok("application/octet-stream", std::string("a\0b", 3))) + truncated("length") + truncated("disconnect") +
          Response("http://a/short", html + "Content-Encoding: gzip\r\n\r\n" + packed.substr(0, packed.size() / 2)) +
          Response("http://a/coded", html + "Content-Encoding: compress\r\n\r\na") +
          Response("http://a/not-coded", html + "Content-Encoding: br\r\n\r\n<p>never was in brotli") +
          Response("http://a/bomb", html + "Content-Encoding: gzip\r\n\r\n" + Gzip(std::string(text::kMaxPageBytes + 1, 'x'))) +
          Response("http://a/long", html + "\r\n" + std::string(text::kMaxPageBytes + 1, 'x')) + Page(1));
  EXPECT_EQ(Keys(reading), "http://a/1 ");
  EXPECT_TRUE(reading.errors.empty());
  EXPECT_EQ(reading.left_out, (LeftOut{{"application/pdf is not read", 2},
                                       {"image/png is not read", 1},
                                       {"application/octet-stream is not read", 2},
                                       {"the body is larger than allowed", 2},
                                       {"the body is larger than allowed after decompression", 1},
                                       {"the body ends before its end", 2},
                                       {"the body could not be decompressed", 2}}));
}

TEST(WarcSource, PagesWithoutAUsefulTypeAreToldByTheirBytes) {
  const Reading reading = ReadBytes(SourceFormat::kWarc, Response("http://a/none", "HTTP/1.1 200 OK\r\n\r\n<html><p>x") +
                                                             Response("http://a/odd", "HTTP/1.1 200 OK\r\nContent-Type: */*\r\n\r\n<html><p>y") +
                                                             Response("http://a/plain", "HTTP/1.1 200 OK\r\n\r\nplain"));
  EXPECT_EQ(Keys(reading), "http://a/none http://a/odd http://a/plain ");
  EXPECT_TRUE(reading.left_out.empty());
}

// What lists pages, who reads them says: of a path, the Content-Type, and the body behind its codings.
TEST(WarcSource, ListingsAreNoDocuments) {
  const std::string packed = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\n\r\n";
  const std::string map = Response("http://a/map?x#y", packed + Gzip("<urlset/>"));
  const std::string data = Response("http://a/data", "HTTP/1.1 200 OK\r\n\r\n<?xml version='1.0'?><data>words</data>");
  std::string asked;
  SourceOptions options;
  options.is_listing = [&](std::string_view path, std::string_view content_type, std::string_view body) {
    asked += std::string(path) + " " + std::string(content_type) + " " + std::string(body) + "\n";
    return path == "/map";
  };
  const Reading reading = ReadBytes(SourceFormat::kWarc, map + data, options);
  EXPECT_TRUE(reading.errors.empty());
  EXPECT_TRUE(reading.left_out.empty());
  EXPECT_EQ(Keys(reading), "http://a/data ");
  EXPECT_EQ(asked, "/map text/xml <urlset/>\n/data  <?xml version='1.0'?><data>words</data>\n");
  EXPECT_EQ(ReadBytes(SourceFormat::kWarc, map + data).documents.size(), 2U) << "nobody says it";
}

TEST(WarcSource, BrokenRecordsAreToldAndPassedOver) {
  const Reading reading =
      ReadBytes(SourceFormat::kWarc, Page(1) + "garbage\n" + Response("http://a/h", "not http") + Page(2) + "WARC/1.0\r\nContent-Le");
  EXPECT_EQ(Keys(reading), "http://a/1 http://a/2 ");
  ASSERT_EQ(reading.errors.size(), 3U);
  EXPECT_NE(reading.errors[0].reason.find("byte " + std::to_string(Page(1).size())), std::string::npos) << reading.errors[0].reason;
  EXPECT_NE(reading.errors[1].reason.find("http://a/h"), std::string::npos);
  EXPECT_TRUE(reading.status.ok());
}

TEST(WarcSource, LongPagesAreTold) {
  SourceOptions options;
  options.max_record_bytes = 200;
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
  const std::string bomb = Gzip(std::string(100000, ' '));
  const Reading reading = ReadBytes(SourceFormat::kWarc,
                                    Response("http://a/long", head + "\r\n" + std::string(300, 'x')) +
                                        Response("http://a/bomb", head + "Content-Encoding: gzip\r\n\r\n" + bomb.substr(0, 120)) + Page(1),
                                    options);
  EXPECT_EQ(Keys(reading), "http://a/1 ");
  EXPECT_EQ(reading.errors.size(), 2U);
}

TEST(WarcSource, ByNameAndByContent) {
  EXPECT_EQ(FormatOfPath("a/b.warc.gz"), SourceFormat::kWarc);
  EXPECT_EQ(FormatOfPath("a/b.ARC"), SourceFormat::kWarc);
  EXPECT_EQ(SniffFormat("WARC/1.0\r\n", "id"), SourceFormat::kWarc);
  EXPECT_EQ(SniffFormat("filedesc://x 0.0.0.0 20140216050221 text/plain 75\n", "id"), SourceFormat::kWarc);
  const TemporaryFolder folder;
  const std::string named = folder.Write("a.warc.gz", Gzip(Page(1)) + Gzip(Page(2)));
  const std::string zstd = folder.Write("b.warc.zst", Zstd(Page(3)));
  const std::string nameless = folder.Write("c", Gzip(Page(4)));
  EXPECT_EQ(Keys(ReadPaths({named, zstd, nameless})), "http://a/1 http://a/2 http://a/3 http://a/4 ");
}

TEST(WarcSource, ADamagedMemberCostsOnlyItself) {
  const TemporaryFolder folder;
  const std::string middle = Gzip(Page(2));
  const std::string path = folder.Write("a.warc.gz", Gzip(Page(1)) + middle.substr(0, middle.size() / 2) + Gzip(Page(3)));
  const Reading reading = ReadPaths({path});
  EXPECT_TRUE(reading.status.ok());
  EXPECT_EQ(Keys(reading), "http://a/1 http://a/3 ");
  EXPECT_EQ(reading.errors.size(), 1U);
}

}  // namespace
}  // namespace sakuin::indexer
