#include "text/html_head.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/ascii.h"
#include "text/html_bytes.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

void SetOnce(std::string& fact, std::string_view value) {
  if (fact.empty()) fact = CutAtCharacter(TrimHtmlSpace(value), kMaxHtmlFactBytes);
}

void SetAddressOnce(std::string& fact, std::string_view value) {
  if (value.size() <= kMaxHtmlFactBytes) SetOnce(fact, value);
}

std::string_view ValueOf(const HtmlToken& tag, std::string_view attribute) {
  const HtmlAttribute* const found = tag.Find(attribute);
  return found == nullptr ? std::string_view() : found->value;
}

constexpr std::array<std::string_view, 3> kPublishedNames = {"article:published_time", "datepublished", "og:article:published_time"};
constexpr std::array<std::string_view, 13> kDateNames = {
    "citation_publication_date", "date",         "dc.date",        "dc.date.created",  "dc.date.issued",
    "dcterms.created",           "dcterms.date", "dcterms.issued", "parsely-pub-date", "pubdate",
    "publication_date",          "publishdate",  "sailthru.date"};
static_assert(std::ranges::is_sorted(kDateNames));

}  // namespace

std::string_view TrimHtmlSpace(std::string_view text) {
  while (!text.empty() && IsHtml(text.front(), kHtmlSpace)) text.remove_prefix(1);
  while (!text.empty() && IsHtml(text.back(), kHtmlSpace)) text.remove_suffix(1);
  return text;
}

bool HasHtmlName(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const size_t end = FindHtmlSpace(names);
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

std::optional<HtmlRefresh> ReadRefresh(std::string_view content) {
  content = TrimHtmlSpace(content);
  size_t at = 0;
  while (at < content.size() && (IsAsciiDigit(content[at]) || content[at] == '.')) ++at;
  if (at == 0 || at > 16) return std::nullopt;
  HtmlRefresh refresh{.seconds = std::strtod(std::string(content.substr(0, at)).c_str(), nullptr), .url = {}};
  std::string_view rest = TrimHtmlSpace(content.substr(at));
  if (rest.starts_with(';') || rest.starts_with(',')) rest = TrimHtmlSpace(rest.substr(1));
  if (LowerAscii(rest.substr(0, 3)) == "url") {
    const std::string_view behind = TrimHtmlSpace(rest.substr(3));
    if (behind.starts_with('=')) rest = TrimHtmlSpace(behind.substr(1));
  }
  if (rest.starts_with('"') || rest.starts_with('\'')) {
    const char quote = rest.front();
    rest = rest.substr(1, std::min(rest.find(quote, 1), rest.size()) - 1);
  }
  if (rest.size() <= kMaxHtmlFactBytes) refresh.url = rest;
  return refresh;
}

void HtmlHeadReader::Meta(const HtmlToken& tag) {
  const HtmlAttribute* const content = tag.Find("content");
  if (content == nullptr) return;
  constexpr size_t kLongestName = 64;
  for (const HtmlAttribute& attribute : tag.attributes) {
    const bool names = attribute.name == "name" || attribute.name == "property" || attribute.name == "itemprop";
    const bool equivalent = attribute.name == "http-equiv";
    if ((!names && !equivalent) || attribute.value.size() > kLongestName) continue;
    const std::string name = LowerAscii(TrimHtmlSpace(attribute.value));
    if (names) Named(name, content->value);
    if (equivalent) HttpEquiv(name, content->value);
  }
}

void HtmlHeadReader::Named(std::string_view name, std::string_view content) {
  if (name == "robots" || (!agent_.empty() && name == agent_)) {
    head_.robots |= DirectivesOfMeta(content);
    return;
  }
  if (name == "description") return SetOnce(head_.description, content);
  if (std::ranges::find(kPublishedNames, name) != kPublishedNames.end()) return SetOnce(head_.published, content);
  if (std::ranges::binary_search(kDateNames, name)) return SetOnce(head_.date, content);
  if (!name.starts_with("og:")) return;
  HtmlOpenGraph& graph = head_.open_graph;
  name.remove_prefix(3);
  if (name == "title") SetOnce(graph.title, content);
  if (name == "description") SetOnce(graph.description, content);
  if (name == "type") SetOnce(graph.type, content);
  if (name == "site_name") SetOnce(graph.site_name, content);
  if (name == "image") SetAddressOnce(graph.image, content);
  if (name == "url") SetAddressOnce(graph.url, content);
}

void HtmlHeadReader::HttpEquiv(std::string_view name, std::string_view content) {
  if (name == "content-language") SetOnce(head_.content_language, content.substr(0, content.find(',')));
  if (name == "refresh" && !head_.refresh.has_value()) head_.refresh = ReadRefresh(content);
}

void HtmlHeadReader::Base(const HtmlToken& tag) { SetAddressOnce(head_.base, ValueOf(tag, "href")); }
void HtmlHeadReader::Canonical(const HtmlToken& tag) { SetAddressOnce(head_.canonical, ValueOf(tag, "href")); }

}  // namespace sakuin::text
