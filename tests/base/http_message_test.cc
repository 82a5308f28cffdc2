#include "base/http_message.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/base/encoded_body.h"
#include "tests/base/warc_testing.h"

namespace sakuin {
namespace {

HttpHead HeadOf(const std::string& text) {
  Result<HttpHead> head = ParseHttpHead(text);
  EXPECT_TRUE(head.ok()) << text;
  return head.ok() ? *head : HttpHead();
}

std::string Repeated(std::string_view text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(HttpMessageTest, Heads) {
  const std::string text = "HTTP/1.1 200 OK\r\nContent-Type:  text/html \r\nVia: a\r\nLong: one\r\n two\r\nno colon\r\nvia:b\r\n\r\nbody";
  const HttpHead head = HeadOf(text);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.first_line, "HTTP/1.1 200 OK");
  EXPECT_EQ(head.Find("content-type"), "text/html");
  EXPECT_EQ(head.Find("LONG"), "one two");
  EXPECT_EQ(head.FindAll("Via"), "a, b");
  EXPECT_EQ(head.Find("absent"), "");
  EXPECT_EQ(text.substr(head.bytes), "body");
}

TEST(HttpMessageTest, OddHeads) {
  EXPECT_EQ(HeadOf("HTTP/2 404\nA: b\n\n").status, 404);
  EXPECT_EQ(HeadOf("HTTP/1.0 301\r\nLocation: /").Find("Location"), "/");
  EXPECT_EQ(HeadOf("HTTP/1.0 301\r\nLocation: /").bytes, 25u);
  for (const char* wrong : {"", "HTTP/1.1", "HTTP/1.1 abc", "HTTP/1.1 20", "hello", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 099 x"}) {
    EXPECT_EQ(ParseHttpHead(wrong).status().code(), StatusCode::kInvalidArgument) << wrong;
  }
  EXPECT_TRUE(ParseHttpHead("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true).ok());
  EXPECT_FALSE(ParseHttpHead("HTTP/1.1 200 OK\r\n" + Repeated("A: b\r\n", kMaxHttpHeadBytes / 6) + "\r\n").ok());
}

TEST(HttpMessageTest, Chunks) {
  const auto chunks = [](std::string_view bytes, size_t limit = 1000) { return DecodeChunks(bytes, limit); };
  EXPECT_EQ(chunks("5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: x\r\n\r\n").bytes, "hello world");
  EXPECT_FALSE(chunks("5\r\nhello\r\n0\r\n\r\n").is_damaged);
  EXPECT_EQ(chunks("A \nabcdefghij\n0\n\n").bytes, "abcdefghij");
  EXPECT_EQ(chunks("<html>").bytes, "<html>") << "not chunked at all";
  EXPECT_FALSE(chunks("<html>").is_damaged);
  for (const char* damaged :
       {"5\r\nhel", "5\r\nhello", "5\r\nhello\r\nxyz\r\n", "5\r\nhello world\r\n0\r\n\r\n", "5\r\nhello\r\nfffffffffffffffff\r\n"}) {
    EXPECT_TRUE(chunks(damaged).is_damaged) << damaged;
    EXPECT_EQ(chunks(damaged).bytes.substr(0, 3), "hel") << damaged;
  }
  for (const char* cut : {"5\r\nhel", "5\r\nhello\r\n"}) EXPECT_TRUE(chunks(cut).is_short) << cut;
  for (const char* other : {"5\r\nhello\r\nxyz\r\n", "5\r\nhello\r\n0\r\n\r\n", ""}) EXPECT_FALSE(chunks(other).is_short) << other;
  EXPECT_EQ(chunks("5\r\nhello\r\n0\r\n\r\n", 5).bytes, "hello");
  EXPECT_FALSE(chunks("5\r\nhello\r\n0\r\n\r\n", 5).is_cut);
  EXPECT_TRUE(chunks("5\r\nhello\r\n0\r\n\r\n", 4).is_cut);
  EXPECT_TRUE(chunks("ffffffffffffffff\r\nhello", 4).is_cut);
}

HttpBody Under(const std::string& coding, std::string_view bytes, size_t limit) {
  return DecodeHttpBody(HeadOf("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\n\r\n"), bytes, limit);
}

TEST(HttpMessageTest, EveryCoding) {
  const std::string text = Repeated("some text, ", 100);
  const std::pair<const char*, std::string> codings[] = {{"", text},
                                                         {"identity", text},
                                                         {"gzip", Encoded("gzip", text)},
                                                         {"x-gzip", Encoded("gzip", text)},
                                                         {"deflate", Encoded("deflate", text)},
                                                         {"deflate", Encoded("raw-deflate", text)},
                                                         {"br", Encoded("br", text)},
                                                         {"zstd", Encoded("zstd", text)}};
  for (const auto& [coding, bytes] : codings) {
    SCOPED_TRACE(coding);
    const HttpBody body = Under(coding, bytes, text.size());
    EXPECT_EQ(body.bytes, text);
    EXPECT_FALSE(body.is_damaged);
    EXPECT_FALSE(body.is_cut);
    EXPECT_FALSE(body.is_short);
    EXPECT_TRUE(Under(coding, bytes, text.size() - 1).is_cut);
    EXPECT_EQ(Under(coding, bytes, text.size() - 1).is_bomb, bytes != text);
    EXPECT_FALSE(Under(coding, bytes, bytes.size() - 1).is_bomb) << "too large as it came";
    EXPECT_EQ(Under(coding, bytes, 10).bytes, text.substr(0, 10));
    EXPECT_TRUE(bytes == text || Under(coding, bytes.substr(0, bytes.size() - 5), 5000).is_damaged);
    EXPECT_TRUE(Under(coding, "", 10).bytes.empty());
  }
  EXPECT_EQ(Under("gzip", Encoded("gzip", "one ") + Encoded("gzip", "two"), 100).bytes, "one two") << "all members";
  EXPECT_EQ(Under("gzip", "plain", 100).bytes, "plain") << "says gzip, but is not";
  EXPECT_FALSE(Under("gzip", "plain", 100).is_damaged);
  EXPECT_EQ(Under("sdch", "plain", 100).unknown_coding, "sdch");
}

TEST(HttpMessageTest, CodingsWithinCodings) {
  const std::string packed = Gzip(Gzip("hello", MAX_WBITS));
  std::string chunked = "3\r\n" + packed.substr(0, 3) + "\r\n";
  chunked += "fff\r\n" + packed.substr(3);  // the last chunk is cut short
  const HttpHead head = HeadOf("HTTP/1.1 200 OK\r\nContent-Encoding: Deflate, gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(DecodeHttpBody(head, chunked, 100).bytes, "hello");
  EXPECT_TRUE(DecodeHttpBody(head, chunked, 100).is_damaged);
  EXPECT_TRUE(DecodeHttpBody(head, chunked, 100).is_short);
  EXPECT_TRUE(Under("gzip", packed.substr(0, packed.size() - 12), 100).is_short);
  EXPECT_FALSE(Under("br", "never was in it", 100).is_short);
  EXPECT_EQ(DecodeHttpBody(HeadOf("HTTP/1.1 200 OK\r\n\r\n"), "as it is", 100).bytes, "as it is");
  EXPECT_TRUE(DecodeHttpBody(HeadOf("HTTP/1.1 200 OK\r\n\r\n"), "as it is", 2).is_cut);
  const HttpHead deep = HeadOf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip, gzip\r\n\r\n");
  EXPECT_EQ(DecodeHttpBody(deep, packed, 100).unknown_coding, "gzip, gzip, gzip, gzip");
}

TEST(HttpMessageTest, ABombIsCut) {
  const std::string bomb = Gzip(std::string(64 << 20, '\0'));
  const HttpBody body = Under("gzip", bomb, 1 << 20);
  EXPECT_TRUE(body.is_cut);
  EXPECT_EQ(body.bytes.size(), size_t{1} << 20);
}

}  // namespace
}  // namespace sakuin
