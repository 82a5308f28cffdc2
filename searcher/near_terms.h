// near_terms.h: the words of an index that are spelled almost like another.
//
//   ASSIGN_OR_RETURN(MergedTerms terms, MergedTerms::Open(snapshot, field));
//   TermBudget budget{kMaxSuggestTerms};
//   ASSIGN_OR_RETURN(auto near, FindNearTerms(terms, "serch", 1, budget));   // search, perch, ...
//
// A walk through the sorted dictionary that leaves out every stretch whose
// beginning is too far away already.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "searcher/merged_terms.h"

namespace sakuin::searcher {

struct NearTerm {
  std::string term;
  uint32_t edits = 0;               // of spelling.h
  uint64_t document_frequency = 0;  // of the dictionaries

  bool operator==(const NearTerm&) const = default;
};

// Words other than `word` at most `limit` edits away, and at most one where the
// first unit differs; in byte order. When the budget ends first, only some: those
// that begin alike are looked at first.
Result<std::vector<NearTerm>> FindNearTerms(MergedTerms& terms, std::string_view word, uint32_t limit, TermBudget& budget);

}  // namespace sakuin::searcher
