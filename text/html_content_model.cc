#include "text/html_content_model.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace sakuin::text {
namespace {

// Tags that close SVG and MathML (section 13.2.6.5, "parsing of tokens in foreign content"), sorted.
constexpr std::string_view kBreakout[] = {
    "b",   "big",  "blockquote", "body",  "br",   "center", "code",   "dd",  "div", "dl",      "dt",   "em",   "embed", "h1",  "h2",
    "h3",  "h4",   "h5",         "h6",    "head", "hr",     "i",      "img", "li",  "listing", "menu", "meta", "nobr",  "ol",  "p",
    "pre", "ruby", "s",          "small", "span", "strike", "strong", "sub", "sup", "table",   "tt",   "u",    "ul",    "var",
};
static_assert(std::ranges::is_sorted(kBreakout));

bool BreaksOut(const HtmlToken& tag) {
  if (tag.name == "font") return tag.Find("color") != nullptr || tag.Find("face") != nullptr || tag.Find("size") != nullptr;
  return std::ranges::binary_search(kBreakout, tag.name);
}

bool HoldsHtml(const HtmlToken& annotation) {
  const HtmlAttribute* encoding = annotation.Find("encoding");
  if (encoding == nullptr) return false;
  const auto is = [&](std::string_view wanted) {
    return std::ranges::equal(encoding->value, wanted, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  };
  return is("text/html") || is("application/xhtml+xml");
}

// In the order of HtmlContentModel::Level.
constexpr std::string_view kLevelNames[] = {"svg", "math", "foreignobject", "desc", "title", "mi", "mo", "mn", "ms", "mtext", "annotation-xml"};

constexpr std::pair<std::string_view, HtmlContent> kContents[] = {
    {"title", HtmlContent::kRcdata},     {"textarea", HtmlContent::kRcdata},   {"style", HtmlContent::kRawtext},
    {"xmp", HtmlContent::kRawtext},      {"iframe", HtmlContent::kRawtext},    {"noembed", HtmlContent::kRawtext},
    {"noframes", HtmlContent::kRawtext}, {"script", HtmlContent::kScriptData}, {"plaintext", HtmlContent::kPlaintext},
};

size_t LevelOf(std::string_view name) { return static_cast<size_t>(std::ranges::find(kLevelNames, name) - std::begin(kLevelNames)); }

}  // namespace

constexpr std::array<uint16_t, HtmlContentModel::kLetters> HtmlContentModel::kSpecialLengths = [] {
  std::array<uint16_t, kLetters> lengths{};
  const auto add = [&](std::string_view name) { lengths[static_cast<size_t>(name[0] - 'a')] |= static_cast<uint16_t>(1u << name.size()); };
  for (const auto& [name, content] : kContents) add(name);
  for (const std::string_view name : {"svg", "math", "noscript"}) add(name);
  return lengths;
}();

HtmlContent HtmlContentModel::StartTag(const HtmlToken& tag) {
  if (foreign()) {
    if (!BreaksOut(tag)) {
      StartForeign(tag);
      return HtmlContent::kData;
    }
    LeaveForeign();
  }
  return StartHtml(tag);
}

void HtmlContentModel::EndTag(const HtmlToken& tag) {
  if (levels_.empty()) return;
  if (foreign() && (tag.name == "p" || tag.name == "br")) return LeaveForeign();
  const size_t level = LevelOf(tag.name);
  if (level == std::size(kLevelNames)) return;
  const auto found = std::find(levels_.rbegin(), levels_.rend(), static_cast<Level>(level));
  if (found != levels_.rend()) levels_.erase(std::prev(found.base()), levels_.end());
}

void HtmlContentModel::Push(Level level, bool self_closing) {
  if (!self_closing && levels_.size() < kMaxHtmlForeignDepth) levels_.push_back(level);
}

void HtmlContentModel::StartForeign(const HtmlToken& tag) {
  const size_t index = LevelOf(tag.name);
  if (index == std::size(kLevelNames)) return;
  const Level level = static_cast<Level>(index);
  const bool of_svg = level >= Level::kForeignObject && level <= Level::kTitle;
  const bool of_math = level >= Level::kMi;
  if (of_svg && levels_.back() != Level::kSvg) return;
  if (of_math && levels_.back() != Level::kMath) return;
  if (level == Level::kAnnotation && !HoldsHtml(tag)) return;
  Push(level, tag.self_closing);
}

HtmlContent HtmlContentModel::StartHtml(const HtmlToken& tag) {
  if (tag.name == "svg" || tag.name == "math") {
    Push(tag.name == "svg" ? Level::kSvg : Level::kMath, tag.self_closing);
    return HtmlContent::kData;
  }
  if (tag.name == "noscript") return scripting_ == HtmlScripting::kOn ? HtmlContent::kRawtext : HtmlContent::kData;
  for (const auto& [name, content] : kContents) {
    if (tag.name == name) return content;
  }
  return HtmlContent::kData;
}

void HtmlContentModel::LeaveForeign() {
  while (foreign()) levels_.pop_back();
}

}  // namespace sakuin::text
