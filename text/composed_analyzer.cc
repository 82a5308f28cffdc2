#include "text/composed_analyzer.h"

#include <algorithm>

#include "text/fingerprint.h"
#include "text/standard_analyzer.h"

namespace sakuin::text {
namespace {

// The filters decide what becomes of apostrophes, so that the runner's is one word and not two.
Result<std::shared_ptr<const Analyzer>> MakeTokenizer(std::string_view name) {
  if (name != "standard") return MakeAnalyzer(name);
  return std::shared_ptr<const Analyzer>(std::make_shared<StandardAnalyzer>("standard", StandardOptions{.apostrophe_parts = ApostropheParts::kNo}));
}

}  // namespace

Result<std::shared_ptr<const Analyzer>> ComposedAnalyzer::Make(const std::string& name) {
  const std::string_view parts = name;
  size_t at = std::min(parts.find('+'), parts.size());
  std::shared_ptr<ComposedAnalyzer> made(new ComposedAnalyzer(name));
  ASSIGN_OR_RETURN(made->tokenizer_, MakeTokenizer(parts.substr(0, at)));
  while (at < parts.size()) {
    const size_t next = std::min(parts.find('+', at + 1), parts.size());
    ASSIGN_OR_RETURN(std::shared_ptr<const TokenFilter> filter, MakeTokenFilter(parts.substr(at + 1, next - at - 1)));
    made->filters_.push_back(std::move(filter));
    at = next;
  }
  return std::shared_ptr<const Analyzer>(std::move(made));
}

void ComposedAnalyzer::Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const {
  const size_t first = out.size();
  tokenizer_->Analyze(text, mode, out);
  for (const std::shared_ptr<const TokenFilter>& filter : filters_) filter->Apply(mode, first, out);
}

uint64_t ComposedAnalyzer::fingerprint() const { return FingerprintOf("composed", {name_, std::to_string(tokenizer_->fingerprint())}); }

}  // namespace sakuin::text
