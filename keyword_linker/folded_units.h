// folded_units.h: a text as keywords see it: folded characters that know which
// bytes they came from and where a word begins.
//
//   FoldedUnits units;
//   units.Append("Ｔｏｋｙｏ");           // t o k y o, three bytes each
//   units[0].code_point == U't'
//
// Folding is NFKC case folding (text/folded_text.h); İ is i, not i with a dot; an
// emoji sequence has all its characters. White space is one blank, however much of
// it stands together ("New \n York" is "new york"); where it holds two line feeds or
// a paragraph separator and paragraphs count, it is kParagraphBreak. Units that come from the same bytes (the
// two s of ß) are a group: no link begins or ends inside one. A value; not thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "keyword_linker/source_map.h"
#include "text/code_point_table.h"
#include "text/folded_text.h"

namespace sakuin::keyword_linker {

inline constexpr int kWordClassBits = 6;

// What ends a paragraph, if paragraphs count.
inline constexpr char32_t kParagraphBreak = '\n';
// Longer runs of white space are several units: what is held of a text stays small.
inline constexpr uint32_t kMostBlankBytes = 1024;
// A border that no keyword reaches over; it is no character, and stands between words or inside one.
inline constexpr char32_t kSeam = 0x110000;
// Of characters that are no part of a keyword, above their code points.
inline constexpr char32_t kNotLinked = 0x200000;

enum class Paragraphs { kCount, kDoNotCount };

struct FoldedUnit {
  char32_t code_point = 0;
  uint32_t bytes = 0;             // of its group, from `start`
  uint64_t start : 56 = 0;        // bytes of the whole text
  text::WordClass word_class : kWordClassBits = text::WordClass::kOther;
  bool group_begins : 1 = true;
  bool group_ends : 1 = true;

  FoldedUnit() = default;
  FoldedUnit(char32_t c, uint32_t size, uint64_t at, text::WordClass kind) : code_point(c), bytes(size), start(at), word_class(kind) {}

  uint64_t end() const { return start + bytes; }
  bool IsSeam() const { return code_point == kSeam; }
};

// Changes when the same text may fold otherwise.
uint64_t FoldingFingerprint();

class FoldedUnits {
 public:
  explicit FoldedUnits(Paragraphs paragraphs = Paragraphs::kCount) : paragraphs_(paragraphs) {}

  // The text begins at byte `at` of what `map` tells the sources of. REQUIRES: fewer
  // than 4 GB; it ends where text::StretchEnd says, or the whole does.
  void Append(std::string_view text, uint64_t at, SourceMap& map);
  // A text that is its own source.
  void Append(std::string_view text);
  // A seam in front of byte `start` of the source.
  void AppendSeam(uint64_t start);
  // Those from `first` on are no part of a keyword.
  void DoNotLinkFrom(size_t first);

  const FoldedUnit& operator[](size_t i) const { return units_[i]; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const FoldedUnit* data() const { return units_.data(); }
  FoldedUnit* data() { return units_.data(); }
  void Clear() {
    size_ = 0;
    one_feed_ = kNoFeed;
  }
  // Leaves the last `size() - count` ones.
  void RemoveFirst(size_t count) {
    std::copy(data() + count, data() + size_, data());
    size_ -= count;
  }

 private:
  size_t AppendSimple(std::string_view text, size_t at, uint64_t source);
  size_t AppendVerbatim(std::string_view text, size_t at, uint64_t source);
  size_t AppendBlanks(std::string_view text, size_t at, uint64_t source);
  void AddBlank(uint64_t start, uint64_t end, char32_t c);
  bool EndsInBlank() const;
  void AppendComplex(std::string_view text, uint64_t at, SourceMap& map);
  void AppendGroup(std::string_view text, size_t first, size_t last, const FoldedUnit& group);
  FoldedUnit* Room(size_t count);

  static constexpr uint64_t kNoFeed = UINT64_MAX;

  Paragraphs paragraphs_;
  uint64_t one_feed_ = kNoFeed;    // where the last blank that holds one line feed begins
  std::vector<FoldedUnit> units_;  // the first size_ count, so that room is made once
  size_t size_ = 0;
  std::vector<text::Unit> scratch_;
};

}  // namespace sakuin::keyword_linker
