// token_filter.h: one step behind a tokenizer: changes, drops or adds tokens.
//
//   ASSIGN_OR_RETURN(std::shared_ptr<const TokenFilter> filter, MakeTokenFilter("length:2-20"));
//   filter->Apply(AnalysisMode::kIndex, first, tokens);
//
// A filter never moves a position: a dropped word leaves its place empty.
// Immutable and thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/analyzer.h"
#include "text/token.h"

namespace sakuin::text {

class TokenFilter {
 public:
  virtual ~TokenFilter() = default;
  // Works on the tokens from number `first` on.
  virtual void Apply(AnalysisMode mode, size_t first, TokenList& tokens) const = 0;
};

// The filters of docs/analysis.md: lowercase, fold, possessive, elision,
// apostrophe, stop_english, stop_lucene, porter, porter2, unique,
// length:MIN-MAX, edge:MIN-MAX, and the Snowball languages. INVALID_ARGUMENT
// with the known names for anything else.
Result<std::shared_ptr<const TokenFilter>> MakeTokenFilter(std::string_view name);

// As they are written, sorted.
std::vector<std::string> TokenFilterNames();

}  // namespace sakuin::text
