// bigram_analyzer.h: "bigram": overlapping pairs of Chinese, Japanese and Korean
// characters, words of other scripts whole. The second view beside morphemes.
//
//   "검색엔진 API"  ->  검색 [0,6)  색엔 [3,9)  엔진 [6,12)  api [13,16)
//
// Thread-safe.
#pragma once

#include <string_view>

#include "text/analyzer.h"

namespace sakuin::text {

class BigramAnalyzer final : public Analyzer {
 public:
  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::string_view name() const override { return "bigram"; }
  uint64_t fingerprint() const override;
};

// The one that other analyzers offer as their second view.
const BigramAnalyzer& SharedBigrams();

}  // namespace sakuin::text
