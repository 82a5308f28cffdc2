// term_pattern.h: which words a prefix, wildcard, fuzzy word or regular expression stands for.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "index/segment_reader.h"
#include "searcher/budget.h"
#include "searcher/query.h"

namespace sakuin::searcher {

using TermTest = std::function<bool(std::string_view)>;

// True for the terms that `pattern` stands for; an empty function for other
// kinds of query. INVALID_ARGUMENT for a regular expression that RE2 refuses.
Result<TermTest> MakeTermTest(const Query& pattern);

// The documents that have one of these terms in a segment's field, a bit each.
// Cost: the part of the dictionary where matches can be, and their postings, as
// far as `budget` allows; it may be null.
Result<std::vector<uint64_t>> DocumentsOfPattern(const Query& pattern, const index::FieldReader& field, uint32_t documents, Budget* budget);

// Sets the bits of the documents that have the term. REQUIRES: a bit for every document of the segment.
Status AddDocumentsOfTerm(const index::FieldReader& field, const index::TermEntry& entry, std::vector<uint64_t>& words);

}  // namespace sakuin::searcher
