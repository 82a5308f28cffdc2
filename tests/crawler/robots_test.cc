#include "crawler/robots.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/crawler/naive_robots_match.h"

namespace sakuin::crawler {
namespace {

bool Allows(std::string_view text, std::string_view path, std::string_view agent = "sakuin") { return RobotsRules::Parse(text).Allows(agent, path); }

TEST(RobotsTest, ExampleOfTheHeader) {
  const RobotsRules rules =
      RobotsRules::Parse("User-agent: *\nDisallow: /private\nAllow: /private/*.html$\nCrawl-delay: 2\nSitemap: https://example.com/sitemap.xml\n");
  EXPECT_TRUE(rules.Allows("sakuin", "/private/a.html"));
  EXPECT_FALSE(rules.Allows("sakuin", "/private/a.pdf"));
  EXPECT_TRUE(rules.Allows("sakuin", "/public"));
  EXPECT_EQ(rules.CrawlDelay("sakuin"), 2.0);
  EXPECT_EQ(rules.sitemaps(), std::vector<std::string>{"https://example.com/sitemap.xml"});
}

TEST(RobotsTest, NothingIsForbiddenByNothing) {
  EXPECT_TRUE(RobotsRules().Allows("sakuin", "/a"));
  EXPECT_TRUE(Allows("", "/a"));
  EXPECT_TRUE(Allows("User-agent: *\nDisallow:\n", "/a"));
  EXPECT_TRUE(Allows("Disallow: /\n", "/a")) << "a rule before any agent is of nobody";
  EXPECT_TRUE(Allows("<!doctype html><title>Not found</title><p>user: agent *</p>\n", "/a"));
  EXPECT_FALSE(RobotsRules().CrawlDelay("sakuin").has_value());
}

TEST(RobotsTest, RobotsTxtItselfIsAlwaysAllowed) {
  EXPECT_TRUE(Allows("User-agent: *\nDisallow: /\n", "/robots.txt"));
  EXPECT_FALSE(Allows("User-agent: *\nDisallow: /\n", "/robots.txt.old"));
  EXPECT_FALSE(Allows("User-agent: *\nDisallow: /\n", ""));
}

TEST(RobotsTest, EveryEndOfLine) {
  for (const std::string_view end : {"\n", "\r\n", "\r", "\n\n", "\r\r\n"}) {
    std::string text = "\xEF\xBB\xBFUser-agent: *";
    text += end;
    text += "Disallow: /a";
    EXPECT_FALSE(Allows(text, "/a"));
    EXPECT_TRUE(Allows(text, "/b"));
  }
  EXPECT_FALSE(Allows("\xEF\xBBUser-agent: *\nDisallow: /a", "/a")) << "what is left of a byte order mark";
}

TEST(RobotsTest, Misspellings) {
  for (const char* key : {"disallow", "DISALLOW", "Dissallow", "dissalow", "disalow", "diasllow", "disallaw", "Disallowed"}) {
    EXPECT_FALSE(Allows(std::string("user-agent: *\n") + key + ": /\n", "/a")) << key;
  }
  for (const char* key : {"user-agent", "useragent", "User Agent", "  USER-AGENT  ", "User-agents"}) {
    EXPECT_FALSE(Allows(std::string(key) + ": *\ndisallow: /\n", "/a")) << key;
  }
  EXPECT_FALSE(Allows("user-agent *\ndisallow\t /\n", "/a")) << "no colon";
  EXPECT_TRUE(Allows("user-agent *\ndisallow / all\n", "/a")) << "no colon, three words";
  EXPECT_TRUE(Allows("user-agent: *\nallowance: /x\nnoindex: /\n", "/a"));
  EXPECT_TRUE(Allows("user-agent: *\n: /\n#disallow: /\n", "/a"));
  EXPECT_FALSE(Allows("user-agent: * # all\ndisallow: /a#b\n", "/ab"));
}

TEST(RobotsTest, Groups) {
  constexpr std::string_view kText =
      "User-agent: one\nUser-agent: TWO/3.1 (two)\nDisallow: /shared\n\nUser-agent: *\nDisallow: /all\n\nUser-agent: one\nDisallow: /b\n";
  EXPECT_FALSE(Allows(kText, "/shared", "One"));
  EXPECT_FALSE(Allows(kText, "/b", "one")) << "groups of one agent are one group";
  EXPECT_TRUE(Allows(kText, "/all", "one")) << "'*' is for those who are not named";
  EXPECT_FALSE(Allows(kText, "/shared", "two"));
  EXPECT_TRUE(Allows(kText, "/b", "two"));
  EXPECT_FALSE(Allows(kText, "/all", "three"));
  EXPECT_TRUE(Allows(kText, "/shared", "three"));
  EXPECT_FALSE(Allows(kText, "/all", "tw")) << "a beginning of a name is not the name";
}

TEST(RobotsTest, NamedWithoutRulesIsFree) {
  EXPECT_TRUE(Allows("User-agent: *\nDisallow: /\nUser-agent: sakuin\nDisallow:\n", "/a"));
  EXPECT_TRUE(Allows("User-agent: *\nDisallow: /\nUser-agent: sakuin\n", "/a"));
}

TEST(RobotsTest, OtherLinesEndNoGroup) {
  constexpr std::string_view kText = "User-agent: a\nCrawl-delay: 7\nSitemap: /s\nClean-param: x\nUser-agent: b\nDisallow: /\n";
  for (const char* agent : {"a", "b"}) {
    EXPECT_FALSE(Allows(kText, "/", agent));
    EXPECT_EQ(RobotsRules::Parse(kText).CrawlDelay(agent), 7.0);
  }
}

TEST(RobotsTest, LongestMatch) {
  EXPECT_TRUE(Allows("User-agent: *\nDisallow: /p\nAllow: /p\n", "/p"));
  EXPECT_TRUE(Allows("User-agent: *\nAllow: /p\nUser-agent: x\nDisallow: /\nUser-agent: *\nDisallow: /p\n", "/p")) << "also from two groups";
  EXPECT_TRUE(Allows("User-agent: *\nDisallow: /p\nUser-agent: x\nDisallow: /\nUser-agent: *\nAllow: /p\n", "/p"));
  EXPECT_FALSE(Allows("User-agent: *\nAllow: /p\nDisallow: /*.htm\n", "/page.htm"));
  EXPECT_FALSE(Allows("User-agent: *\nAllow: /folder\nDisallow: /folder$\n", "/folder")) << "'$' counts";
}

TEST(RobotsTest, AnIndexIsItsFolder) {
  EXPECT_TRUE(Allows("User-agent: *\nDisallow: /\nAllow: /a/index.html\n", "/a/"));
  EXPECT_FALSE(Allows("User-agent: *\nDisallow: /\nAllow: /a/index.html\n", "/a/b"));
  EXPECT_TRUE(Allows("User-agent: *\nDisallow: /a/index.html\n", "/a/")) << "only what is allowed";
}

TEST(RobotsTest, EncodingsAsInTheTableOfTheRfc) {
  struct Row {
    const char* pattern;
    const char* path;
  };
  const std::vector<Row> rows = {{"/foo/bar?baz=quz", "/foo/bar?baz=quz"},
                                 {"/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar"},
                                 {"/foo/bar/\xE3\x83\x84", "/foo/bar/%E3%83%84"},
                                 {"/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84"},
                                 {"/foo/bar/%62%61%7A", "/foo/bar/baz"},
                                 {"/path/file-with-a-%2A.html", "/path/file-with-a-*.html"},
                                 {"/path/foo-%24", "/path/foo-$"},
                                 {"/a$b", "/a$b"},
                                 {"/a|b", "/a%7Cb"},
                                 {"/100%", "/100%"}};
  for (const Row& row : rows) {
    const std::string text = std::string("User-agent: *\nDisallow: ") + row.pattern + "\n";
    EXPECT_FALSE(Allows(text, row.path)) << row.pattern << " " << row.path;
    EXPECT_FALSE(Allows(text, std::string(row.path) + "#fragment")) << row.pattern;
  }
  EXPECT_TRUE(Allows("User-agent: *\nDisallow: /a/b\n", "/a%2Fb")) << "an escaped slash of the path is another path";
  EXPECT_TRUE(Allows("User-agent: *\nDisallow: /%2A\n", "/anything"));
}

TEST(RobotsTest, CrawlDelays) {
  const auto delay = [](const std::string& value) { return RobotsRules::Parse("User-agent: *\nCrawl-delay: " + value).CrawlDelay("sakuin"); };
  EXPECT_EQ(delay("0"), 0.0);
  EXPECT_EQ(delay("1.5"), 1.5);
  EXPECT_EQ(delay("10 # seconds"), 10.0);
  for (const char* wrong : {"", "x", "-1", "inf", "nan", "1e999"}) EXPECT_FALSE(delay(wrong).has_value()) << wrong;
  EXPECT_EQ(RobotsRules::Parse("User-agent: *\nCrawl-delay: 1\nCrawl-delay: 5\nCrawl-delay: 2\n").CrawlDelay("a"), 5.0);
}

TEST(RobotsTest, OnlySoMuchIsRead) {
  std::string text = "User-agent: *\nDisallow: /first\n";
  while (text.size() < kMaxRobotsBytes - 12) text += "# filler\n";
  text.resize(kMaxRobotsBytes - 12, '#');
  text += "\nDisallow: /cut-short\nDisallow: /late\n";
  EXPECT_FALSE(Allows(text, "/first"));
  EXPECT_TRUE(Allows(text, "/cu")) << "a line that is cut is none";
  EXPECT_TRUE(Allows(text, "/late"));
  EXPECT_TRUE(Allows("User-agent: *" + std::string(kMaxRobotsBytes, ' ') + "\nDisallow: /", "/"));
}

TEST(RobotsTest, LongLinesAreCut) {
  const std::string key = "disallow: ";
  const std::string kept = "/" + std::string(kMaxRobotsLineBytes - key.size() - 1, 'a');
  const std::string text = "user-agent: *\n" + key + kept + "b\ndisallow: /next\n";
  EXPECT_FALSE(Allows(text, kept + "c"));
  EXPECT_TRUE(Allows(text, kept.substr(1)));
  EXPECT_FALSE(Allows(text, "/next"));
}

// As many '*' as fit: trying every place for each would take longer than this test may.
TEST(RobotsTest, ManyStarsDoNotBlowUp) {
  std::string pattern = "/";
  for (int i = 0; i < 8000; ++i) pattern += "*a";
  const RobotsRules rules = RobotsRules::Parse("User-agent: *\nDisallow: " + pattern + "b$\nDisallow: /" + std::string(200, '*') + "c\n");
  EXPECT_TRUE(rules.Allows("sakuin", "/" + std::string(100000, 'a')));
  EXPECT_FALSE(rules.Allows("sakuin", "/" + std::string(100000, 'a') + "b"));
  EXPECT_FALSE(rules.Allows("sakuin", "/" + std::string(100000, 'a') + "cd"));
}

TEST(RobotsTest, MatchesAsTheNaiveMatcherDoes) {
  std::mt19937 random(20241121);
  const auto word = [&](std::string_view letters, size_t longest) {
    std::string out = "/";
    for (size_t size = random() % longest; size > 0; --size) out += letters[random() % letters.size()];
    return out;
  };
  size_t matched = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string pattern = word("ab**/", 8) + (random() % 3 == 0 ? "$" : "");
    const std::string path = word("ab/", 12);
    const bool matches = NaiveRobotsMatch(pattern, path);
    matched += matches ? 1 : 0;
    ASSERT_EQ(Allows("User-agent: *\nDisallow: " + pattern, path), !matches) << pattern << " " << path;
  }
  EXPECT_GT(matched, 1000u);
  EXPECT_LT(matched, 19000u);
}

TEST(RobotsTest, MemoryIsOfTheOrderOfTheText) {
  std::string text;
  for (int i = 0; text.size() < kMaxRobotsBytes - 64; ++i) {
    text += "User-agent: a";
    text += static_cast<char>('a' + i % 26);
    text += "\nDisallow: /\n";
  }
  EXPECT_LT(RobotsRules::Parse(text).MemoryBytes(), 4 * kMaxRobotsBytes);
}

}  // namespace
}  // namespace sakuin::crawler
