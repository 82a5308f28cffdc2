// english_analyzer.h: "english", token for token what Lucene's EnglishAnalyzer
// gives: UAX #29 words, possessive 's off, lower case, 33 stop words left out
// (their positions stay empty), Porter's stemmer of 1980.
//
//   "The runner's running shoes" -> runner [4,12) pos 1   run [13,20) pos 2   shoe [21,26) pos 3
//
// No accents or widths are folded, as in Lucene; "english_plus" does that.
// The one difference: a term of more than 255 bytes is cut. Thread-safe.
#pragma once

#include <string_view>

#include "text/analyzer.h"

namespace sakuin::text {

class EnglishAnalyzer final : public Analyzer {
 public:
  EnglishAnalyzer();

  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::string_view name() const override { return "english"; }
  uint64_t fingerprint() const override { return fingerprint_; }

 private:
  uint64_t fingerprint_;
};

}  // namespace sakuin::text
