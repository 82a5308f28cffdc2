#include "crawler/sitemap.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "tests/base/sanitized.h"
#include "text/date_text.h"

namespace sakuin::crawler {
namespace {

std::string Describe(const Sitemap& sitemap) {
  std::string out = sitemap.is_index ? "index" : "pages";
  for (const SitemapEntry& entry : sitemap.entries) {
    out += " " + entry.url;
    if (entry.last_modified.has_value()) out += "@" + text::FormatDate(*entry.last_modified);
  }
  return out + (sitemap.status.ok() ? "" : " | " + sitemap.status.ToString());
}

std::string Read(std::string_view bytes) { return Describe(ReadSitemap(bytes)); }

std::string Gzipped(const std::string& bytes) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(Sitemap, OfSeveralMembersOfGzip) {
  const std::string first = Gzipped("<urlset><url><loc>http://a/1</loc></url>");
  const std::string second = Gzipped("<url><loc>http://a/2</loc></url></urlset>");
  EXPECT_EQ(Read(first + second), "pages http://a/1 http://a/2");
  EXPECT_EQ(Read(first + second + std::string(512, '\0')), "pages http://a/1 http://a/2") << "zeros behind it, as a tape has them";
  EXPECT_EQ(Read(first + second.substr(0, second.size() - 9)).substr(0, 18), "pages http://a/1 h");
  EXPECT_NE(Read(first + second.substr(0, second.size() - 9)).find("damaged or incomplete gzip data"), std::string::npos);
}

TEST(Sitemap, PagesAndIndexes) {
  EXPECT_EQ(Read("<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc> http://a/?x=1&amp;y=2 </loc>"
                 "<lastmod>2024-02-29</lastmod><image:image><image:loc>http://no/</image:loc></image:image></url><url><loc><![CDATA[http://a/b]]></"
                 "loc></url></urlset>"),
            "pages http://a/?x=1&y=2@2024-02-29T00:00:00Z http://a/b");
  EXPECT_EQ(Read("<sm:sitemapindex><sm:sitemap><sm:loc>http://a/1.xml</sm:loc></sm:sitemap></sm:sitemapindex>"), "index http://a/1.xml");
  EXPECT_EQ(Read("\xEF\xBB\xBF\n<urlset/>"), "pages");
}

TEST(Sitemap, Texts) {
  EXPECT_EQ(Read("http://a/1\r\nhttps://a/2\n\n"), "pages http://a/1 https://a/2");
  EXPECT_EQ(Read("http://a/1\nnot this\n"), "pages http://a/1 | DATA_LOSS: the sitemap has lines that are no addresses");
  EXPECT_EQ(Read("not found"), "pages | INVALID_ARGUMENT: no sitemap: neither XML nor an address on a line");
}

TEST(Sitemap, DamageGivesWhatWasRead) {
  EXPECT_EQ(Read("<urlset><url><loc>http://a/1</loc></url><url><loc>http://a/2"),
            "pages http://a/1 | DATA_LOSS: the sitemap is damaged: the end comes inside of <loc>");
  EXPECT_EQ(Read("<urlset><url><loc>http://a/1</url><url><loc>http://a/2</loc></url></urlset>"),
            "pages http://a/1 http://a/2 | DATA_LOSS: the sitemap is damaged: </url> ends what is not open");
  EXPECT_EQ(Read("<html><body>404</body></html>"),
            "pages | INVALID_ARGUMENT: a sitemap begins with <urlset> or <sitemapindex>, this begins with <html>");
  EXPECT_EQ(Read("<!-- -->"), "pages | DATA_LOSS: the sitemap is damaged: there is no element");
}

TEST(Sitemap, Limits) {
  std::string many = "<urlset>";
  for (size_t i = 0; i <= kMaxSitemapEntries; ++i) many += "<url><loc>http://a/" + std::to_string(i) + "</loc></url>";
  const Sitemap sitemap = ReadSitemap(many + "</urlset>");
  EXPECT_EQ(sitemap.entries.size(), kMaxSitemapEntries);
  EXPECT_EQ(sitemap.status.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(Read("<urlset><url><loc>http://a/" + std::string(kMaxSitemapUrlBytes, 'x') + "</loc></url></urlset>"), "pages");
}

TEST(Sitemap, Bombs) {
  const std::string packed = Gzipped("<urlset><url><loc>http://a/1</loc></url>" + std::string(kMaxSitemapBytes + 1000, ' '));
  EXPECT_LT(packed.size(), size_t{100'000});
  EXPECT_EQ(Read(packed), "pages http://a/1 | RESOURCE_EXHAUSTED: the sitemap: has more than 52428800 bytes; what is beyond is not read");
  EXPECT_EQ(Read(Gzipped("<urlset><url><loc>http://a/1</loc></url></urlset>")), "pages http://a/1");
  const std::string cut = Gzipped("<urlset><url><loc>http://a/1</loc></url></urlset>");
  EXPECT_EQ(ReadSitemap(std::string_view(cut).substr(0, cut.size() - 8)).status.code(), StatusCode::kDataLoss);
  const Sitemap laughs = ReadSitemap(
      "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;'>]>"
      "<urlset><url><loc>http://a/&c;</loc></url></urlset>");
  ASSERT_EQ(laughs.entries.size(), 1U);
  EXPECT_EQ(laughs.entries[0].url, "http://a/&c;");
  std::string deep = "<urlset>";
  while (deep.size() < Rounds(size_t{2'000'000})) deep += "<a>";
  EXPECT_FALSE(ReadSitemap(deep).status.ok());
}

TEST(SitemapTest, SomePagesMatterMore) {
  std::string xml = "<urlset>";
  const std::vector<std::string> priorities = {"0.8", " 1.0 ", "0", "0.5", "", "2", "-1", "nan", "high"};
  for (const std::string& priority : priorities) xml += "<url><loc>http://a/</loc><priority>" + priority + "</priority></url>";
  const Sitemap sitemap = ReadSitemap(xml + "<url><loc>http://a/</loc></url></urlset>");
  std::vector<int> found;
  for (const SitemapEntry& entry : sitemap.entries) found.push_back(entry.importance);
  EXPECT_EQ(found, (std::vector<int>{3, 5, -5, 0, 0, 0, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace sakuin::crawler
