// simple_analyzers.h: "whitespace" (pieces between blanks, as they are) and
// "keyword" (the whole value as one folded term). Thread-safe.
#pragma once

#include <string_view>

#include "text/analyzer.h"

namespace sakuin::text {

class WhitespaceAnalyzer final : public Analyzer {
 public:
  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::string_view name() const override { return "whitespace"; }
  uint64_t fingerprint() const override;
};

class KeywordAnalyzer final : public Analyzer {
 public:
  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::string_view name() const override { return "keyword"; }
  uint64_t fingerprint() const override;
};

}  // namespace sakuin::text
