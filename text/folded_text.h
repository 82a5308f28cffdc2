// folded_text.h: a stretch of text as folded code points that know where in
// the original they came from.
//
//   std::vector<Unit> units;
//   FoldStretch(CodePointTable::For(FoldKind::kAccents), "Straße", 0, 7, units);
//   // s t r a s s e; both s of ß have [4,6)
//
// Combining marks and half-width voicing marks join the character before them
// (ｶﾞ is one unit, ガ, with six bytes), what shows nothing disappears, an emoji
// sequence is one unit. Pure functions: thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "text/code_point_table.h"

namespace sakuin::text {

struct Unit {
  char32_t code_point = 0;  // folded; of an emoji sequence the first
  uint32_t start = 0;       // bytes of the original text
  uint32_t end = 0;
  WordClass word_class = WordClass::kOther;
};

// Appends the units of text[from, to) to `out`; returns the number of bytes
// that were not UTF-8. REQUIRES: from and to are borders of characters.
uint64_t FoldStretch(const CodePointTable& table, std::string_view text, size_t from, size_t to, std::vector<Unit>& out);

// The end of a stretch that starts at `from` and has about `limit` bytes at
// most: a line break, a blank or a full stop if the second half has one, else
// some border between characters that do not belong together.
size_t StretchEnd(const CodePointTable& table, std::string_view text, size_t from, size_t limit);

// Stretches of this size keep scratch memory small.
inline constexpr size_t kStretchBytes = size_t{1} << 14;

// The folded characters as UTF-8, appended to `out`.
void AppendUnits(std::span<const Unit> units, std::string& out);

}  // namespace sakuin::text
