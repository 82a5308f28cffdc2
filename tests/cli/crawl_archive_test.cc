// A crawl with --warc and --into: the archive, indexed, gives the documents that the crawl stored, whatever the pages are like.

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/base/encoded_body.h"
#include "tests/cli/crawl_fixture.h"
#include "text/page_reader.h"

namespace sakuin::cli {
namespace {

using crawler::Handler;
using crawler::PageOf;
using crawler::Raw;
using nlohmann::json;

constexpr const char* kHtml = "Content-Type: text/html\r\n";

struct Served {
  const char* path;
  Handler handler;
  const char* why;  // as the crawl says of what is no page; empty: it is one
  const char* archived = why;  // the same of the archive
};

std::string Gzipped(const std::string& page) { return Encoded("gzip", page); }

Handler Coded(const char* coding, const std::string& body) { return PageOf(body, std::string(kHtml) + "Content-Encoding: " + coding + "\r\n"); }

// A comment of so many bytes.
std::string Padding(size_t bytes) { return "<!--" + std::string(bytes - 7, ' ') + "-->"; }

std::vector<Served> Pages() {
  const std::string binary("\x02 a\0b", 5);
  const std::string cut = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
  const std::string packed = Gzipped(PageWith("a page that will be cut"));
  std::string damaged = Gzipped(PageWith(Repeated("a page that is damaged ", 100)));
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  return {
      {"/html", PageOf(PageWith("an ordinary page")), ""},
      {"/text", PageOf("an ordinary text", "Content-Type: text/plain\r\n"), ""},
      {"/xml", PageOf("<?xml version='1.0'?><a>some <b>xml</b></a>", "Content-Type: application/xml\r\n"), ""},
      {"/gzip", Coded("gzip", Gzipped(PageWith("a page in gzip"))), ""},
      {"/untyped", PageOf("<!doctype html>" + PageWith("no type at all"), ""), ""},
      {"/untyped-text", PageOf("no type and no markup", ""), ""},
      {"/unknown", PageOf("<html>" + PageWith("a type that says nothing"), "Content-Type: application/octet-stream\r\n"), ""},
      {"/plain-as-gzip", Coded("gzip", PageWith("never was in gzip")), ""},
      {"/latin", PageOf("<p>un caf\xE9 cr\xE8me", "Content-Type: text/html; charset=iso-8859-1\r\n"), ""},
      {"/broken-utf8", PageOf("<p>one quote\x92s broken", "Content-Type: text/html; charset=utf-8\r\n"), ""},
      {"/called/sitemap.txt", PageOf(PageWith("no sitemap but a page")), ""},
      {"/large", PageOf("<p>large" + Padding(text::kMaxPageBytes - 8)), ""},
      {"/too-large", PageOf("<p>large" + Padding(text::kMaxPageBytes - 7)), "the body is larger than allowed"},
      {"/too-large-endless", Raw(cut + "\r\n<p>large" + Padding(text::kMaxPageBytes)), "the body is larger than allowed"},
      {"/bomb", Coded("gzip", Gzipped("<p>large" + Padding(text::kMaxPageBytes))), "the body is larger than allowed after decompression"},
      {"/cut", Raw(cut + "Content-Length: 1000\r\n\r\n<p>only half of it"), "the body ends before its end"},
      {"/cut-chunks", Raw(cut + "Transfer-Encoding: chunked\r\n\r\n5\r\n<p>on\r\n"), "the body ends before its end"},
      {"/bad-chunks", Raw(cut + "Transfer-Encoding: chunked\r\n\r\n4\r\n<p>o\r\nrubbish\r\n"), "the chunks of the body are not well-formed",
       "the body ends before its end"},
      {"/cut-gzip", Coded("gzip", packed.substr(0, packed.size() - 12)), "the body ends before its end"},
      {"/damaged-gzip", Coded("gzip", damaged), "the body could not be decompressed"},
      {"/not-br", Coded("br", PageWith("never was in brotli")), "the body could not be decompressed"},
      {"/compress", Coded("compress", "who knows"), "the body could not be decompressed"},
      {"/pdf", PageOf("%PDF-1.7 words", "Content-Type: application/pdf\r\n"), "application/pdf is not read"},
      {"/hidden-pdf", PageOf("%PDF-1.7 words"), "application/pdf is not read"},
      {"/image", PageOf("\x89PNG\r\n\x1A\n", "Content-Type: image/png\r\n"), "image/png is not read"},
      {"/binary", PageOf(binary, "Content-Type: application/octet-stream\r\n"), "application/octet-stream is not read"},
      {"/binary-text", PageOf(std::string("a\0b\1c", 5), "Content-Type: text/plain\r\n"), "application/octet-stream is not read"},
      {"/script", PageOf("let x = 1", "Content-Type: text/javascript\r\n"), "text/javascript is not read"},
  };
}

class CrawlArchive : public CrawlTest {
 protected:
  // Of an index, all fields of each document.
  static std::map<std::string, json> Documents(const std::string& index) {
    const Ended ended = RunSakuin({"search", "--index", index, "--json", "--top", "1000", "*"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    std::map<std::string, json> documents;
    const json answer = json::parse(ended.out, nullptr, false);
    for (const json& hit : answer["hits"]) documents[hit["key"]] = hit["fields"];
    return documents;
  }

  // Into a new index with the schema of the crawl's.
  json IndexArchive(const std::string& warc, const std::string& index) const {
    const Ended ended = RunSakuin({"index", "--index", index, "--schema", index_ + "/schema.toml", "--json", warc});
    EXPECT_EQ(ended.code, 0) << ended.err;
    return json::parse(ended.out, nullptr, false);
  }

  crawler::HttpServer server_;
};

TEST_F(CrawlArchive, GivesTheDocumentsOfTheCrawl) {
  std::vector<std::string> links;
  std::set<std::string> wanted = {server_.Url("/")};
  std::map<std::string, uint64_t> refused;  // by why, as of the archive
  for (const Served& page : Pages()) {
    server_.Route(page.path, page.handler);
    links.emplace_back(page.path);
    if (*page.why == '\0') {
      wanted.insert(server_.Url(page.path));
    } else {
      ++refused[page.archived];
    }
  }
  for (const auto& [path, body] : std::map<std::string, std::string>{
           {"/map.xml", "<urlset><url><loc>" + server_.Url("/html") + "</loc></url></urlset>"},
           {"/news", "<rss><channel><item><link>" + server_.Url("/html") + "</link></item></channel></rss>"}}) {
    server_.Route(path, PageOf(body, "Content-Type: application/xml\r\n"));
    links.push_back(path);
  }
  server_.Route("/", PageOf(PageWith("home", links)));
  const std::string warc = scratch_.Path("pages.warc.gz");
  const Ended ended = Crawl({server_.Url("/")}, {"--warc", warc});
  ASSERT_EQ(ended.code, 0) << ended.err;
  ASSERT_EQ(Indexed(), wanted);
  const std::map<std::string, crawler::FetchRecord> logged = Logged();
  for (const Served& page : Pages()) EXPECT_EQ(logged.at(server_.Url(page.path)).why, page.why) << page.path;
  for (const char* path : {"/map.xml", "/news"}) EXPECT_EQ(logged.at(server_.Url(path)).outcome, crawler::Outcome::kListing) << path;
  const std::string index = scratch_.Path("from-archive");
  const json told = IndexArchive(warc, index);
  std::map<std::string, json> crawled = Documents(index_);
  std::map<std::string, json> archived = Documents(index);
  EXPECT_EQ(archived.size(), wanted.size());
  for (const auto& [url, fields] : crawled) EXPECT_EQ(archived[url], fields) << url;
  EXPECT_EQ(told["errors"], 0);
  EXPECT_EQ((told["left_out"].get<std::map<std::string, uint64_t>>()), refused);
  const Ended shown = RunSakuin({"index", "--index", index, warc});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_NE(shown.err.find("left out of archives: 2 answers: application/pdf is not read"), std::string::npos) << shown.err;
}

}  // namespace
}  // namespace sakuin::cli
