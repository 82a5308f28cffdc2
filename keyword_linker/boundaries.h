// boundaries.h: may a link begin here, may it end here?
//
//   if (MayBegin(units, first, Boundaries::kAuto) && MayEnd(units, end, Boundaries::kAuto)) ...
//
// Scripts with blanks between words want whole words: no letter or digit of such
// a script stands on the other side. Korean wants the beginning of a word, and
// behind the keyword the word's end or nothing but particles (사과를, 학교에서는).
// Chinese, Japanese and scripts without blanks match anywhere; between two kinds
// of script is always a border (Tokyo에서, iPhoneを). Whatever the rules, a link
// neither begins with a mark that belongs to the character before it nor ends
// before one. A seam (folded_units.h) is no border: what stands on its other side
// counts. With kNone it may begin and end anywhere but inside units that come from
// the same bytes. Pure functions: thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "keyword_linker/folded_units.h"

namespace sakuin::keyword_linker {

enum class Boundaries { kAuto, kNone };

// A Korean word is looked at for so many syllables behind a keyword.
inline constexpr size_t kMostParticleUnits = 12;
// So many units behind a keyword say whether it may end: each may have a seam before it.
inline constexpr size_t kMostUnitsBehind = 2 * (kMostParticleUnits + 1);

// REQUIRES: first < units.size().
bool MayBegin(std::span<const FoldedUnit> units, size_t first, Boundaries boundaries);

// Appends those of [from, to) where a link may begin.
void AppendStarts(std::span<const FoldedUnit> units, size_t from, size_t to, Boundaries boundaries, std::vector<uint32_t>& starts);

// Whether a word may end at `end`, behind which more stands.
bool EndsWord(std::span<const FoldedUnit> units, size_t end);

// `end`: one behind the last unit. What stands behind units.size() is taken for
// nothing: give kMostUnitsBehind more where the text goes on. REQUIRES: end > 0.
inline bool MayEnd(std::span<const FoldedUnit> units, size_t end, Boundaries boundaries) {
  if (!units[end - 1].group_ends) return false;
  return boundaries == Boundaries::kNone || end == units.size() || EndsWord(units, end);
}

}  // namespace sakuin::keyword_linker
