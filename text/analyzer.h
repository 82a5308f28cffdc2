// analyzer.h: start here. How writing becomes terms, the same way at indexing
// and at query time.
//
//   ASSIGN_OR_RETURN(std::shared_ptr<const Analyzer> analyzer, MakeAnalyzer("korean"));
//   TokenList tokens;
//   analyzer->Analyze("한국전력공사는 전기를 판다", AnalysisMode::kIndex, tokens);
//
// Analyzers are immutable and thread-safe: one object serves every thread
// (what a library wants per thread is kept per thread inside).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/token.h"

namespace sakuin::text {

// A few analyzers see more in a document than in a query: single characters of
// an ideographic run are indexed beside its bigrams, but asked for only when a
// run is one character long.
enum class AnalysisMode { kIndex, kQuery };

class Analyzer {
 public:
  virtual ~Analyzer() = default;

  // Appends the tokens of `text` to `out`. The first of them stands on
  // position out.next_position(), so that several values of a field can follow
  // each other. `text` is any bytes; what is not UTF-8 is read as U+FFFD and
  // counted in out.invalid_bytes. Cost: linear in the text. Texts of 4 GiB and
  // more are refused by callers.
  virtual void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const = 0;

  // The analyzers one of which made the tokens of any document in which `phrase`
  // stands: a phrase is looked for as each of them cuts it. This one alone,
  // unless it takes each text for what it is. They live as long as this one.
  virtual std::vector<const Analyzer*> ReadingsOf(std::string_view /*phrase*/) const { return {this}; }

  // The name under which MakeAnalyzer makes an equal one.
  virtual std::string_view name() const = 0;

  // Equal for two analyzers only if they give equal tokens: version of the
  // code, of the libraries and of the dictionaries. A segment records it.
  virtual uint64_t fingerprint() const = 0;

  // The second view of the same text (overlapping bigrams beside morphemes),
  // which an index keeps as terms of their own; null when there is none.
  virtual const Analyzer* second_view() const { return nullptr; }

  // What a person should know, for instance that a dictionary is missing and
  // rules stand in for it; empty as a rule.
  virtual std::string_view warning() const { return {}; }
};

// By name: "standard", "english", "japanese", "korean", "chinese", "auto",
// "whitespace", "keyword", "bigram", any Snowball language, or a composition
// "TOKENIZER+FILTER+FILTER..." of docs/analysis.md. INVALID_ARGUMENT with the
// known names for anything else. The result is shared: asking twice is cheap.
Result<std::shared_ptr<const Analyzer>> MakeAnalyzer(std::string_view name);

// Every plain name MakeAnalyzer knows, sorted.
std::vector<std::string> AnalyzerNames();

}  // namespace sakuin::text
