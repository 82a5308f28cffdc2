// standard_analyzer.h: the default analyzer: any language, safe for mixed text.
//
//   "Ｃ＋＋ in the café, 東京"  ->  c++  in  the  cafe  東京 (kIndex: 東 京 beside it)
//
// Words of ASCII letters and digits take a fast path that looks at bytes only;
// a stretch with anything else is folded code point by code point and cut by
// word_segmenter.h. docs/analysis.md says what comes out. Thread-safe.
#pragma once

#include <string>

#include "text/analyzer.h"
#include "text/code_point_table.h"
#include "text/piece_writer.h"
#include "text/word_segmenter.h"

namespace sakuin::text {

struct StandardOptions {
  FoldKind fold = FoldKind::kAccents;
  RunSplit run_split = RunSplit::kAtScripts;
  ApostropheParts apostrophe_parts = ApostropheParts::kYes;
};

class StandardAnalyzer final : public Analyzer {
 public:
  explicit StandardAnalyzer(std::string name = "standard", StandardOptions options = {});

  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::string_view name() const override { return name_; }
  uint64_t fingerprint() const override { return fingerprint_; }

 private:
  std::string name_;
  StandardOptions options_;
  uint64_t fingerprint_;
};

}  // namespace sakuin::text
