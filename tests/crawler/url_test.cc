// Url: examples that a reader can check, and what must hold for all.

#include "crawler/url.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "crawler/ordinary_url.h"

namespace sakuin::crawler {
namespace {

std::string Href(std::string_view input, std::string_view base = "") {
  if (base.empty()) {
    const Result<Url> url = Url::Parse(input);
    return url.ok() ? url->href() : "no URL";
  }
  const Result<Url> base_url = Url::Parse(base);
  EXPECT_TRUE(base_url.ok()) << base;
  const Result<Url> url = Url::Parse(input, &*base_url);
  return url.ok() ? url->href() : "no URL";
}

Url Parsed(std::string_view input) {
  Result<Url> url = Url::Parse(input);
  EXPECT_TRUE(url.ok()) << url.status().ToString();
  return *url;
}

TEST(UrlTest, SchemeHostAndPortAreWrittenInOneWay) {
  EXPECT_EQ(Href("HTTP://Example.COM:80"), "http://example.com/");
  EXPECT_EQ(Href("https://example.com:443/a"), "https://example.com/a");
  EXPECT_EQ(Href("https://example.com:0081/a"), "https://example.com:81/a");
  EXPECT_EQ(Href("http:\\\\example.com\\a\\b"), "http://example.com/a/b");
  EXPECT_EQ(Href("  http://example.com/\n"), "http://example.com/");
  EXPECT_EQ(Href("ht\ntp://exa\tmple.com/"), "http://example.com/");
  EXPECT_EQ(Href("http:example.com"), "http://example.com/");
  EXPECT_EQ(Href("http:////example.com/"), "http://example.com/");
}

TEST(UrlTest, DotSegmentsGo) {
  EXPECT_EQ(Href("http://e.com/a/./b/../c"), "http://e.com/a/c");
  EXPECT_EQ(Href("http://e.com/../../a/%2E%2e/b/%2e"), "http://e.com/b/");
  EXPECT_EQ(Href("http://e.com/a/.."), "http://e.com/");
  EXPECT_EQ(Href("http://e.com/.a/..b/..."), "http://e.com/.a/..b/...");
  EXPECT_EQ(Href("http://e.com//a//b"), "http://e.com//a//b");
}

TEST(UrlTest, WhatMayNotStandIsEncoded) {
  EXPECT_EQ(Href("http://e.com/a b\"<>`{}^?a b\"<>'`#a b\"<>`"), "http://e.com/a%20b%22%3C%3E%60%7B%7D%5E?a%20b%22%3C%3E%27`#a%20b%22%3C%3E%60");
  EXPECT_EQ(Href("http://e.com/한글?q=검색"), "http://e.com/%ED%95%9C%EA%B8%80?q=%EA%B2%80%EC%83%89");
  EXPECT_EQ(Href("http://e.com/%zz%4%41"), "http://e.com/%zz%4%41");
  EXPECT_EQ(Href("http://a@b:c@d@e.com/"), "http://a%40b:c%40d@e.com/");
  EXPECT_EQ(Href("mailto:a b@c?d e"), "mailto:a b@c?d%20e");
}

TEST(UrlTest, BytesThatAreNotUtf8AreReplacementCharacters) {
  EXPECT_EQ(Href("http://e.com/\xff\xe3\x81"), "http://e.com/%EF%BF%BD%EF%BF%BD");
  EXPECT_EQ(Href("http://\xff.com/"), "no URL");
}

TEST(UrlTest, References) {
  constexpr std::string_view kBase = "http://e.com/a/b?c#d";
  EXPECT_EQ(Href("x", kBase), "http://e.com/a/x");
  EXPECT_EQ(Href("../x/../y", kBase), "http://e.com/y");
  EXPECT_EQ(Href("../../../x", kBase), "http://e.com/x");
  EXPECT_EQ(Href("./", kBase), "http://e.com/a/");
  EXPECT_EQ(Href("..", kBase), "http://e.com/");
  EXPECT_EQ(Href("/x", kBase), "http://e.com/x");
  EXPECT_EQ(Href("//f.com/x", kBase), "http://f.com/x");
  EXPECT_EQ(Href("?x", kBase), "http://e.com/a/b?x");
  EXPECT_EQ(Href("#x", kBase), "http://e.com/a/b?c#x");
  EXPECT_EQ(Href("", kBase), "http://e.com/a/b?c");
  EXPECT_EQ(Href("javascript:void(0)", kBase), "javascript:void(0)");
  EXPECT_EQ(Href("x", "mailto:a"), "no URL");
  EXPECT_EQ(Href("#x", "mailto:a"), "mailto:a#x");
}

TEST(UrlTest, AddressesAsHosts) {
  EXPECT_EQ(Href("http://0x7f.1/"), "http://127.0.0.1/");
  EXPECT_EQ(Href("http://2130706433/"), "http://127.0.0.1/");
  EXPECT_EQ(Href("http://0177.0.0.0x1./"), "http://127.0.0.1/");
  EXPECT_EQ(Href("http://1.2.3.256/"), "no URL");
  EXPECT_EQ(Href("http://1.2.3.4.5/"), "no URL");
  EXPECT_EQ(Href("http://a.09/"), "no URL");
  EXPECT_EQ(Href("http://[2001:DB8:0:0:1:0:0:1]:81/"), "http://[2001:db8::1:0:0:1]:81/");
  EXPECT_EQ(Href("http://[::ffff:1.2.3.4]/"), "http://[::ffff:102:304]/");
  EXPECT_EQ(Href("http://[1:2]/"), "no URL");
  EXPECT_EQ(Href("http://[1:2:3:4:5:6:7:8:9]/"), "no URL");
}

TEST(UrlTest, DomainsInAnyScript) {
  EXPECT_EQ(Href("http://Bücher.DE/"), "http://xn--bcher-kva.de/");
  EXPECT_EQ(Href("http://faß.de/"), "http://xn--fa-hia.de/");
  EXPECT_EQ(Href("http://STRAẞE.de/"), "http://xn--strae-oqa.de/");
  EXPECT_EQ(Href("http://한국.kr/"), "http://xn--3e0b707e.kr/");
  EXPECT_EQ(Href("http://日本。jp/"), "http://xn--wgv71a.jp/");
  EXPECT_EQ(Href("http://%E4%B8%AD/"), "http://xn--fiq/");
  EXPECT_EQ(Href("http://ｅｘａｍｐｌｅ.com/"), "http://example.com/");
  EXPECT_EQ(Href("http://ა.Ⴀ/"), "http://xn--lod.xn--rkj/");
  EXPECT_EQ(Href("http://a%20b/"), "no URL");
  EXPECT_EQ(Href("http://a\u200d/"), "no URL");
  EXPECT_EQ(Href("http://xn--ü/"), "no URL");
  EXPECT_EQ(Href("http://xn--a/"), "http://xn--a/");
  std::string long_domain;
  for (int i = 0; i < 2000; ++i) long_domain += "한";
  EXPECT_EQ(Href("http://" + long_domain + "/"), "no URL");
}

TEST(UrlTest, OtherSchemes) {
  EXPECT_EQ(Href("file:///C|/a/../.."), "file:///C:/");
  EXPECT_EQ(Href("file://localhost/etc"), "file:///etc");
  EXPECT_EQ(Href("web:/.//a"), "web:/.//a");
  EXPECT_EQ(Href("foo://Ex%41mple/a"), "foo://Ex%41mple/a");
  EXPECT_EQ(Href("data:text/plain,a b #c"), "data:text/plain,a b%20#c");
}

TEST(UrlTest, WhatIsNoUrl) {
  for (const char* input : {"", "a", "/a", "//a", "http://", "http:///", "https://a:b/", "http://a:65536", "http://@/", "1a:b", ":a", "foo://a b"}) {
    EXPECT_FALSE(Url::Parse(input).ok()) << input;
  }
  const Result<Url> long_one = Url::Parse("http://a/" + std::string(Url::kMaxInputBytes, 'a'));
  EXPECT_EQ(long_one.status().code(), StatusCode::kInvalidArgument);
  EXPECT_LT(long_one.status().message().size(), 1000u);
}

TEST(UrlTest, Parts) {
  const Url url = Parsed("https://me:secret@example.com:81/a/b?c=d#e");
  EXPECT_EQ(url.scheme(), "https");
  EXPECT_EQ(url.username(), "me");
  EXPECT_EQ(url.password(), "secret");
  EXPECT_EQ(url.host(), "example.com:81");
  EXPECT_EQ(url.hostname(), "example.com");
  EXPECT_EQ(url.port(), "81");
  EXPECT_EQ(url.pathname(), "/a/b");
  EXPECT_EQ(url.query(), "c=d");
  EXPECT_EQ(url.hash(), "#e");
  EXPECT_EQ(url.Origin(), "https://example.com:81");
  EXPECT_EQ(Parsed("blob:https://e.com/x").Origin(), "https://e.com");
  EXPECT_EQ(Parsed("file:///x").Origin(), "null");
  const Url bare = Parsed("http://e.com/?#");
  EXPECT_EQ(bare.search(), "");
  EXPECT_EQ(bare.query(), "");
  EXPECT_EQ(bare.hash(), "");
  EXPECT_TRUE(bare.has_query());
  EXPECT_TRUE(bare.has_fragment());
  const Url opaque = Parsed("mailto:a@b");
  EXPECT_FALSE(opaque.has_host());
  EXPECT_TRUE(opaque.has_opaque_path());
  EXPECT_EQ(opaque.host(), "");
  EXPECT_EQ(opaque.username(), "");
}

TEST(UrlTest, Setters) {
  Url url = Parsed("http://example.com/a?b#c");
  url.SetPort("8080x");
  url.SetHost("Other.org");
  url.SetPathname("x y");
  url.SetSearch("?q");
  url.SetHash("");
  EXPECT_EQ(url.href(), "http://other.org:8080/x%20y?q");
  url.SetProtocol("https");
  url.SetUsername("me");
  url.SetPassword("a:b");
  EXPECT_EQ(url.href(), "https://me:a%3Ab@other.org:8080/x%20y?q");
  url.SetProtocol("mailto");
  url.SetHostname("");
  url.SetPort("99999");
  EXPECT_FALSE(url.SetHref("nonsense").ok());
  EXPECT_EQ(url.href(), "https://me:a%3Ab@other.org:8080/x%20y?q");
}

// Pieces that matter to the parser, strung together.
std::string RandomAddress(std::mt19937& random) {
  static const std::vector<std::string> pieces = {"http:", "https://", "http://", "e.com", "a-b.org", "E.COM", "1.2",    "a.b.", ":",  ":80",
                                                  ":81",   ":0",       ":65536",  "/",     "//",      "a",     "b.html", ".",    "..", "../",
                                                  "./",    "%2e",      "%2E",     "%41",   "?",       "#",     "=",      "&",    "@",  "\\",
                                                  " ",     "'",        "|",       "^",     "한",      "\xff",  "\t",     ";",    "x:y"};
  std::string address;
  for (size_t count = random() % 12; count > 0; --count) address += pieces[random() % pieces.size()];
  return address;
}

// What ordinary_url.h takes, the whole parser makes the same of: a tab in front of the text sends it there.
TEST(UrlTest, OrdinaryUrlsAreParsedAsAllOthers) {
  const std::vector<Url> bases = {Parsed("http://e.com/a/b/c?d#e"), Parsed("https://e.com:81/"), Parsed("http://u@e.com//x/?"), Parsed("file:///a/b"),
                                  Parsed("mailto:x")};
  std::mt19937 random(5);
  size_t ordinary = 0;
  for (int i = 0; i < 300'000; ++i) {
    const std::string address = (i % 3 == 0 ? "http://e.com/" : "") + RandomAddress(random);
    const Url& base = bases[random() % bases.size()];
    std::string href;
    UrlLayout layout;
    ordinary += ParseOrdinaryUrl(address, href, layout) ? 1 : 0;
    const Result<Url> fast = Url::Parse(address, &base);
    const Result<Url> slow = Url::Parse("\t" + address, &base);
    ASSERT_EQ(fast.ok(), slow.ok()) << address;
    if (!fast.ok()) continue;
    ASSERT_EQ(fast->href(), slow->href()) << address << " at " << base.href();
    ASSERT_EQ(fast->host(), slow->host()) << address;
    ASSERT_EQ(fast->pathname(), slow->pathname()) << address;
    ASSERT_EQ(fast->search(), slow->search()) << address;
    ASSERT_EQ(fast->hash(), slow->hash()) << address;
  }
  EXPECT_GT(ordinary, 10'000u);
}

}  // namespace
}  // namespace sakuin::crawler
