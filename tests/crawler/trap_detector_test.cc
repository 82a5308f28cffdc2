#include "crawler/trap_detector.h"

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "crawler/url_normalizer.h"
#include "tests/crawler/url_cases.h"

namespace sakuin::crawler {
namespace {

using LinksOf = std::function<std::vector<std::string>(const Url& page)>;

// What was taken of a site, and what was refused.
struct Crawl {
  std::set<std::string> paths;
  std::map<UrlRefusal, size_t> refused;

  size_t CountOf(const std::string& prefix) const {
    size_t count = 0;
    for (const std::string& path : paths) count += path.starts_with(prefix) ? 1 : 0;
    return count;
  }
};

// Breadth first, as a crawl with one queue does it.
Crawl Walk(const std::string& start, size_t max_pages, const LinksOf& links_of) {
  struct Found {
    Url url;
    uint32_t depth;
  };
  TrapDetector traps;
  Crawl crawl;
  std::set<std::string> seen;
  std::deque<Found> queue = {{*Url::Parse("http://127.0.0.1:8080" + start), 0}};
  while (!queue.empty() && crawl.paths.size() < max_pages) {
    const Found page = queue.front();
    queue.pop_front();
    crawl.paths.insert(page.url.href().substr(page.url.Origin().size()));
    for (const std::string& link : links_of(page.url)) {
      const Result<Url> url = Url::Parse(link, &page.url);
      if (!url.ok() || url->host() != page.url.host()) continue;
      const Url normal = NormalizeUrl(*url);
      if (!seen.insert(normal.href()).second) continue;
      const UrlRefusal refusal = traps.Check(normal, &page.url, page.depth + 1);
      if (refusal == UrlRefusal::kNone) {
        queue.push_back({normal, page.depth + 1});
      } else {
        ++crawl.refused[refusal];
      }
    }
  }
  return crawl;
}

UrlRefusal CheckOne(TrapDetector& traps, const std::string& path_and_query, uint32_t depth = 1) {
  return traps.Check(*Url::Parse("http://e.com" + path_and_query), nullptr, depth);
}

// -1: it does not begin so.
int NumberBehind(std::string_view path, const std::string& prefix) {
  return path.starts_with(prefix) ? std::stoi(std::string(path.substr(prefix.size()))) : -1;
}

TEST(TrapDetectorTest, RepeatingPaths) {
  TrapDetector traps;
  EXPECT_EQ(CheckOne(traps, "/a/b/a/b/a/b"), UrlRefusal::kRepeatingPath);
  EXPECT_EQ(CheckOne(traps, "/x/css/css/css/y"), UrlRefusal::kRepeatingPath);
  EXPECT_EQ(CheckOne(traps, "/a/b/c/a/b/c/a/b/c/d"), UrlRefusal::kRepeatingPath);
  EXPECT_EQ(CheckOne(traps, "/2020/a/2020/a/2020/a"), UrlRefusal::kRepeatingPath);
  EXPECT_EQ(CheckOne(traps, "/a/b/a/b/a/c"), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/a/a/b/b/a/a"), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/2020/1/1/1/1"), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/images/0/0/0/0.html"), UrlRefusal::kNone);
}

TEST(TrapDetectorTest, TooManyParts) {
  TrapDetector traps;
  std::string path;
  std::string query = "?";
  for (int i = 0; i < 32; ++i) path += "/p" + std::to_string(i);
  EXPECT_EQ(CheckOne(traps, path), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, path + "/x"), UrlRefusal::kTooManyPathParts);
  for (int i = 0; i < 24; ++i) query += "k" + std::to_string(i) + "=1&";
  query.pop_back();
  EXPECT_EQ(CheckOne(traps, "/" + query), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/" + query + "&x"), UrlRefusal::kTooManyParameters);
}

TEST(TrapDetectorTest, PermutedParameters) {
  TrapDetector traps;
  EXPECT_EQ(CheckOne(traps, "/list?a=1&b=2&c=3"), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/list?c=3&a=1&b=2"), UrlRefusal::kPermutedParameters);
  EXPECT_EQ(CheckOne(traps, "/list?a=1&b=3&c=2"), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/other?c=3&a=1&b=2"), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/list?a=1&b=2"), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/list?a=1&a=1"), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/list?a=1&b=2&c=3"), UrlRefusal::kNone);
}

// What a server calls a page itself is its name from then on.
TEST(TrapDetectorTest, AServersOwnOrderOfParametersCounts) {
  TrapDetector traps;
  const auto url = [](const std::string& path_and_query) { return *Url::Parse("http://e.com" + path_and_query); };
  EXPECT_EQ(CheckOne(traps, "/p?b=2&a=1"), UrlRefusal::kNone);
  EXPECT_EQ(traps.CheckProperName(url("/p?a=1&b=2"), url("/p?b=2&a=1"), 1), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/p?a=1&b=2"), UrlRefusal::kNone);
  EXPECT_EQ(CheckOne(traps, "/p?b=2&a=1"), UrlRefusal::kPermutedParameters);
  EXPECT_EQ(traps.CheckProperName(url("/p?b=2&a=1"), url("/q?b=2&a=1"), 1), UrlRefusal::kPermutedParameters) << "another page's";
  EXPECT_EQ(traps.CheckProperName(url("/a/b/a/b/a/b?x=1&y=2"), url("/a/b/a/b/a/b?y=2&x=1"), 1), UrlRefusal::kRepeatingPath);
}

// Far from the seeds so many of a shape are taken, and one more for each that says something new, up to a bound.
TEST(TrapDetectorTest, NewTextLetsAShapeGoOn) {
  TrapLimits limits;
  limits.max_of_shape = 10;
  limits.chain_length = 10;
  limits.most_of_shape = 40;
  const auto taken = [&](const auto& text_of) {
    TrapDetector traps(limits);
    uint32_t n = 0;
    for (; n < 100 && CheckOne(traps, "/n/" + std::to_string(n), 21) == UrlRefusal::kNone; ++n) {
      traps.TakePage(*Url::Parse("http://e.com/n/" + std::to_string(n)), nullptr, 21, text_of(n));
    }
    return n;
  };
  EXPECT_EQ(taken([](uint32_t n) { return "Month " + std::to_string(n) + " of " + std::to_string(2000 + n); }), 11U) << "numbers are no news";
  EXPECT_EQ(taken([](uint32_t n) { return "tells of x" + std::to_string(n); }), 40U);
}

// As many parameter sets as there are, and those of long ago may come again: memory does not grow.
TEST(TrapDetectorTest, OrdersAreForgottenNotConfused) {
  TrapDetector traps;
  for (int i = 0; i < 300'000; ++i) ASSERT_EQ(CheckOne(traps, "/list?a=" + std::to_string(i) + "&b=2"), UrlRefusal::kNone);
}

// Every month leads to the next, and to a page that is not there.
std::vector<std::string> CalendarLinks(const Url& page) {
  const std::string path(page.pathname());
  if (path == "/") return {"/calendar/2020/1"};
  if (std::count(path.begin(), path.end(), '/') != 3) return {};
  const size_t slash = path.rfind('/');
  const int year = std::stoi(path.substr(10, slash - 10));
  const int month = std::stoi(path.substr(slash + 1));
  const std::string m = std::to_string(month);
  return {"/calendar/" + std::to_string(year + month / 12) + "/" + std::to_string(month % 12 + 1), path + "/" + m + "/" + m};
}

TEST(TrapDetectorTest, AnEndlessCalendarEnds) {
  const Crawl crawl = Walk("/", 10'000, CalendarLinks);
  EXPECT_LE(crawl.CountOf("/calendar/"), 250u);
  EXPECT_GE(crawl.CountOf("/calendar/"), 100u);
  EXPECT_EQ(crawl.refused.size(), 1u);
  EXPECT_GE(crawl.refused.at(UrlRefusal::kEndlessChain), 1u);
}

TEST(TrapDetectorTest, AnEndlessCalendarOfParametersEnds) {
  const Crawl crawl = Walk("/c?month=1", 10'000, [](const Url& page) {
    const int month = NumberBehind(page.search(), "?month=");
    return std::vector<std::string>{"?month=" + std::to_string(month + 1), "?month=" + std::to_string(month - 1)};
  });
  EXPECT_LE(crawl.paths.size(), 250u);
}

// Also one whose pages link to the years around: it has many pages on each level.
TEST(TrapDetectorTest, ABranchingCalendarEnds) {
  const Crawl crawl = Walk("/m/0", 100'000, [](const Url& page) {
    const int month = NumberBehind(page.pathname(), "/m/");
    std::vector<std::string> links;
    for (const int step : {1, 12, 120}) links.push_back("/m/" + std::to_string(month + step));
    return links;
  });
  EXPECT_LE(crawl.paths.size(), 5000u);
}

// Pages that link to many of their like are all near the start.
TEST(TrapDetectorTest, NumberedPagesAreNoTrap) {
  const Crawl pages = Walk("/page/0", 10'000, [](const Url& page) {
    const int n = NumberBehind(page.pathname(), "/page/");
    return std::vector<std::string>{"/page/" + std::to_string((n * 3 + 1) % 120), "/page/" + std::to_string((n + 1) % 120) + "#frag"};
  });
  EXPECT_EQ(pages.CountOf("/page/"), 120u);
  const Crawl numbers = Walk("/n/0", 10'000, [](const Url& page) {
    const int n = NumberBehind(page.pathname(), "/n/");
    std::vector<std::string> links;
    for (int k = 1; k < 25; ++k) links.push_back("/n/" + std::to_string((n * 7 + k) % 1500));
    return links;
  });
  EXPECT_EQ(numbers.CountOf("/n/"), 1500u);
}

// "Older articles", 1,500 times, each page with ten articles: every list leads to something new.
TEST(TrapDetectorTest, AListOfArticlesMayBeLong) {
  const auto letters = [](int n) {
    std::string word = "about-";
    for (; n > 0; n /= 26) word += static_cast<char>('a' + n % 26);
    return word;
  };
  const Crawl crawl = Walk("/page/0", 100'000, [&](const Url& page) {
    const int n = NumberBehind(page.pathname(), "/page/");
    std::vector<std::string> links;
    if (n >= 0 && n < 1499) links.push_back("/page/" + std::to_string(n + 1));
    for (int i = 0; n >= 0 && i < 10; ++i) links.push_back("/2020/05/" + letters(1000 + n * 10 + i));
    return links;
  });
  EXPECT_EQ(crawl.CountOf("/page/"), 1500u);
  EXPECT_EQ(crawl.CountOf("/2020/"), 15'000u);
  EXPECT_TRUE(crawl.refused.empty());
}

TEST(TrapDetectorTest, ShapesOfManyHostsAreForgotten) {
  TrapDetector traps;
  for (int i = 0; i < 200'000; ++i) {
    const Result<Url> url = Url::Parse("http://h" + std::to_string(i) + ".com/c/" + std::to_string(i));
    ASSERT_EQ(traps.Check(*url, nullptr, 1000), UrlRefusal::kNone);
  }
}

// The links and frames of a file, roughly: whatever stands in href="..." and src="...".
std::vector<std::string> LinksIn(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  std::vector<std::string> hrefs;
  std::string lower = bytes;
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  for (const std::string attribute : {"href=\"", "src=\""}) {
    for (size_t at = lower.find(attribute); at != std::string::npos; at = lower.find(attribute, at)) {
      at += attribute.size();
      hrefs.push_back(bytes.substr(at, bytes.find('"', at) - at));
    }
  }
  return hrefs;
}

TEST(TrapDetectorTest, ARealSiteIsTakenWhole) {
  const auto folder = CrawlerData("site/cassandra-javadoc");
  SKIP_WITHOUT_DATA(folder / "index.html");
  const Crawl crawl = Walk("/index.html", 100'000, [&](const Url& page) { return LinksIn(folder / page.pathname().substr(1)); });
  EXPECT_TRUE(crawl.refused.empty());
  size_t pages = 0;
  size_t taken = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".html") continue;
    ++pages;
    taken += crawl.paths.count("/" + std::filesystem::relative(entry.path(), folder).string());
  }
  EXPECT_GE(pages, 3000u);
  EXPECT_EQ(taken, pages);
}

}  // namespace
}  // namespace sakuin::crawler
