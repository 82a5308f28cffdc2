// html_regions.h: in what kind of part of a page does its text stand?
//
//   HtmlRegions regions;
//   regions.StartTag(nav_tag, FactsOf("nav"));     // regions.flags() has kRegionAround
//   regions.StartTag(p_tag, FactsOf("p"));         // still
//   regions.EndTag(FactsOf("nav"));                // no longer
//
// Told by elements (main, article; nav, aside, header, footer, dialog), by role,
// hidden and aria-hidden, and, less surely, by words in class and id (menu, sidebar,
// cookie, ...). A header inside of main or article belongs to the text.
//
// Elements that are not closed end with the block they stand in, and p, li, dt, dd,
// cells and rows where a start tag follows that cannot be inside. Elements deeper
// than kMaxHtmlRegionDepth are counted, not told apart. Not thread-safe; one per
// page. A tag costs at most a look at the open elements.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "text/html_elements.h"
#include "text/html_token.h"

namespace sakuin::text {

inline constexpr size_t kMaxHtmlRegionDepth = 256;

enum HtmlRegion : uint8_t {
  kRegionMain = 1,      // inside of main or article, or of what has such a role
  kRegionAround = 2,    // menus, headers, footers, asides, dialogs, by element or role
  kRegionDoubtful = 4,  // likewise, by class or id; the labels of buttons and choices
  kRegionHidden = 8,
  kRegionHeading = 16,
  kRegionVerbatim = 32,  // blanks mean something
  kRegionInert = 64,     // no text of the page: template
};

class HtmlRegions {
 public:
  void StartTag(const HtmlToken& tag, const HtmlElementFacts& facts);
  void EndTag(const HtmlElementFacts& facts);

  // Of HtmlRegion, for what follows the last tag.
  uint8_t flags() const { return open_.empty() ? uint8_t{0} : open_.back().flags; }

 private:
  struct Open {
    const HtmlElementFacts* facts;
    uint8_t flags;
  };

  void Push(const HtmlElementFacts& facts, uint8_t flags);
  void CutAt(size_t depth);

  std::vector<Open> open_;  // the outermost first
  size_t beyond_ = 0;       // opened below the deepest of open_
};

}  // namespace sakuin::text
