#include "text/html_regions.h"

#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "text/html_bytes.h"

namespace sakuin::text {
namespace {

using enum HtmlElement;

// Words in class and id of what stands around a text. Sorted.
constexpr std::array<std::string_view, 47> kWordsAround = {
    "ad",      "ads",       "advert",      "advertisement", "announcement", "banner",     "breadcrumb", "breadcrumbs", "byline",  "consent",
    "cookie",  "cookies",   "footer",      "footnav",       "gdpr",         "gnb",        "lnb",        "masthead",    "menu",    "menus",
    "modal",   "nav",       "navbar",      "navi",          "navigation",   "newsletter", "pager",      "pagination",  "popup",   "promo",
    "ranking", "recommend", "recommended", "related",       "share",        "sharing",    "sidebar",    "sidenav",     "sitenav", "skip",
    "social",  "sponsor",   "sponsored",   "subscribe",     "toolbar",      "topbar",     "widget"};
static_assert(std::ranges::is_sorted(kWordsAround));

// For each first letter the lengths of those words, as bits: nearly all words of class and id are told apart by these.
constexpr std::array<uint32_t, 26> kLengthsAround = [] {
  std::array<uint32_t, 26> lengths{};
  for (const std::string_view word : kWordsAround) lengths[static_cast<size_t>(word[0] - 'a')] |= uint32_t{1} << word.size();
  return lengths;
}();

// REQUIRES: letters in lower case, at least one and fewer than kLongestWord.
bool IsWordAround(std::string_view word) {
  const bool maybe = (kLengthsAround[static_cast<size_t>(word[0] - 'a')] >> word.size() & 1) != 0;
  return maybe && std::ranges::binary_search(kWordsAround, word);
}

constexpr std::array<std::string_view, 9> kRolesAround = {"alertdialog", "banner",  "complementary", "contentinfo", "dialog",
                                                          "menu",        "menubar", "navigation",    "search"};
static_assert(std::ranges::is_sorted(kRolesAround));

constexpr size_t kLookedAtBytes = 256;  // of class and id
constexpr size_t kLongestWord = 16;

bool IsWordByte(char c) { return IsHtml(c, kHtmlLetter); }

// One name of a class: "main-menu", "siteFooter", but not "has-sidebar" or "no-ads".
bool NameSaysAround(std::string_view name) {
  char word[kLongestWord];
  for (size_t at = 0; at < name.size();) {
    size_t length = 0;
    const size_t begin = at;
    while (at < name.size() && IsWordByte(name[at]) && (at == begin || !IsHtml(name[at], kHtmlUpper) || IsHtml(name[at - 1], kHtmlUpper))) {
      if (length < kLongestWord) word[length] = LowerAscii(name[at]);
      ++length;
      ++at;
    }
    if (length == 0) {
      ++at;
      continue;
    }
    const std::string_view found(word, std::min(length, kLongestWord));
    if (begin == 0 && (found == "has" || found == "no" || found == "with" || found == "without")) return false;
    if (length < kLongestWord && IsWordAround(found)) return true;
  }
  return false;
}

bool NamesSayAround(std::string_view names) {
  names = names.substr(0, kLookedAtBytes);
  while (!names.empty()) {
    const size_t end = FindHtmlSpace(names);
    if (NameSaysAround(names.substr(0, end))) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

uint8_t FlagIf(bool condition, HtmlRegion flag) { return condition ? static_cast<uint8_t>(flag) : uint8_t{0}; }

uint8_t ByElement(HtmlElement element, uint8_t around) {
  switch (element) {
    case kMain:
    case kArticle: return kRegionMain;
    case kNav:
    case kAside:
    case kFooter:
    case kDialog:
    case kSearch: return kRegionAround;
    case kHeader: return FlagIf((around & kRegionMain) == 0, kRegionAround);
    case kSelect:
    case kButton:
    case kNoscript: return kRegionDoubtful;
    case kHeading: return kRegionHeading;
    case kPre:
    case kTextarea: return kRegionVerbatim;
    case kTemplate: return kRegionInert;
    default: return 0;
  }
}

uint8_t ByRole(std::string_view role) {
  if (role == "main" || role == "article") return kRegionMain;
  return FlagIf(std::ranges::binary_search(kRolesAround, role), kRegionAround);
}

bool IsHidingStyle(std::string_view style) {
  size_t at = style.substr(0, kLookedAtBytes).find("display");
  if (at == std::string_view::npos) return false;
  at = style.find_first_not_of(" :", at + 7);
  return at != std::string_view::npos && style.substr(at).starts_with("none");
}

uint8_t ByAttributes(const HtmlToken& tag, HtmlElement element) {
  uint8_t flags = 0;
  const bool frame = element == kHtml || element == kBody || element == kMain || element == kArticle || element == kHeading;
  for (const HtmlAttribute& attribute : tag.attributes) {
    const std::string_view name = attribute.name;
    if (name == "class" || name == "id") {
      flags |= FlagIf(!frame && NamesSayAround(attribute.value), kRegionDoubtful);
    } else if (name == "role") {
      flags |= ByRole(attribute.value);
    } else if (name == "hidden") {
      flags |= FlagIf(attribute.value != "until-found", kRegionHidden);
    } else if (name == "aria-hidden") {
      flags |= FlagIf(attribute.value == "true", kRegionDoubtful);
    } else if (name == "aria-modal") {
      flags |= FlagIf(attribute.value == "true", kRegionAround);
    } else if (name == "style") {
      flags |= FlagIf(!frame && IsHidingStyle(attribute.value), kRegionHidden);
    }
  }
  return flags;
}

bool IsFollowed(const HtmlElementFacts& facts) {
  switch (facts.id) {
    case kTd:
    case kSelect:
    case kButton:
    case kNoscript:
    case kTemplate:
    case kTextarea: return true;
    default: return facts.block && facts.name != "hr";
  }
}

}  // namespace

void HtmlRegions::StartTag(const HtmlToken& tag, const HtmlElementFacts& facts) {
  if (!IsFollowed(facts)) return;
  while (!open_.empty() && beyond_ == 0 && (open_.back().facts->group & facts.closes) != 0) open_.pop_back();
  const uint8_t outer = flags();
  uint8_t inner = outer | ByElement(facts.id, outer);
  if (!tag.attributes.empty()) inner |= ByAttributes(tag, facts.id);
  // What is surely the text is not in doubt for a class around it.
  const bool enters_main = (inner & kRegionMain) != 0 && (outer & kRegionMain) == 0;
  if (enters_main) inner &= static_cast<uint8_t>(~kRegionDoubtful);
  Push(facts, inner);
}

void HtmlRegions::Push(const HtmlElementFacts& facts, uint8_t flags) {
  if (open_.size() < kMaxHtmlRegionDepth) {
    open_.push_back({&facts, flags});
  } else {
    ++beyond_;
  }
}

void HtmlRegions::EndTag(const HtmlElementFacts& facts) {
  if (!IsFollowed(facts)) return;
  if (beyond_ > 0) {
    --beyond_;
    return;
  }
  for (size_t depth = open_.size(); depth-- > 0;) {
    const HtmlElementFacts* const open = open_[depth].facts;
    const bool same = open == &facts || (open->id == kHeading && facts.id == kHeading);
    if (same) return CutAt(depth);
    if (facts.group != 0 && (open->name == "table" || open->name == "ul" || open->name == "ol") && (facts.group & kHtmlParagraph) == 0) return;
  }
}

void HtmlRegions::CutAt(size_t depth) { open_.resize(depth); }

}  // namespace sakuin::text
