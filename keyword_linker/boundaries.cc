#include "keyword_linker/boundaries.h"

#include <algorithm>
#include <array>

#include "keyword_linker/korean_particles.h"

namespace sakuin::keyword_linker {
namespace {

using text::WordClass;

enum class Script : uint8_t { kNone, kSpaced, kHangul, kAnywhere, kMark, kNothing };
constexpr size_t kScriptCount = 6;

constexpr Script ScriptOf(WordClass word_class) {
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

constexpr auto kScripts = [] {
  std::array<Script, 1 << kWordClassBits> scripts{};
  for (size_t i = 0; i < scripts.size(); ++i) scripts[i] = ScriptOf(static_cast<WordClass>(i));
  return scripts;
}();

Script ScriptAt(const FoldedUnit& unit) { return kScripts[static_cast<size_t>(unit.word_class)]; }

// Of what stands before `first`; marks belong to the letter before them.
Script ScriptBefore(std::span<const FoldedUnit> units, size_t first) {
  while (first > 0 && ScriptAt(units[first - 1]) == Script::kMark) --first;
  return first == 0 ? Script::kNothing : ScriptAt(units[first - 1]);
}

// Whether a word, or what has no words, begins with `script` behind `before`.
constexpr bool BeginsBehind(Script before, Script script) {
  return script == Script::kNone || script == Script::kAnywhere || (script != Script::kMark && before != script);
}

using Begins = std::array<std::array<bool, kScriptCount>, kScriptCount>;

constexpr Begins kBeginsWord = [] {
  Begins begins{};
  for (size_t before = 0; before < kScriptCount; ++before) {
    for (size_t script = 0; script < kScriptCount; ++script) begins[before][script] = BeginsBehind(static_cast<Script>(before), static_cast<Script>(script));
  }
  return begins;
}();

// One more than particles have, at most.
size_t EndOfHangul(std::span<const FoldedUnit> units, size_t at) {
  const size_t most = std::min(units.size(), at + kMostParticleUnits + 1);
  while (at < most && ScriptAt(units[at]) == Script::kHangul) ++at;
  return at;
}

bool AreParticlesOverSeams(char32_t before, std::span<const FoldedUnit> units, size_t at) {
  std::array<FoldedUnit, kMostParticleUnits + 1> syllables;
  size_t count = 0;
  for (; at < units.size() && count < syllables.size(); ++at) {
    if (units[at].IsSeam()) continue;
    if (ScriptAt(units[at]) != Script::kHangul) break;
    syllables[count] = units[at];
    syllables[count++].code_point &= ~kNotLinked;
  }
  return AreParticles(before, std::span(syllables).first(count));
}

// Whether what stands behind the syllable `before`, and begins at `at`, is particles.
bool AreParticlesAt(char32_t before, std::span<const FoldedUnit> units, size_t at) {
  const size_t end = EndOfHangul(units, at);
  const bool seams = units[at - 1].IsSeam() || (end < units.size() && units[end].IsSeam());
  return seams ? AreParticlesOverSeams(before, units, at) : AreParticles(before, units.subspan(at, end - at));
}

}  // namespace

bool MayBegin(std::span<const FoldedUnit> units, size_t first, Boundaries boundaries) {
  if (!units[first].group_begins) return false;
  return first == 0 || boundaries == Boundaries::kNone || BeginsBehind(ScriptBefore(units, first), ScriptAt(units[first]));
}

void AppendStarts(std::span<const FoldedUnit> units, size_t from, size_t to, Boundaries boundaries, std::vector<uint32_t>& starts) {
  const size_t before = starts.size();
  starts.resize(before + to - from);
  uint32_t* next = starts.data() + before;
  Script script_before = ScriptBefore(units, from);
  for (size_t i = from; i < to; ++i) {
    const Script script = ScriptAt(units[i]);
    const bool begins = boundaries == Boundaries::kNone || kBeginsWord[static_cast<size_t>(script_before)][static_cast<size_t>(script)] || i == 0;
    *next = static_cast<uint32_t>(i);
    next += units[i].group_begins && begins ? 1 : 0;
    script_before = script == Script::kMark ? script_before : script;
  }
  starts.resize(static_cast<size_t>(next - starts.data()));
}

bool EndsWord(std::span<const FoldedUnit> units, size_t end) {
  size_t behind = end;
  while (units[behind].IsSeam()) {
    if (++behind == units.size()) return true;
  }
  const Script next = ScriptAt(units[behind]);
  if (next == Script::kMark) return false;
  size_t last = end;
  while (last > 1 && ScriptAt(units[last - 1]) == Script::kMark) --last;
  const Script script = ScriptAt(units[last - 1]);
  if (script == Script::kHangul && next == Script::kHangul) return AreParticlesAt(units[last - 1].code_point, units, behind);
  return script != Script::kSpaced || next != Script::kSpaced;
}

}  // namespace sakuin::keyword_linker
