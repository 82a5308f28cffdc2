// japanese_analyzer.h: "japanese": morphemes by MeCab with IPADIC, base forms,
// particles and auxiliaries left out, compounds whole and by their parts.
//
//   "関西国際空港に着く" -> 関西国際空港 pos 0 length 3, 関西 pos 0, 国際 pos 1, 空港 pos 2, 着く pos 4
//
// A query leaves out light words (する, こと, 何) when it has others: 研究した -> 研究.
// Without the dictionary: bigrams, and warning() says so. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "text/analyzer.h"
#include "text/mecab_segmenter.h"

namespace sakuin::text {

class JapaneseAnalyzer final : public Analyzer {
 public:
  JapaneseAnalyzer();

  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::string_view name() const override { return "japanese"; }
  uint64_t fingerprint() const override;
  const Analyzer* second_view() const override;
  std::string_view warning() const override { return warning_; }

  // Whether all the Han characters of `text` are words of two characters or
  // more that the dictionary knows, with the suffixes behind them: 東京都 is
  // 東京 and 都, and not 京都 with something before it. False without the
  // dictionary, and where there are no Han characters.
  bool KnowsHanWordsOf(std::string_view text) const;

 private:
  const MecabSegmenter* mecab_;  // null: no dictionary
  std::string warning_;
};

}  // namespace sakuin::text
