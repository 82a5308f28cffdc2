// folded_units.h: a text as keywords see it: folded characters that know which
// bytes they came from and where a word begins.
//
//   FoldedUnits units;
//   units.Append("Ｔｏｋｙｏ");           // t o k y o, three bytes each
//   units[0].code_point == U't'
//
// Folding is NFKC case folding (text/folded_text.h); İ is i, not i with a dot; an
// emoji sequence has all its characters. Units that come from the same bytes (the
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
};

// Changes when the same text may fold otherwise.
uint64_t FoldingFingerprint();

class FoldedUnits {
 public:
  // The text begins at byte `at` of what `map` tells the sources of. REQUIRES: fewer
  // than 4 GB; it ends where text::StretchEnd says, or the whole does.
  void Append(std::string_view text, uint64_t at, SourceMap& map);
  // A text that is its own source.
  void Append(std::string_view text);

  const FoldedUnit& operator[](size_t i) const { return units_[i]; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const FoldedUnit* data() const { return units_.data(); }
  FoldedUnit* data() { return units_.data(); }
  void Clear() { size_ = 0; }
  // Leaves the last `size() - count` ones.
  void RemoveFirst(size_t count) {
    std::copy(data() + count, data() + size_, data());
    size_ -= count;
  }

 private:
  size_t AppendSimple(std::string_view text, size_t at, uint64_t source);
  void AppendComplex(std::string_view text, uint64_t at, SourceMap& map);
  void AppendGroup(std::string_view text, size_t first, size_t last, const FoldedUnit& group);
  FoldedUnit* Room(size_t count);

  std::vector<FoldedUnit> units_;  // the first size_ count, so that room is made once
  size_t size_ = 0;
  std::vector<text::Unit> scratch_;
};

}  // namespace sakuin::keyword_linker
