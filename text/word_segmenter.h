// word_segmenter.h: cuts folded text into pieces: words, runs of Chinese,
// Japanese or Korean characters, runs that need a dictionary, emoji.
//
//   "C++で東京タワー" -> word [c++]  run [で]  run [東京]  run [タワー]
//
// The rules are those of UAX #29 with four changes: + and # stay with the
// letters before them, underscores around a word are left out, a colon and a
// semicolon never join, and the four scripts above become runs. Pure
// functions: thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "text/folded_text.h"

namespace sakuin::text {

enum class PieceKind : uint8_t { kWord, kSignedWord, kRun, kComplex, kEmoji };

struct Piece {
  PieceKind kind = PieceKind::kWord;
  uint32_t begin = 0;  // index of the first unit
  uint32_t end = 0;    // one past the last
};

// Does a run go on where Han, kana and Hangul meet?
enum class RunSplit : uint8_t { kAtScripts, kNever };

void SegmentUnits(std::span<const Unit> units, RunSplit split, std::vector<Piece>& out);

// How many of the signs behind a word of letters belong to it: "c++", "c#",
// "a+" but not "a+b". `run` equal signs follow; then, when next_is_word, a
// letter or digit.
inline uint32_t SignsOfWord(size_t letters, char sign, size_t run, bool next_is_word) {
  if (sign == '#') return run == 1 && (!next_is_word || letters == 1) ? 1 : 0;
  if (run == 2) return 2;
  return run == 1 && !next_is_word ? 1 : 0;
}

// The parts of a word with apostrophes that a person may ask for alone:
// istanbul'da -> istanbul, l'ete -> ete, john's -> john; don't has none.
// `at(i)` is character i of the word, part(begin, end) is called for each.
template <typename At, typename Part>
void ForEachApostrophePart(size_t size, At at, Part part) {
  if (size >= 3 && at(size - 1) == 't' && at(size - 2) == '\'' && at(size - 3) == 'n') return;
  size_t first = 0;
  while (first < size && at(first) != '\'') ++first;
  if (first == size) return;
  const bool elided = first == 1 || (first == 2 && at(0) == 'q' && at(1) == 'u');
  if (!elided) part(size_t{0}, first);
  for (size_t begin = first + 1; begin < size;) {
    size_t end = begin;
    while (end < size && at(end) != '\'') ++end;
    if (end - begin >= (elided ? size_t{2} : size_t{3})) part(begin, end);
    begin = end + 1;
  }
}

}  // namespace sakuin::text
