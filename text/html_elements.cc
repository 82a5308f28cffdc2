#include "text/html_elements.h"

#include <array>
#include <bit>
#include <cstddef>
#include <iterator>

#include "base/bytes.h"

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

constexpr size_t kSlots = 256;  // as eight bits
constexpr size_t kLongestName = 10;

// The first eight bytes as a number.
constexpr uint64_t KeyOf(std::string_view name) {
  uint64_t key = 0;
  for (size_t i = 0; i < name.size() && i < sizeof(key); ++i) key |= uint64_t{static_cast<uint8_t>(name[i])} << (8 * i);
  return key;
}

// The same in two reads, which may overlap. REQUIRES: a name of one byte at least.
uint64_t ReadKey(std::string_view name) {
  static_assert(std::endian::native == std::endian::little);
  const char* const at = name.data();
  const size_t size = name.size();
  const auto last = [&](size_t bytes) { return at + (size - bytes); };
  if (size >= 8) return LoadUnaligned<uint64_t>(at);
  if (size >= 4) return LoadUnaligned<uint32_t>(at) | uint64_t{LoadUnaligned<uint32_t>(last(4))} << (8 * (size - 4));
  if (size >= 2) return LoadUnaligned<uint16_t>(at) | uint64_t{static_cast<uint8_t>(*last(1))} << (8 * (size - 1));
  return static_cast<uint8_t>(*at);
}

constexpr size_t SlotOf(uint64_t key) { return static_cast<size_t>(key * 0x9E3779B97F4A7C15 >> 56); }

struct Slot {
  uint64_t key = 0;
  const HtmlElementFacts* facts = nullptr;
};

// Open addressing: where a name's slot is taken, it is in one behind it.
constexpr std::array<Slot, kSlots> kTable = [] {
  std::array<Slot, kSlots> table{};
  for (size_t i = 1; i < std::size(kFacts); ++i) {
    const uint64_t key = KeyOf(kFacts[i].name);
    size_t slot = SlotOf(key);
    while (table[slot].facts != nullptr) slot = (slot + 1) % kSlots;
    table[slot] = {key, &kFacts[i]};
  }
  return table;
}();

}  // namespace

const HtmlElementFacts& FactsOf(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return kFacts[0];
  const uint64_t key = ReadKey(name);
  for (size_t slot = SlotOf(key); kTable[slot].facts != nullptr; slot = (slot + 1) % kSlots) {
    const HtmlElementFacts& facts = *kTable[slot].facts;
    const bool is_same = kTable[slot].key == key && facts.name.size() == name.size();
    if (is_same && (name.size() <= sizeof(key) || facts.name == name)) return facts;
  }
  return kFacts[0];
}

}  // namespace sakuin::text
