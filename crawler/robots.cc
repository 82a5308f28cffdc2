// The pattern of a rule is cut at its '*' into pieces that must stand in the path
// in this order, the first at its start and with '$' the last at its end. To take
// each piece where it comes first is never wrong, so that nothing is tried twice.

#include "crawler/robots.h"

#include <string.h>  // memmem

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/ascii.h"

namespace sakuin::crawler {
namespace {

constexpr std::string_view kBlanks = " \t\v\f";

bool IsAlpha(char c) { return LowerAscii(c) >= 'a' && LowerAscii(c) <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUnreserved(char c) { return IsAlpha(c) || IsDigit(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  const char low = LowerAscii(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

void AppendEscaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const unsigned byte = static_cast<unsigned char>(c);
  out += '%';
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

// The byte that an escape at `at` stands for; -1 where there is none.
int EscapedByte(std::string_view text, size_t at) {
  if (text[at] != '%' || at + 2 >= text.size()) return -1;
  const int high = HexValue(text[at + 1]);
  const int low = HexValue(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// Appends `text` so that two spellings of the same path are the same bytes. Of a pattern, '*' keeps its meaning.
void AppendNormalized(std::string& out, std::string_view text, bool is_pattern) {
  constexpr std::string_view kDecodedInQuery = ":/?@";
  bool in_query = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const int escaped = EscapedByte(text, at);
    const char c = escaped < 0 ? text[at] : static_cast<char>(escaped);
    if (escaped >= 0) {
      at += 2;
      const bool decoded = IsUnreserved(c) || (in_query && kDecodedInQuery.find(c) != std::string_view::npos);
      decoded ? out.push_back(c) : AppendEscaped(out, c);
      continue;
    }
    in_query |= c == '?';
    const bool special = (c == '*' && !is_pattern) || c == '$';
    const bool foreign = static_cast<unsigned char>(c) >= 0x7F || c <= ' ' || std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos;
    special || foreign ? AppendEscaped(out, c) : out.push_back(c);
  }
}

// Google's: upper-case digits in escapes, escapes for bytes that are not ASCII.
void AppendEscapedPattern(std::string& out, std::string_view pattern) {
  for (size_t at = 0; at < pattern.size(); ++at) {
    const int escaped = EscapedByte(pattern, at);
    if (escaped >= 0) {
      AppendEscaped(out, static_cast<char>(escaped));
      at += 2;
    } else if (static_cast<unsigned char>(pattern[at]) >= 0x80) {
      AppendEscaped(out, pattern[at]);
    } else {
      out += pattern[at];
    }
  }
}

enum class Directive { kUserAgent, kAllow, kDisallow, kCrawlDelay, kSitemap, kUnknown };

// The beginning of a key is enough, and these misspellings are taken.
Directive DirectiveOf(std::string_view key) {
  struct Spelling {
    std::string_view key;
    Directive directive;
  };
  constexpr std::array<Spelling, 15> kSpellings = {{{"user-agent", Directive::kUserAgent},
                                                    {"useragent", Directive::kUserAgent},
                                                    {"user agent", Directive::kUserAgent},
                                                    {"allow", Directive::kAllow},
                                                    {"disallow", Directive::kDisallow},
                                                    {"dissallow", Directive::kDisallow},
                                                    {"dissalow", Directive::kDisallow},
                                                    {"disalow", Directive::kDisallow},
                                                    {"diasllow", Directive::kDisallow},
                                                    {"disallaw", Directive::kDisallow},
                                                    {"sitemap", Directive::kSitemap},
                                                    {"site-map", Directive::kSitemap},
                                                    {"crawl-delay", Directive::kCrawlDelay},
                                                    {"crawldelay", Directive::kCrawlDelay},
                                                    {"crawl delay", Directive::kCrawlDelay}}};
  for (const Spelling& spelling : kSpellings) {
    if (StartsWithIgnoringCase(key, spelling.key)) return spelling.directive;
  }
  return Directive::kUnknown;
}

struct KeyValue {
  std::string_view key;
  std::string_view value;
};

// Without a colon, blanks part the two where there are exactly two words.
KeyValue SplitLine(std::string_view line) {
  line = Trim(line.substr(0, std::min(line.find('#'), line.find('\0'))), kBlanks);
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos) return {Trim(line.substr(0, colon), kBlanks), Trim(line.substr(colon + 1), kBlanks)};
  const size_t blank = line.find_first_of(kBlanks);
  if (blank == std::string_view::npos) return {};
  const std::string_view value = Trim(line.substr(blank), kBlanks);
  if (value.find_first_of(kBlanks) != std::string_view::npos) return {};
  return {line.substr(0, blank), value};
}

// "sakuin" of "Sakuin/1.0 (see ...)", in lower case; "*" of "*" and "* anything".
std::string AgentOf(std::string_view value) {
  if (value.starts_with('*') && (value.size() == 1 || kBlanks.find(value[1]) != std::string_view::npos)) return "*";
  const auto end = std::find_if_not(value.begin(), value.end(), [](char c) { return IsAlpha(c) || c == '-' || c == '_'; });
  return LowerAscii(value.substr(0, static_cast<size_t>(end - value.begin())));
}

std::optional<double> DelayOf(std::string_view value) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error != std::errc() || !std::isfinite(seconds) || seconds < 0) return std::nullopt;
  return seconds;
}

// The first whole lines of what is too long; else all of it.
std::string_view WithinLimit(std::string_view text) {
  if (text.size() <= kMaxRobotsBytes) return text;
  const size_t end = text.find_last_of("\r\n", kMaxRobotsBytes - 1);
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

// A byte order mark, or what is left of one.
std::string_view WithoutMark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  const auto differs = std::mismatch(text.begin(), text.end(), kMark.begin(), kMark.end()).first;
  return text.substr(static_cast<size_t>(differs - text.begin()));
}

}  // namespace

class RobotsRules::Parser {
 public:
  Parser(RobotsEncoding encoding, RobotsRules& rules) : rules_(rules) { rules_.encoding_ = encoding; }

  void Run(std::string_view text) {
    text = WithoutMark(WithinLimit(text));
    while (!text.empty()) {
      const size_t end = std::min(text.find_first_of("\r\n"), text.size());
      AddLine(text.substr(0, std::min(end, kMaxRobotsLineBytes)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    for (Group& group : rules_.groups_) {
      std::stable_sort(group.rules.begin(), group.rules.end(),
                       [](const Rule& a, const Rule& b) { return a.Weight() != b.Weight() ? a.Weight() > b.Weight() : a.allow && !b.allow; });
      group.rules.shrink_to_fit();
    }
  }

 private:
  void AddLine(std::string_view line) {
    const auto [key, value] = SplitLine(line);
    if (key.empty()) return;
    switch (DirectiveOf(key)) {
      case Directive::kUserAgent: return AddAgent(value);
      case Directive::kAllow: return AddAllow(value);
      case Directive::kDisallow: return AddRule(value, false);
      case Directive::kCrawlDelay: return AddDelay(value);
      case Directive::kSitemap:
        if (!value.empty()) rules_.sitemaps_.emplace_back(value);
        return;
      case Directive::kUnknown: return;
    }
  }

  // Agents follow each other; the first one behind a rule begins a group. Other lines end none.
  void AddAgent(std::string_view value) {
    if (rules_.groups_.empty() || has_rules_) {
      rules_.groups_.emplace_back();
      has_rules_ = false;
    }
    const uint32_t group = static_cast<uint32_t>(rules_.groups_.size() - 1);
    const std::string agent = AgentOf(value);
    if (agent.empty()) return;
    GroupList& list = rules_.agents_[agent];
    if (list.empty() || list.back() != group) list.push_back(group);
  }

  // A page that is called index is what its folder gives too.
  void AddAllow(std::string_view value) {
    AddRule(value, true);
    const size_t slash = value.rfind('/');
    if (slash == std::string_view::npos || !value.substr(slash).starts_with("/index.htm")) return;
    AddRule(std::string(value.substr(0, slash + 1)) + "$", true);
  }

  void AddRule(std::string_view pattern, bool allow) {
    if (rules_.groups_.empty()) return;
    has_rules_ = true;
    if (pattern.empty()) return;
    Rule rule;
    rule.allow = allow;
    rule.to_the_end = pattern.ends_with('$');
    if (rule.to_the_end) pattern.remove_suffix(1);
    rule.begin = static_cast<uint32_t>(rules_.patterns_.size());
    if (rules_.encoding_ == RobotsEncoding::kNormalized) {
      AppendNormalized(rules_.patterns_, pattern, true);
    } else {
      AppendEscapedPattern(rules_.patterns_, pattern);
    }
    rule.size = static_cast<uint32_t>(rules_.patterns_.size() - rule.begin);
    rules_.groups_.back().rules.push_back(rule);
  }

  void AddDelay(std::string_view value) {
    const std::optional<double> delay = DelayOf(value);
    if (rules_.groups_.empty() || !delay.has_value()) return;
    std::optional<double>& kept = rules_.groups_.back().delay;
    kept = std::max(kept.value_or(0), *delay);
  }

  RobotsRules& rules_;
  bool has_rules_ = false;  // of the last group
};

RobotsRules RobotsRules::Parse(std::string_view text, RobotsEncoding encoding) {
  RobotsRules rules;
  Parser(encoding, rules).Run(text);
  return rules;
}

bool RobotsRules::Allows(std::string_view agent_token, std::string_view path_and_query) const {
  const std::string_view path = path_and_query.empty() ? "/" : path_and_query.substr(0, path_and_query.find('#'));
  const GroupList* groups = GroupsOf(agent_token);
  if (groups == nullptr || path == "/robots.txt") return true;
  std::string normalized;
  if (encoding_ == RobotsEncoding::kNormalized) AppendNormalized(normalized, path, false);
  const std::string_view compared = encoding_ == RobotsEncoding::kNormalized ? normalized : path;
  uint32_t weight = 0;
  bool allowed = true;
  for (const uint32_t group : *groups) {
    const Rule* rule = HeaviestMatch(groups_[group], compared);
    if (rule == nullptr || rule->Weight() < weight) continue;
    allowed = rule->allow || (allowed && rule->Weight() == weight);
    weight = rule->Weight();
  }
  return allowed;
}

std::optional<double> RobotsRules::CrawlDelay(std::string_view agent_token) const {
  std::optional<double> delay;
  const GroupList* groups = GroupsOf(agent_token);
  if (groups == nullptr) return delay;
  for (const uint32_t group : *groups) delay = std::max(delay, groups_[group].delay);
  return delay;
}

size_t RobotsRules::MemoryBytes() const {
  size_t bytes = sizeof(*this) + patterns_.capacity() + groups_.capacity() * sizeof(Group);
  for (const Group& group : groups_) bytes += group.rules.capacity() * sizeof(Rule);
  for (const auto& [agent, groups] : agents_) bytes += 80 + agent.capacity() + groups.capacity() * sizeof(uint32_t);
  for (const std::string& sitemap : sitemaps_) bytes += sizeof(std::string) + sitemap.capacity();
  return bytes;
}

const RobotsRules::GroupList* RobotsRules::GroupsOf(std::string_view agent_token) const {
  const auto own = agents_.find(LowerAscii(agent_token));
  if (own != agents_.end()) return &own->second;
  const auto any = agents_.find("*");
  return any != agents_.end() ? &any->second : nullptr;
}

const RobotsRules::Rule* RobotsRules::HeaviestMatch(const Group& group, std::string_view path) const {
  for (const Rule& rule : group.rules) {
    if (Matches(rule, path)) return &rule;
  }
  return nullptr;
}

bool RobotsRules::Matches(const Rule& rule, std::string_view path) const {
  std::string_view pattern = std::string_view(patterns_).substr(rule.begin, rule.size);
  size_t star = pattern.find('*');
  if (!path.starts_with(pattern.substr(0, star))) return false;
  if (star == std::string_view::npos) return !rule.to_the_end || path.size() == pattern.size();
  path.remove_prefix(star);
  for (;;) {
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
    const std::string_view piece = pattern.substr(0, star);
    if (star == std::string_view::npos && rule.to_the_end) return path.ends_with(piece);
    const void* found = piece.empty() ? path.data() : memmem(path.data(), path.size(), piece.data(), piece.size());
    if (found == nullptr) return false;
    if (star == std::string_view::npos) return true;
    path.remove_prefix(static_cast<size_t>(static_cast<const char*>(found) - path.data()) + piece.size());
  }
}

}  // namespace sakuin::crawler
