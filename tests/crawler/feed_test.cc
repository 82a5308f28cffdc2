#include "crawler/feed.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/base/sanitized.h"
#include "text/date_text.h"

namespace sakuin::crawler {
namespace {

std::string Read(std::string_view bytes) {
  const Feed feed = ReadFeed(bytes);
  std::string out = feed.title;
  for (const FeedEntry& entry : feed.entries) {
    out += " [" + entry.url + " " + entry.title;
    if (entry.date.has_value()) out += " " + text::FormatDate(*entry.date);
    out += "]";
  }
  return out + (feed.status.ok() ? "" : " | " + feed.status.ToString());
}

TEST(Feed, Rss2) {
  EXPECT_EQ(Read("<?xml version='1.0'?><rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>News</title><link>http://a/</link>"
                 "<atom:link href='http://a/feed' rel='self'/><image><title>no</title></image>"
                 "<item><title><![CDATA[A &amp; <b>B</b>]]></title><link>http://a/1</link><pubDate>Thu, 29 Feb 2024 03:00:00 GMT</pubDate>"
                 "<media:group><title>no</title></media:group></item>"
                 "<item><guid>http://a/2</guid></item><item><guid isPermaLink='false'>tag:3</guid></item></channel></rss>"),
            "News [http://a/1 A & B 2024-02-29T03:00:00Z] [http://a/2 ]");
}

TEST(Feed, Rss1And09) {
  EXPECT_EQ(
      Read("<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel rdf:about='http://a/'><title>T</title></channel>"
           "<item rdf:about='http://a/1'><title>one</title><dc:date>2024-02-29</dc:date></item><item><link> http://a/2 </link></item></rdf:RDF>"),
      "T [http://a/1 one 2024-02-29T00:00:00Z] [http://a/2 ]");
}

TEST(Feed, Atom) {
  EXPECT_EQ(
      Read("<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><link href='http://a/'/>"
           "<entry><title type='html'>x &amp;lt;y</title><link rel='enclosure' href='no'/><link rel='alternate' href='http://a/1'/>"
           "<published>2020-01-01T00:00:00Z</published><updated>2024-02-29T12:00:00+09:00</updated><content>http://no/</content></entry></feed>"),
      "T [http://a/1 x <y 2024-02-29T03:00:00Z]");
  EXPECT_EQ(Read("<atom:feed><atom:entry><atom:link href='u'/></atom:entry></atom:feed>"), " [u ]");
}

TEST(Feed, DamageGivesWhatWasRead) {
  EXPECT_EQ(Read("<rss><channel><item><link>http://a/1</link></item><item><title>x<br></title><link>http://a/2</link></item>"),
            " [http://a/1 ] [http://a/2 x] | DATA_LOSS: the feed is damaged: </title> ends what is not open");
  EXPECT_EQ(Read("<html>"), " | INVALID_ARGUMENT: a feed begins with <rss>, <feed> or <rdf:RDF>, this begins with <html>");
  EXPECT_EQ(Read(""), " | DATA_LOSS: the feed is damaged: there is no element");
  EXPECT_EQ(Read("<?xml version='1.0' encoding='euc-kr'?><rss><channel><title>\xC7\xD1</title></channel></rss>"), "한");
}

TEST(Feed, Limits) {
  std::string many = "<rss><channel><title>t</title>";
  for (size_t i = 0; i <= kMaxFeedEntries; ++i) many += "<item><link>http://a/" + std::to_string(i) + "</link></item>";
  const Feed feed = ReadFeed(many);
  EXPECT_EQ(feed.entries.size(), kMaxFeedEntries);
  EXPECT_EQ(feed.title, "t");
  EXPECT_EQ(feed.status.code(), StatusCode::kResourceExhausted);
  for (const std::string piece : {"<item>", "</item>", "<a/>", "<![CDATA[", "<!ENTITY a '&a;'>", "&a;", "<title>x"}) {
    std::string text = "<rss>";
    while (text.size() < Rounds(size_t{1'000'000})) text += piece;
    EXPECT_FALSE(ReadFeed(text).status.ok()) << piece;
  }
}

}  // namespace
}  // namespace sakuin::crawler
