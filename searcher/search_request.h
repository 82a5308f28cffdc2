// search_request.h: what a search is asked, and what it answers. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "searcher/plan.h"
#include "searcher/query.h"
#include "searcher/sort_spec.h"

namespace sakuin::searcher {

// 0: no limit.
struct ExecutionLimits {
  std::chrono::microseconds timeout{0};
  uint64_t postings = 0;  // that may be decoded
};

// What beside its words makes a document better (score_function.h).
struct ScoreFunction {
  enum class Kind { kRecency, kPopularity };
  Kind kind = Kind::kRecency;
  std::string field;
  double scale = 0;  // half-life in microseconds, or pivot
  float weight = 1;
  bool operator==(const ScoreFunction&) const = default;
};

// The best `top` are ordered again by score + weight * their score for `query`;
// those behind them keep their order.
struct Rescoring {
  Query query;
  uint32_t top = 100;
  float weight = 1;
};

struct SearchRequest {
  Query query;
  std::optional<Query> filter;        // has to match, adds no score
  std::vector<SortKey> sort;          // empty: by score
  std::vector<std::string> facets;    // fields
  uint32_t facet_top = 1000;          // values of each, the most frequent
  std::string collapse;               // keep the best hit of every value of this field
  Ranking ranking;
  std::vector<ScoreFunction> prefer;
  std::optional<int64_t> now;         // microseconds since 1970, for recency; none: the clock's
  std::optional<Rescoring> rescore;   // order by score only
  uint32_t top = 10;
  uint64_t offset = 0;
  bool documents = true;              // read stored documents of the hits
  bool highlight = false;
  bool explain = false;
  bool profile = false;
  bool exact_total = true;            // false: a lower bound is enough, which spares a second pass
  ExecutionLimits limits;             // past them the best answer so far
};

// A sum or product and its parts; `value` of the root is the score.
struct Explanation {
  float value = 0;
  std::string description;
  std::vector<Explanation> parts;
};

// What a clause of the query took, and the clauses in it, which are included.
struct ClauseCost {
  std::string clause;
  std::chrono::nanoseconds time{0};
  uint64_t postings = 0;  // decoded
  std::vector<ClauseCost> clauses;
};

struct SearchProfile {
  std::chrono::nanoseconds candidates{0};  // finding documents that can be among the best, for all clauses at once
  ClauseCost query;
  ClauseCost filter;                       // without a clause: there was none
};

// The best passage of one value of a field.
struct HighlightedText {
  std::string text;
  std::vector<std::pair<uint32_t, uint32_t>> ranges;  // byte offsets into text
  uint32_t value = 0;                                 // which of the field's values, from 0
  uint32_t start = 0;                                 // where in it the text begins, in bytes
};

struct Hit {
  std::string key;
  float score = 0;
  std::string stored;  // JSON object
  std::map<std::string, std::vector<HighlightedText>> highlights;
  std::optional<Explanation> explanation;
};

using FacetValue = std::variant<int64_t, double, bool, std::string>;

struct FacetCount {
  FacetValue value;
  uint64_t count = 0;
};

struct Coverage {
  uint64_t documents_searched = 0;
  uint64_t documents_total = 0;
  uint32_t shards_searched = 0;
  uint32_t shards_total = 0;
  uint64_t generation = 0;
  std::vector<std::string> degraded_reasons;
};

struct SearchAnswer {
  std::vector<Hit> hits;
  uint64_t total = 0;
  bool total_exact = true;
  bool more = false;  // hits behind these
  std::vector<std::pair<std::string, std::vector<FacetCount>>> facets;
  Coverage coverage;
  std::optional<SearchProfile> profile;
  std::vector<std::string> warnings;
  int64_t now = 0;  // that ages were counted from; give it with the request for the next page
};

}  // namespace sakuin::searcher
