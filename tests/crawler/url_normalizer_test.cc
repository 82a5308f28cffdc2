#include "crawler/url_normalizer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sakuin::crawler {
namespace {

std::string Normal(const std::string& input) {
  const Result<Url> url = Url::Parse(input);
  EXPECT_TRUE(url.ok()) << input;
  return url.ok() ? NormalizeUrl(*url).href() : "";
}

TEST(UrlNormalizerTest, TheExampleOfTheHeader) {
  EXPECT_EQ(Normal("http://Me:x@Example.com:80/%7eme/a%2fb;jsessionid=1?utm_source=x&b=2&a=1#top"), "http://example.com/~me/a%2Fb?b=2&a=1");
}

TEST(UrlNormalizerTest, FragmentsPortsAndDots) {
  EXPECT_EQ(Normal("https://e.com:443/a/../b/./c#d"), "https://e.com/b/c");
  EXPECT_EQ(Normal("http://e.com#"), "http://e.com/");
  EXPECT_EQ(Normal("http://e.com:8080/#a?b"), "http://e.com:8080/");
  EXPECT_EQ(Normal("mailto:a?utm_source=b#c"), "mailto:a?utm_source=b");
}

TEST(UrlNormalizerTest, Triplets) {
  EXPECT_EQ(Normal("http://e.com/%61%2d%5F%7E%2e%c3%a9?%61=%2f"), "http://e.com/a-_~.%C3%A9?a=%2F");
  EXPECT_EQ(Normal("http://e.com/%2561"), "http://e.com/%2561");
  EXPECT_EQ(Normal("http://e.com/%zz%"), "http://e.com/%zz%");
  // Decoding must not make triplets of what were none.
  EXPECT_EQ(Normal("http://e.com/%%34%31"), "http://e.com/%%341");
  EXPECT_EQ(Normal("http://e.com/%4%31"), "http://e.com/%4%31");
}

TEST(UrlNormalizerTest, QueriesThatSayNothingGo) {
  EXPECT_EQ(Normal("http://e.com/?"), "http://e.com/");
  EXPECT_EQ(Normal("http://e.com/?&&"), "http://e.com/");
  EXPECT_EQ(Normal("http://e.com/?utm_source=a&UTM_Medium=b&utm%5fterm"), "http://e.com/");
  EXPECT_EQ(Normal("http://e.com/?b=2&gclid=x&a=1&fbclid=y&"), "http://e.com/?b=2&a=1");
  EXPECT_EQ(Normal("http://e.com/?utm=1&id=gclid"), "http://e.com/?utm=1&id=gclid");
  EXPECT_EQ(Normal("http://e.com/?a=%26utm_source=1"), "http://e.com/?a=%26utm_source=1");
}

TEST(UrlNormalizerTest, SessionIdsGo) {
  EXPECT_EQ(Normal("http://e.com/a.jsp;JSESSIONID=4F1D.node1?x=1"), "http://e.com/a.jsp?x=1");
  EXPECT_EQ(Normal("http://e.com/a;v=1;jsessionid=2/b"), "http://e.com/a;v=1/b");
  EXPECT_EQ(Normal("http://e.com/a?PHPSESSID=1&x=2"), "http://e.com/a?x=2");
  EXPECT_EQ(Normal("http://e.com/a?ASPSESSIONIDQQ=1"), "http://e.com/a");
  EXPECT_EQ(Normal("http://e.com/a?sid=4f1d0c66a2b39e58"), "http://e.com/a");
  EXPECT_EQ(Normal("http://e.com/a?sid=4"), "http://e.com/a?sid=4");
  EXPECT_EQ(Normal("http://e.com/a?s=internationalization"), "http://e.com/a?s=internationalization");
  // ".." alone would be another page.
  EXPECT_EQ(Normal("http://e.com/a/..;jsessionid=1/b"), "http://e.com/a/..;jsessionid=1/b");
}

TEST(UrlNormalizerTest, TwiceIsAsOnce) {
  const std::vector<std::string> pieces = {
      "a", "4",   "1",   "%",   "%4", "%41", "%2e", "%2E", ".", "/", ";", "jsessionid=1", "?", "&", "=", "utm_a", "sid=", "4f1d0c66a2b39e58",
      "#", "%25", "%7e", "%2f", "..", "@",   ":"};
  std::mt19937 random(7);
  for (int i = 0; i < 200'000; ++i) {
    std::string address = i % 5 == 0 ? "file:///" : "http://e.com/";
    for (size_t count = random() % 10; count > 0; --count) address += pieces[random() % pieces.size()];
    const Result<Url> url = Url::Parse(address);
    if (!url.ok()) continue;
    const Url once = NormalizeUrl(*url);
    const Url twice = NormalizeUrl(once);
    ASSERT_EQ(once.href(), twice.href()) << address;
    ASSERT_FALSE(once.has_fragment()) << address;
    ASSERT_FALSE(url->is_http() && once.has_credentials()) << address;
    const Result<Url> parsed = Url::Parse(once.href());
    ASSERT_TRUE(parsed.ok() && parsed->href() == once.href()) << address;
  }
}

}  // namespace
}  // namespace sakuin::crawler
