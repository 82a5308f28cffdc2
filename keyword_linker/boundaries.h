// boundaries.h: may a link begin here, may it end here?
//
//   if (MayBegin(units, first) && MayEnd(units, end, whole)) ...
//
// Scripts with blanks between words want whole words: no letter or digit of such
// a script stands on the other side. Korean wants the beginning of a word, and
// behind the keyword the word's end or nothing but particles (사과를, 학교에서는).
// Chinese, Japanese and scripts without blanks match anywhere; between two kinds
// of script is always a border (Tokyo에서, iPhoneを). Whatever the rules, a link
// neither begins with a mark that belongs to the character before it nor ends
// before one. Pure functions: thread-safe.
#pragma once

#include <cstddef>
#include <span>

#include "keyword_linker/folded_units.h"

namespace sakuin::keyword_linker {

enum class Boundaries { kAuto, kNone };

// A Korean word is looked at for so many syllables behind a keyword.
inline constexpr size_t kMostParticleUnits = 12;

// REQUIRES: first < units.size().
bool MayBegin(std::span<const FoldedUnit> units, size_t first);

// `end`: one behind the last unit. What stands behind units.size() is taken for
// nothing: give kMostParticleUnits + 1 more where the text goes on. REQUIRES: end > 0.
bool MayEnd(std::span<const FoldedUnit> units, size_t end);

}  // namespace sakuin::keyword_linker
