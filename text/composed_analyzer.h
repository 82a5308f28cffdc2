// composed_analyzer.h: an analyzer with filters behind it, one after the other.
//
//   ComposedAnalyzer::Make("standard+possessive+stop_english+porter2")
//
// Every analyzer may stand in front; "standard" leaves a word with an apostrophe
// whole there (don't, istanbul'da) for the filters. Immutable and thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/analyzer.h"
#include "text/token_filter.h"

namespace sakuin::text {

class ComposedAnalyzer final : public Analyzer {
 public:
  // INVALID_ARGUMENT when a part is not known.
  static Result<std::shared_ptr<const Analyzer>> Make(const std::string& name);

  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::string_view name() const override { return name_; }
  uint64_t fingerprint() const override;
  const Analyzer* second_view() const override { return tokenizer_->second_view(); }
  std::string_view warning() const override { return tokenizer_->warning(); }

 private:
  explicit ComposedAnalyzer(std::string name) : name_(std::move(name)) {}

  std::string name_;
  std::shared_ptr<const Analyzer> tokenizer_;
  std::vector<std::shared_ptr<const TokenFilter>> filters_;
};

}  // namespace sakuin::text
