// html_content_model.h: how the bytes behind a tag are to be read, told from the
// names of tags alone, as the tree builder of the HTML standard would tell the
// tokenizer.
//
//   HtmlContentModel model(HtmlScripting::kOn);
//   model.StartTag(script_token);     // kScriptData
//   model.StartTag(svg_token);        // kData; model.foreign() from here to </svg>
//   model.StartTag(title_token);      // kData: inside <svg> a title is an ordinary element
//
// Inside <svg> and <math> no element is special and <![CDATA[ opens a section,
// but for the parts that hold HTML again (foreignObject, desc, title, mi, ...).
// There is no tree here: on pages where elements of SVG overlap those of HTML
// wrongly, and in <select> and <frameset>, the answer can differ from a
// browser's. Depths beyond kMaxHtmlForeignDepth are not told apart.
// Not thread-safe; one per page.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "text/html_token.h"

namespace sakuin::text {

inline constexpr size_t kMaxHtmlForeignDepth = 64;

// With scripting, noscript is RAWTEXT, as in browsers; without, its tags are tags.
enum class HtmlScripting : uint8_t { kOff, kOn };

class HtmlContentModel {
 public:
  explicit HtmlContentModel(HtmlScripting scripting) : scripting_(scripting) {}

  // That a start tag of this name changes nothing, told by its first letter and length: so it is with most.
  bool IsOrdinary(std::string_view name) const {
    const size_t letter = name.empty() ? kLetters : static_cast<uint8_t>(name[0]) - size_t{'a'};
    const bool special = letter < kLetters && name.size() < 16 && (kSpecialLengths[letter] >> name.size() & 1) != 0;
    return levels_.empty() && !special;
  }

  // How to read on after this tag. REQUIRES: a start tag / an end tag.
  HtmlContent StartTag(const HtmlToken& tag);
  void EndTag(const HtmlToken& tag);

  // Where the next token stands is SVG or MathML, not HTML.
  bool foreign() const { return !levels_.empty() && levels_.back() <= Level::kMath; }

  // The same, or HTML in a part of SVG or MathML that holds it.
  bool inside_foreign() const { return !levels_.empty(); }

 private:
  enum class Level : uint8_t { kSvg, kMath, kForeignObject, kDesc, kTitle, kMi, kMo, kMn, kMs, kMtext, kAnnotation };

  static constexpr size_t kLetters = 26;
  static const std::array<uint16_t, kLetters> kSpecialLengths;  // of the names that are special, as bits

  void Push(Level level, bool self_closing);
  void StartForeign(const HtmlToken& tag);
  HtmlContent StartHtml(const HtmlToken& tag);
  void LeaveForeign();

  HtmlScripting scripting_;
  std::vector<Level> levels_;
};

}  // namespace sakuin::text
