// html_elements.h: what the name of an element says about the text in it.
//
//   FactsOf("td").id == HtmlElement::kTd, .spaced, .group == kHtmlCell
//   FactsOf("blink").id == HtmlElement::kOther
//
// Names in lower case, as the tokenizer gives them. Thread-safe: constants and a
// pure function; costs a multiplication and mostly one comparison.
#pragma once

#include <cstdint>
#include <string_view>

namespace sakuin::text {

enum class HtmlElement : uint8_t {
  kOther,  // inline, or unknown: no break, nothing to know
  kBlock,  // breaks the line; nothing else to know
  kA,
  kArea,
  kArticle,
  kAside,
  kBase,
  kBody,
  kBr,
  kButton,
  kDialog,
  kFooter,
  kFrame,
  kHeader,
  kHeading,
  kHtml,
  kImg,
  kLi,
  kLink,
  kMain,
  kMeta,
  kNav,
  kNoscript,
  kPre,
  kScript,
  kSearch,
  kSelect,
  kStyle,
  kSvg,
  kTd,
  kTemplate,
  kTextarea,
  kTime,
  kTitle,
  kUnread,  // its text is no text of the page: iframe, noembed, noframes
};

// What start tags of others may close.
enum HtmlGroup : uint8_t { kHtmlParagraph = 1, kHtmlListItem = 2, kHtmlTerm = 4, kHtmlCell = 8, kHtmlRow = 16, kHtmlRowGroup = 32 };

struct HtmlElementFacts {
  std::string_view name;
  HtmlElement id = HtmlElement::kOther;
  bool block = false;   // a browser breaks the line before and behind it
  bool spaced = false;  // it stands apart from its neighbours in one line
  uint8_t group = 0;    // of HtmlGroup
  uint8_t closes = 0;   // the groups that its start tag ends
};

const HtmlElementFacts& FactsOf(std::string_view name);

}  // namespace sakuin::text
