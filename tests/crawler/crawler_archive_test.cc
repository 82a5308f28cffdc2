// Web archives of whole crawls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/crawler/crawler_fixture.h"

namespace sakuin::crawler {
namespace {

using testing::HasSubstr;

class CrawlerArchiveTest : public CrawlerTest {};

TEST_F(CrawlerArchiveTest, TheArchiveHasEveryAnswer) {
  Archive();
  server_.Route("/robots.txt", RedirectTo("/r"));
  server_.Route("/r", PageOf("User-agent: *\nDisallow: /secret\n", "Content-Type: text/plain\r\n"));
  Serve("/", Links({"/busy", "/gone", "/coded", "/large", "/cut"}));
  std::atomic<int> asked = 0;
  server_.Route("/busy", [&asked](const ServedRequest&, ServedConnection& connection) {
    connection.Send(++asked == 1 ? Answer("429 Too Many Requests", "Retry-After: 1\r\n", "later")
                                 : Answer("200 OK", "Content-Type: text/html\r\n", "now"));
  });
  server_.Route("/coded", PageOf("no gzip", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"));
  server_.Route("/large", Raw("HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x')));
  server_.Route("/cut", Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
  options_.limits.body_bytes = 4000;
  Crawl();
  for (const char* path : {"/robots.txt", "/r", "/", "/gone", "/coded", "/large", "/cut"}) {
    ASSERT_EQ(Archived(path).size(), 1U) << path;
    EXPECT_EQ(Archived(path)[0].Find("WARC-IP-Address"), "127.0.0.1");
  }
  EXPECT_THAT(Archived("/r")[0].block, HasSubstr("Disallow: /secret"));
  EXPECT_EQ(Archived("/coded")[0].Find("WARC-Truncated"), "") << "it is all that was sent";
  EXPECT_EQ(Archived("/large")[0].Find("WARC-Truncated"), "length");
  EXPECT_EQ(Archived("/cut")[0].Find("WARC-Truncated"), "disconnect");
  ASSERT_EQ(Archived("/busy").size(), 2U);
  EXPECT_THAT(Archived("/busy")[0].block, HasSubstr("429 Too Many"));
}

TEST_F(CrawlerArchiveTest, RevisitsReferToWhatIsArchived) {
  Serve("/", Links({"/etag"}));
  server_.Route("/etag", Validated("\"v1\"", "the same"));
  Crawl();
  Archive();
  options_.revisit_all = true;
  for (int run = 0; run < 3; ++run) Crawl();
  for (const char* path : {"/", "/etag"}) {
    const std::vector<WarcRecord> records = Archived(path);
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[0].Find("WARC-Type"), "response") << "even if it has not changed since the crawl without an archive";
    const std::string_view profile = path == std::string("/") ? "identical-payload-digest" : "server-not-modified";
    for (size_t i = 1; i < 3; ++i) {
      EXPECT_EQ(records[i].Find("WARC-Type"), "revisit");
      EXPECT_TRUE(records[i].Find("WARC-Profile").ends_with(profile)) << records[i].Find("WARC-Profile");
      EXPECT_EQ(records[i].Find("WARC-Refers-To-Date"), records[0].Find("WARC-Date"));
      EXPECT_EQ(records[i].Find("WARC-Payload-Digest"), records[0].Find("WARC-Payload-Digest"));
    }
  }
}

}  // namespace
}  // namespace sakuin::crawler
