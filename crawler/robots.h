// robots.h: what a site's robots.txt lets a crawler fetch (RFC 9309).
//
//   const RobotsRules rules = RobotsRules::Parse(
//       "User-agent: *\n"
//       "Disallow: /private\n"
//       "Allow: /private/*.html$\n"
//       "Crawl-delay: 2\n"
//       "Sitemap: https://example.com/sitemap.xml\n");
//   rules.Allows("sakuin", "/private/a.html")   // true: the longest pattern that matches decides, at equal length Allow
//   rules.Allows("sakuin", "/private/a.pdf")    // false
//   rules.CrawlDelay("sakuin")                  // 2
//
// Reading is as tolerant as Google's open parser is: a byte order mark, any ends
// of lines, comments, a missing colon, common misspellings ("disalow"), lines cut
// at kMaxRobotsLineBytes; HTML and other garbage are no rules. Groups that name the
// same agent are one; "*" counts only where no group names the agent. Only the
// first kMaxRobotsBytes are read, to the last whole line of them.
//
// Parsing is linear. Asking costs, for each rule of the agent, at most the bytes
// of the pattern and of the path, however many '*' there are. Immutable after
// Parse: thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sakuin::crawler {

inline constexpr size_t kMaxRobotsBytes = 500 << 10;
inline constexpr size_t kMaxRobotsLineBytes = 2083 * 8 - 1;  // the rest of a longer line is left out

// How patterns and paths are compared.
enum class RobotsEncoding {
  // As RFC 9309, 2.2.2: %62 is b, a byte that is not ASCII is its %XX, hexadecimal digits in any case, "%2A" is a '*' of the
  // path. Behind a '?', also %3A, %2F, %3F and %40 are what they stand for, as in the table there.
  kNormalized,
  // As Google's parser: only patterns are escaped, paths are taken as they are. For comparing with it.
  kPatternsOnly,
};

class RobotsRules {
 public:
  // Allows everything.
  RobotsRules() = default;

  static RobotsRules Parse(std::string_view text, RobotsEncoding encoding = RobotsEncoding::kNormalized);

  // `agent_token` is the product token alone ("sakuin", not "sakuin/1.0"), in any case. `path_and_query` is what follows the
  // host of a URL, in its serialized form; nothing is "/", and a fragment is left out. "/robots.txt" is always allowed.
  bool Allows(std::string_view agent_token, std::string_view path_and_query) const;

  // Seconds; the longest one where the agent's groups have several. Not of the RFC, but what many sites ask for.
  std::optional<double> CrawlDelay(std::string_view agent_token) const;

  // As they stand there, in order; they belong to no agent.
  const std::vector<std::string>& sitemaps() const { return sitemaps_; }

  // About how much memory this holds.
  size_t MemoryBytes() const;

 private:
  class Parser;

  struct Rule {
    uint32_t begin = 0;  // of its pattern in patterns_
    uint32_t size = 0;
    bool allow = false;
    bool to_the_end = false;  // the pattern had a '$'
    uint32_t Weight() const { return size + (to_the_end ? 1 : 0); }
  };
  struct Group {
    std::vector<Rule> rules;  // heaviest first, at equal weight Allow first
    std::optional<double> delay;
  };
  using GroupList = std::vector<uint32_t>;

  const GroupList* GroupsOf(std::string_view agent_token) const;
  const Rule* HeaviestMatch(const Group& group, std::string_view path) const;
  bool Matches(const Rule& rule, std::string_view path) const;

  RobotsEncoding encoding_ = RobotsEncoding::kNormalized;
  std::string patterns_;
  std::vector<Group> groups_;
  std::map<std::string, GroupList, std::less<>> agents_;  // in lower case; "*"
  std::vector<std::string> sitemaps_;
};

}  // namespace sakuin::crawler
