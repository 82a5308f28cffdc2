#include "text/html_elements.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <iterator>

namespace sakuin::text {
namespace {

using enum HtmlElement;

constexpr uint8_t kInRow = kHtmlParagraph | kHtmlCell;
constexpr uint8_t kInGroup = kInRow | kHtmlRow;
constexpr uint8_t kInTable = kInGroup | kHtmlRowGroup;

constexpr HtmlElementFacts Block(std::string_view name, HtmlElement id = kBlock) { return {name, id, true, false, 0, kHtmlParagraph}; }
constexpr HtmlElementFacts Closing(std::string_view name, HtmlElement id, bool block, uint8_t group, uint8_t closes) {
  return {name, id, block, !block, group, closes};
}

constexpr HtmlElementFacts kFacts[] = {
    {"", kOther},
    {"a", kA},
    Block("address"),
    {"area", kArea},
    Block("article", kArticle),
    Block("aside", kAside),
    {"base", kBase},
    Block("blockquote"),
    Block("body", kBody),
    {"br", kBr},
    {"button", kButton, false, true},
    Block("caption"),
    Block("center"),
    Closing("dd", kBlock, true, kHtmlTerm, kHtmlParagraph | kHtmlTerm),
    Block("details"),
    Block("dialog", kDialog),
    Block("dir"),
    Block("div"),
    Block("dl"),
    Closing("dt", kBlock, true, kHtmlTerm, kHtmlParagraph | kHtmlTerm),
    Block("fieldset"),
    Block("figcaption"),
    Block("figure"),
    Block("footer", kFooter),
    Block("form"),
    {"frame", kFrame},
    Block("h1", kHeading),
    Block("h2", kHeading),
    Block("h3", kHeading),
    Block("h4", kHeading),
    Block("h5", kHeading),
    Block("h6", kHeading),
    Block("head"),
    Block("header", kHeader),
    Block("hgroup"),
    Block("hr"),
    Block("html", kHtml),
    {"iframe", kFrame},
    {"img", kImg},
    {"input", kOther, false, true},
    Block("legend"),
    Closing("li", kLi, true, kHtmlListItem, kHtmlParagraph | kHtmlListItem),
    {"link", kLink},
    Block("main", kMain),
    Block("menu"),
    {"meta", kMeta},
    Block("nav", kNav),
    {"noembed", kUnread},
    {"noframes", kUnread},
    {"noscript", kNoscript},
    Block("ol"),
    Block("optgroup"),
    Block("option"),
    Closing("p", kBlock, true, kHtmlParagraph, kHtmlParagraph),
    Block("pre", kPre),
    {"script", kScript},
    Block("search", kSearch),
    Block("section"),
    {"select", kSelect, false, true},
    {"style", kStyle},
    Block("summary"),
    {"svg", kSvg},
    {"table", kBlock, true},  // no paragraph ends there in old pages
    Closing("tbody", kBlock, true, kHtmlRowGroup, kInTable),
    Closing("td", kTd, false, kHtmlCell, kInRow),
    {"template", kTemplate},
    {"textarea", kTextarea, false, true},
    Closing("tfoot", kBlock, true, kHtmlRowGroup, kInTable),
    Closing("th", kTd, false, kHtmlCell, kInRow),
    Closing("thead", kBlock, true, kHtmlRowGroup, kInTable),
    {"time", kTime},
    {"title", kTitle},
    Closing("tr", kBlock, true, kHtmlRow, kInGroup),
    Block("ul"),
    Block("xmp"),
};

constexpr size_t kSlots = 256;
constexpr size_t kLongestName = 10;

// The first and the last two letters and the length tell these names apart well.
constexpr size_t HashOf(std::string_view name) {
  const size_t first = static_cast<uint8_t>(name.front());
  const size_t last = static_cast<uint8_t>(name.back());
  const size_t middle = static_cast<uint8_t>(name[name.size() / 2]);
  return (first * 7 + last * 31 + middle * 113 + name.size() * 61) % kSlots;
}

// Open addressing: where a name's slot is taken, it is in one behind it.
constexpr std::array<uint8_t, kSlots> kTable = [] {
  std::array<uint8_t, kSlots> table{};
  for (size_t i = 1; i < std::size(kFacts); ++i) {
    size_t slot = HashOf(kFacts[i].name);
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = static_cast<uint8_t>(i);
  }
  return table;
}();

}  // namespace

const HtmlElementFacts& FactsOf(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return kFacts[0];
  for (size_t slot = HashOf(name); kTable[slot] != 0; slot = (slot + 1) % kSlots) {
    const HtmlElementFacts& facts = kFacts[kTable[slot]];
    if (facts.name == name) return facts;
  }
  return kFacts[0];
}

}  // namespace sakuin::text
