// suggester.h: did you mean: a query in which misspelled words are replaced by
// words of the index.
//
//   Suggester suggester(searcher);
//   ASSIGN_OR_RETURN(auto suggestion, suggester.Suggest(text, parsed.query, /*rare_too=*/false));
//   if (suggestion.has_value()) ... suggestion->query      // title:"serch engine"~2 -> title:"search engine"~2
//
// Only bytes of words change: operators, fields, quotes and weights stay as the
// person wrote them. Looked at are words and phrases that a document may have;
// patterns, values and what must not match are left alone.
//
// A word is doubtful when no document has it, or (rare_too) when a word one edit
// away is in kMuchRarer times as many. Every word of the dictionary within the
// EditLimit of spelling.h is weighed as ln(documents) - 4 * edits; the best of
// which a document can be shown replaces it, written as documents write it. In
// Korean, Japanese and Chinese the neighbours of a doubtful word are tried
// together with it, for a misspelled word is often cut in the wrong places; a
// proposal may then leave no unknown piece beside it, and a word with Han
// characters keeps its length.
//
// Thread-safe under const; the searcher must outlive it. Cost: bounded by
// kMaxSuggestTerms words of dictionaries and kMaxDoubtful doubtful words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "searcher/query.h"
#include "searcher/searcher.h"

namespace sakuin::searcher {

inline constexpr uint64_t kMaxSuggestTerms = 200'000;
inline constexpr size_t kMaxDoubtful = 8;
inline constexpr uint64_t kMuchRarer = 50;
// An answer with fewer hits than this is worth asking about rare words too.
inline constexpr uint64_t kFewHits = 3;

struct Correction {
  SourceRange source;  // bytes of the query as it was given
  std::string word;
  uint64_t documents = 0;  // that have the word; never 0
};

struct Suggestion {
  std::string query;
  std::vector<Correction> corrections;  // in the order of the query; at least one
};

class Suggester {
 public:
  explicit Suggester(const Searcher& searcher) : searcher_(searcher) {}

  // `query` is what was parsed of `text`. Nothing when there is nothing better.
  Result<std::optional<Suggestion>> Suggest(std::string_view text, const Query& query, bool rare_too) const;

 private:
  const Searcher& searcher_;
};

}  // namespace sakuin::searcher
