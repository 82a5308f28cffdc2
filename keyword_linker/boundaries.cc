#include "keyword_linker/boundaries.h"

#include "keyword_linker/korean_particles.h"

namespace sakuin::keyword_linker {
namespace {

using text::WordClass;

enum class Script { kNone, kSpaced, kHangul, kAnywhere, kMark };

Script ScriptOf(WordClass word_class) {
  switch (word_class) {
    case WordClass::kLetter:
    case WordClass::kDigit:
    case WordClass::kUnderscore: return Script::kSpaced;
    case WordClass::kHangul: return Script::kHangul;
    case WordClass::kHan:
    case WordClass::kHiragana:
    case WordClass::kKatakana:
    case WordClass::kComplex: return Script::kAnywhere;
    case WordClass::kExtend: return Script::kMark;
    default: return Script::kNone;
  }
}

size_t EndOfHangul(std::span<const FoldedUnit> units, size_t at) {
  while (at < units.size() && ScriptOf(units[at].word_class) == Script::kHangul) ++at;
  return at;
}

}  // namespace

bool MayBegin(std::span<const FoldedUnit> units, size_t first) {
  if (first == 0) return true;
  const Script script = ScriptOf(units[first].word_class);
  if (script == Script::kMark) return false;
  // The marks before it belong to the letter before them.
  size_t before = first;
  while (before > 0 && ScriptOf(units[before - 1].word_class) == Script::kMark) --before;
  if (before == 0 || script == Script::kNone || script == Script::kAnywhere) return true;
  return ScriptOf(units[before - 1].word_class) != script;
}

bool MayEnd(std::span<const FoldedUnit> units, size_t end) {
  if (end == units.size()) return true;
  const Script next = ScriptOf(units[end].word_class);
  if (next == Script::kMark) return false;
  size_t last = end;
  while (last > 1 && ScriptOf(units[last - 1].word_class) == Script::kMark) --last;
  const Script script = ScriptOf(units[last - 1].word_class);
  if (script == Script::kHangul && next == Script::kHangul) return AreParticles(units[last - 1].code_point, units.subspan(end, EndOfHangul(units, end) - end));
  return script != Script::kSpaced || next != Script::kSpaced;
}

}  // namespace sakuin::keyword_linker
