// chinese_analyzer.h: "chinese": words by ICU's dictionary, long words also by
// the words inside them. Bigrams are the second view.
//
//   "中华人民共和国成立" -> 中华人民共和国, and on the same position 人民, 共和国, ...   成立
//
// A query leaves out function words (的, 怎么办) when it has others. Thread-safe.
#pragma once

#include <string_view>

#include "text/analyzer.h"

namespace sakuin::text {

class ChineseAnalyzer final : public Analyzer {
 public:
  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::string_view name() const override { return "chinese"; }
  uint64_t fingerprint() const override;
  const Analyzer* second_view() const override;
};

}  // namespace sakuin::text
