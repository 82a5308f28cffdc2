// sentence_morphemes.h: the morphemes of a stretch of folded text, found
// sentence by sentence: MeCab sees a run of Hangul with the blanks, words and
// numbers around it, which say whether 판다 is an animal or a sale.
//
//   SentenceMorphemes morphemes(mecab);
//   morphemes.Read(units, pieces);
//   for (const UnitMorpheme& found : morphemes.In(run.begin, run.end)) ...
//
// Not thread-safe; belongs to one call of an analyzer.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "text/folded_text.h"
#include "text/mecab_segmenter.h"
#include "text/word_segmenter.h"

namespace sakuin::text {

struct UnitMorpheme {
  uint32_t begin = 0;  // units of the stretch
  uint32_t end = 0;
  Morpheme morpheme;
};

class SentenceMorphemes {
 public:
  explicit SentenceMorphemes(const MecabSegmenter& mecab) : mecab_(mecab) {}

  // Replaces what was read before. No morpheme crosses the border of a piece.
  void Read(std::span<const Unit> units, std::span<const Piece> pieces);

  // Those that begin in [begin, end), in order.
  std::span<const UnitMorpheme> In(uint32_t begin, uint32_t end) const;

 private:
  void ReadSentence(std::span<const Unit> units, std::span<const Piece> pieces);

  const MecabSegmenter& mecab_;
  std::vector<UnitMorpheme> found_;
};

}  // namespace sakuin::text
