#include "text/html_text.h"

#include <algorithm>
#include <iterator>
#include <utility>

// A list of the elements that are open, as far as they matter: blocks, and those whose text is left out.
namespace sakuin::text {

namespace {

// What start tags of others may close.
enum Group : uint8_t { kOther = 0, kParagraph = 1, kListItem = 2, kTerm = 4, kCell = 8, kRow = 16, kRowGroup = 32 };

struct Facts {
  std::string_view name;
  bool block = true;
  bool left_out = false;
  Group group = kOther;
  uint8_t closes = 0;  // the groups that a start tag of this one ends
  bool apart = false;  // its text is left out, and stands in no line with others
};

constexpr uint8_t kInRow = kParagraph | kCell;
constexpr uint8_t kInGroup = kInRow | kRow;
constexpr uint8_t kInTable = kInGroup | kRowGroup;

constexpr Facts kFacts[] = {
    {"a", false, true},
    {"address"},
    {"article"},
    {"aside"},
    {"blockquote"},
    {"body"},
    {"button", false, true, kOther, 0, true},
    {"caption"},
    {"center"},
    {"code", false, true},
    {"dd", true, false, kTerm, kParagraph | kTerm},
    {"details"},
    {"dialog"},
    {"dir"},
    {"div"},
    {"dl"},
    {"dt", true, false, kTerm, kParagraph | kTerm},
    {"fieldset"},
    {"figcaption"},
    {"figure"},
    {"footer"},
    {"form"},
    {"h1"},
    {"h2"},
    {"h3"},
    {"h4"},
    {"h5"},
    {"h6"},
    {"header"},
    {"hgroup"},
    {"li", true, false, kListItem, kParagraph | kListItem},
    {"main"},
    {"menu"},
    {"nav"},
    {"ol"},
    {"p", true, false, kParagraph, kParagraph},
    {"pre", true, true, kOther, 0, true},
    {"search"},
    {"section"},
    {"select", false, true, kOther, 0, true},
    {"summary"},
    {"table"},
    {"tbody", true, false, kRowGroup, kInTable},
    {"td", true, false, kCell, kInRow},
    {"tfoot", true, false, kRowGroup, kInTable},
    {"th", true, false, kCell, kInRow},
    {"thead", true, false, kRowGroup, kInTable},
    {"tr", true, false, kRow, kInGroup},
    {"ul"},
};
static_assert(std::ranges::is_sorted(kFacts, {}, &Facts::name));

// Beside those of kFacts: they end a line, or something is shown that is no text.
constexpr std::string_view kBorders[] = {
    "applet", "audio",  "br",       "canvas", "col",   "colgroup", "embed", "frame",   "frameset", "hr",   "iframe",    "img",
    "input",  "keygen", "legend",   "marquee", "meter", "noembed",  "noframes", "object", "optgroup", "option", "plaintext", "progress",
    "rp",     "rt",     "textarea", "title",  "video", "xmp",
};
static_assert(std::ranges::is_sorted(kBorders));

// Where it is among kFacts, or their number.
size_t IndexOf(std::string_view name) {
  const Facts* found = std::ranges::lower_bound(kFacts, name, {}, &Facts::name);
  return found != std::end(kFacts) && found->name == name ? static_cast<size_t>(found - kFacts) : std::size(kFacts);
}

bool IsBorder(std::string_view name) {
  const size_t element = IndexOf(name);
  return element < std::size(kFacts) ? kFacts[element].block || kFacts[element].apart : std::ranges::binary_search(kBorders, name);
}

}  // namespace

void HtmlTextScope::StartTag(std::string_view name) {
  const size_t element = IndexOf(name);
  if (element == std::size(kFacts)) return;
  if (name == "a") EndTag(name);
  while (CloseTopBlock(kFacts[element].closes)) {
  }
  // Where blocks are no longer told apart, what is left out is; a link is open once at most.
  const size_t limit = kFacts[element].left_out ? 2 * kMaxHtmlOpenElements : kMaxHtmlOpenElements;
  if (open_.size() >= limit && name != "a") return;
  open_.push_back(static_cast<uint8_t>(element));
  left_out_ += kFacts[element].left_out ? 1 : 0;
  left_out_apart_ += kFacts[element].apart ? 1 : 0;
}

void HtmlTextScope::EndTag(std::string_view name) {
  const auto found = std::find(open_.rbegin(), open_.rend(), IndexOf(name));
  if (found == open_.rend()) return;
  const size_t index = static_cast<size_t>(open_.rend() - found) - 1;
  if (kFacts[*found].block) {
    CutAt(index);
  } else {
    Remove(index);
  }
}

// Ends the innermost block when it is of one of these groups.
bool HtmlTextScope::CloseTopBlock(uint8_t groups) {
  if (groups == 0) return false;
  const auto top = std::find_if(open_.rbegin(), open_.rend(), [](uint8_t element) { return kFacts[element].block; });
  if (top == open_.rend() || (kFacts[*top].group & groups) == 0) return false;
  CutAt(static_cast<size_t>(open_.rend() - top) - 1);
  return true;
}

void HtmlTextScope::CutAt(size_t depth) {
  while (open_.size() > depth) Remove(open_.size() - 1);
}

void HtmlTextScope::Remove(size_t index) {
  left_out_ -= kFacts[open_[index]].left_out ? 1 : 0;
  left_out_apart_ -= kFacts[open_[index]].apart ? 1 : 0;
  open_.erase(open_.begin() + static_cast<ptrdiff_t>(index));
}

HtmlTextReader::HtmlTextReader() : tokenizer_(HtmlTokenizerOptions{}) {}

const HtmlToken* HtmlTextReader::Next() {
  for (;;) {
    const HtmlTextRun run = NextRun();
    if (run.token == nullptr || run.linked) return run.token;
  }
}

HtmlTextRun HtmlTextReader::NextRun() {
  while (const HtmlToken* token = tokenizer_.Next()) {
    read_ = token->end;
    if (token->kind == HtmlTokenKind::kStartTag || token->kind == HtmlTokenKind::kEndTag) TakeTag(*token);
    if (token->kind != HtmlTokenKind::kText || !IsText()) continue;
    if (scope_.left_out() && !scope_.left_out_in_line()) continue;
    return {token, !scope_.left_out(), !std::exchange(behind_border_, false)};
  }
  return {};
}

void HtmlTextReader::TakeTag(const HtmlToken& token) {
  const bool html = !tokenizer_.inside_foreign();
  if (!html || IsBorder(token.name)) behind_border_ = true;
  if (!html) return;
  if (token.kind == HtmlTokenKind::kStartTag) {
    scope_.StartTag(token.name);
  } else {
    scope_.EndTag(token.name);
  }
}

bool HtmlTextReader::IsText() const { return tokenizer_.content() == HtmlContent::kData && !tokenizer_.inside_foreign(); }

}  // namespace sakuin::text
