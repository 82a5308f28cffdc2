// Sitemaps and feeds of the worst kind, in a whole crawl: what they list within the limits is found, and they end.

#include <gtest/gtest.h>

#include "tests/base/encoded_body.h"
#include "tests/cli/crawl_fixture.h"

namespace sakuin::cli {
namespace {

using crawler::HttpServer;
using crawler::PageOf;

constexpr uint64_t kMostMemory = 300 << 20;  // more than a small crawl takes
constexpr const char* kXml = "Content-Type: application/xml\r\n";
constexpr const char* kGzip = "Content-Type: application/gzip\r\n";
constexpr std::string_view kForeign = "<url><loc>http://x.invalid/</loc></url>";
constexpr std::string_view kForeignItem = "<item><link>http://x.invalid/</link></item>";

class CrawlListing : public CrawlTest {
 protected:
  // A page that only the listing under test leads to.
  std::string Page(const std::string& path) {
    server_.Route(path, PageOf(PageWith("words of " + path)));
    return server_.Url(path);
  }

  std::string Entry(const std::string& path) { return "<url><loc>" + Page(path) + "</loc></url>"; }
  std::string Item(const std::string& path) { return "<item><link>" + Page(path) + "</link></item>"; }

  // What robots.txt names.
  void Serve(const std::vector<std::string>& sitemaps) {
    std::string robots;
    for (const std::string& path : sitemaps) robots += "Sitemap: " + server_.Url(path) + "\n";
    server_.Route("/robots.txt", PageOf(robots, "Content-Type: text/plain\r\n"));
    server_.Route("/", PageOf(PageWith("the first page", {"/last"})));
    Page("/last");
  }

  void ExpectIndexed(std::set<std::string> paths) const {
    paths.insert({"/", "/last"});
    std::set<std::string> urls;
    for (const std::string& path : paths) urls.insert(server_.Url(path));
    EXPECT_EQ(Indexed(), urls);
  }

  void ExpectAskedOnce() const {
    std::set<std::string> asked;
    for (const crawler::ServedRequest& request : server_.requests()) EXPECT_TRUE(asked.insert(request.target).second) << request.target;
  }

  Ended CrawlIt() {
    Ended ended = Crawl({server_.Url("/")});
    EXPECT_EQ(ended.code, 0) << ended.err;
    ExpectAskedOnce();
    ExpectMemory(ended, kMostMemory);
    return ended;
  }

  HttpServer server_;
};

TEST_F(CrawlListing, BombsAreReadToTheirLimit) {
  Serve({"/zeros.xml.gz", "/urls.xml.gz", "/coded.xml", "/laughs.xml", "/deep.xml", "/parts.xml.gz"});
  server_.Route("/zeros.xml.gz", PageOf(GzipBomb(100), kGzip));
  const std::string member = Encoded("gzip", Repeated(kForeign, (1 << 20) / kForeign.size()));
  server_.Route("/urls.xml.gz", PageOf(Encoded("gzip", "<urlset>" + Entry("/in-bomb")) + Repeated(member, 100), kGzip));
  server_.Route("/coded.xml", PageOf(GzipBomb(100), std::string(kXml) + "Content-Encoding: gzip\r\n"));
  std::string laughs = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'>";
  for (char name = 'b'; name <= 'k'; ++name)
    laughs += std::string("<!ENTITY ") + name + " '" + Repeated(std::string("&") + static_cast<char>(name - 1) + ";", 10) + "'>";
  server_.Route("/laughs.xml", PageOf(laughs + "]><urlset><url><loc>&k;</loc></url>" + Entry("/behind-laughs") + "</urlset>", kXml));
  server_.Route("/deep.xml", PageOf("<?xml version='1.0'?><urlset>" + Entry("/above") + Repeated("<url>", 100'000) + "</urlset>", kXml));
  server_.Route("/parts.xml.gz", PageOf(Encoded("gzip", "<urlset>" + Entry("/part-1")) + Encoded("gzip", Entry("/part-2") + "</urlset>"), kGzip));
  CrawlIt();
  ExpectIndexed({"/in-bomb", "/behind-laughs", "/above", "/part-1", "/part-2"});
  const std::string zeros = Logged()[server_.Url("/zeros.xml.gz")].why;
  EXPECT_NE(zeros.find("what is beyond is not read"), std::string::npos) << zeros;
  EXPECT_NE(Report().find("the body is larger than allowed after decompression"), std::string::npos);
}

TEST_F(CrawlListing, LoopsEnd) {
  const auto index = [this](const std::vector<std::string>& sitemaps) {
    std::string xml = "<?xml version='1.0'?><sitemapindex>";
    for (const std::string& path : sitemaps) xml += "<sitemap><loc>" + server_.Url(path) + "</loc></sitemap>";
    return PageOf(xml + "</sitemapindex>", kXml);
  };
  Serve({"/a.xml", "/a.xml"});
  server_.Route("/a.xml", index({"/a.xml", "/b.xml", "/robots.txt"}));
  server_.Route("/b.xml", index({"/a.xml", "/c.xml", "/b.xml"}));
  server_.Route("/c.xml",
                PageOf("<?xml version='1.0'?><urlset>" + Entry("/found") + "<url><loc>" + server_.Url("/a.xml") + "</loc></url></urlset>", kXml));
  Ended ended = Crawl({server_.Url("/")});
  EXPECT_EQ(ended.code, 0) << ended.err;
  std::set<std::string> asked;
  for (const crawler::ServedRequest& request : server_.requests()) {
    EXPECT_TRUE(asked.insert(request.target).second || request.target == "/robots.txt") << request.target;
  }
  EXPECT_TRUE(Indexed().contains(server_.Url("/found")));
}

TEST_F(CrawlListing, ForeignHostsAreLeftAlone) {
  HttpServer foreign;
  Serve({"/map.xml", foreign.Url("/map.xml")});
  foreign.Route("/page", PageOf(PageWith("foreign")));
  foreign.Route("/map.xml", PageOf("<?xml version='1.0'?><urlset>" + Entry("/from-foreign") + "</urlset>", kXml));
  server_.Route("/map.xml",
                PageOf("<?xml version='1.0'?><urlset><url><loc>" + foreign.Url("/page") + "</loc></url><url><loc>file:///etc/passwd</loc></url>" +
                           "<url><loc>javascript:0</loc></url>" + Entry("/ours") + "</urlset>",
                       kXml));
  CrawlIt();
  ExpectIndexed({"/ours"});
  EXPECT_EQ(foreign.connections(), 0U);
}

TEST_F(CrawlListing, AMillionEntries) {
  Serve({"/million.xml.gz", "/million.txt.sitemap.txt", "/feed.xml", "/large.xml"});
  server_.Route("/million.xml.gz", PageOf(Encoded("gzip", "<urlset>" + Repeated(kForeign, 49'000) + Entry("/within") + Repeated(kForeign, 10'000) +
                                                              Entry("/beyond") + Repeated(kForeign, 940'000) + "</urlset>"),
                                          kGzip));
  server_.Route("/million.txt.sitemap.txt", PageOf(Repeated("http://x.io/\n", 49'000) + Page("/line") + "\n" + Repeated("http://x.io/\n", 700'000),
                                                   "Content-Type: text/plain\r\n"));
  server_.Route("/feed.xml", PageOf("<?xml version='1.0'?><rss><channel>" + Repeated(kForeignItem, 9'000) + Item("/new") +
                                        Repeated(kForeignItem, 2'000) + Item("/old") + Repeated(kForeignItem, 200'000) + "</channel></rss>",
                                    "Content-Type: application/rss+xml\r\n"));
  server_.Route("/large.xml", PageOf("<?xml version='1.0'?><urlset>" + Repeated(kForeign, 300'000) + "</urlset>", kXml));
  CrawlIt();
  ExpectIndexed({"/within", "/line", "/new"});
  for (const char* path : {"/million.xml.gz", "/large.xml"}) EXPECT_NE(Logged()[server_.Url(path)].why.find("50,000"), std::string::npos) << path;
}

TEST_F(CrawlListing, FeedsThatAreBroken) {
  Serve({"/rss.xml", "/atom.xml", "/cut.xml", "/coded.xml", "/self.xml"});
  server_.Route("/rss.xml", PageOf("<?xml version='1.0'?><rss><channel><item><title>" + Repeated("<b>", 50'000) + Repeated("</b>", 50'000) +
                                       "</title><link>" + Page("/deep") + "</link></item></channel></rss>",
                                   kXml));
  server_.Route(
      "/atom.xml",
      PageOf("<?xml version='1.0'?><feed><entry a='" + std::string(5 << 20, 'a') + "'><link href='" + Page("/wide") + "'/></entry></feed>", kXml));
  server_.Route("/cut.xml", PageOf("<?xml version='1.0'?><rss><channel>" + Item("/before-the-cut") + "<item><link>http://127", kXml));
  server_.Route("/coded.xml", PageOf(GzipBomb(100), "Content-Type: application/rss+xml\r\nContent-Encoding: gzip\r\n"));
  server_.Route("/self.xml", PageOf("<?xml version='1.0'?><rss><channel><item><link>" + server_.Url("/self.xml") + "</link></item>" +
                                        Repeated("<item><link>" + Page("/once") + "</link></item>", 5'000) + "</channel></rss>",
                                    kXml));
  CrawlIt();
  ExpectIndexed({"/deep", "/wide", "/before-the-cut", "/once"});
}

}  // namespace
}  // namespace sakuin::cli
