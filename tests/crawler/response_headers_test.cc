#include "crawler/response_headers.h"

#include <gtest/gtest.h>

namespace sakuin::crawler {
namespace {

using Values = std::vector<std::string_view>;

TEST(ResponseHeadersTest, FindsByName) {
  const ResponseHeaders headers(
      "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nX-Robots-Tag: noindex\r\nETag:\"a:b\"  \r\n"
      "x-robots-tag: bot: nofollow\r\nEmpty:\r\n\r\n");
  EXPECT_EQ(headers.status_line(), "HTTP/1.1 200 OK");
  EXPECT_EQ(headers.Find("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(headers.Find("ETAG"), "\"a:b\"");
  EXPECT_EQ(headers.Find("empty"), "");
  EXPECT_EQ(headers.Find("content"), "");
  EXPECT_EQ(headers.Find("HTTP/1.1 200 OK"), "");
  EXPECT_EQ(headers.FindAll("X-Robots-Tag"), (Values{"noindex", "bot: nofollow"}));
  EXPECT_EQ(headers.FindAll("none"), Values{});
}

TEST(ResponseHeadersTest, SurvivesWhatIsNotWellFormed) {
  EXPECT_EQ(ResponseHeaders().Find("a"), "");
  EXPECT_EQ(ResponseHeaders().status_line(), "");
  EXPECT_EQ(ResponseHeaders("HTTP/1.0 200 OK\na: 1\nb : 2\nno colon\n: no name\nc: 3").Find("c"), "3");
  EXPECT_EQ(ResponseHeaders("HTTP/1.0 200 OK\na: 1\nb : 2\n").Find("b"), "2");
  EXPECT_EQ(ResponseHeaders("HTTP/1.0 200 OK\r\na: 1\r\n  2\r\n\t3\r\nb: 4\r\n").Find("a"), "1\r\n  2\r\n\t3");
  EXPECT_EQ(ResponseHeaders("HTTP/1.0 200 OK\r\na: 1\r\n  2\r\n\t3\r\nb: 4\r\n").Find("b"), "4");
  EXPECT_EQ(ResponseHeaders("HTTP/1.0 200 OK\r\na").Find("a"), "");
}

TEST(ResponseHeadersTest, ForArchiveTellsOfTheBodyThatIsKept) {
  const ResponseHeaders headers("HTTP/2 200 \r\nA: 1\r\nTransfer-Encoding: gzip,\r\n chunked\r\ncontent-length: 9\r\nContent-Encoding: gzip\r\n\r\n");
  EXPECT_EQ(headers.ForArchive(12), "HTTP/1.1 200 \r\nA: 1\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n");
  EXPECT_EQ(ResponseHeaders("HTTP/1.0 404 No\nb: 2\n\n").ForArchive(0), "HTTP/1.1 404 No\r\nb: 2\r\nContent-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace sakuin::crawler
