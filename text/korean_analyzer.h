// korean_analyzer.h: "korean": morphemes by MeCab with mecab-ko-dic, particles
// and endings left out, compounds whole and by their parts.
//
//   "한국전력공사는" -> 한국전력공사 pos 0 length 3, 한국 pos 0, 전력 pos 1, 공사 pos 2
//
// A query asks for the parts of a compound only, and leaves out pronouns
// (무엇, 누구) when it has other words.
//
// The dictionary is looked for at $SAKUIN_MECAB_KO_DIC, beside the program in
// ../share/sakuin/mecab-ko-dic, and in /usr/local/share/sakuin/mecab-ko-dic.
// Without it particles are taken off by rule and words are cut into pairs of
// characters; warning() says so. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "text/analyzer.h"
#include "text/mecab_segmenter.h"

namespace sakuin::text {

class KoreanAnalyzer final : public Analyzer {
 public:
  KoreanAnalyzer();

  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::string_view name() const override { return "korean"; }
  uint64_t fingerprint() const override;
  const Analyzer* second_view() const override;
  std::string_view warning() const override { return warning_; }

 private:
  const MecabSegmenter* mecab_;  // null: no dictionary
  std::string warning_;
};

}  // namespace sakuin::text
