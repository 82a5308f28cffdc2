// score_function.h: what beside its words makes a document better: how new it
// is, how popular.
//
//   ParseScoreFunctions("recency(date, 30d)^0.5, popularity(views, 1000)")
//
// The score of a match is multiplied by 1 + weight * value for every function;
// a value is between 0 and 1:
//
//   recency(FIELD, HALF-LIFE)    2^(-age / half-life); 1 for what is not older than now
//   popularity(FIELD, PIVOT)     v / (v + pivot); half at the pivot (a saturation, as in
//                                Craswell et al., "Relevance weighting for query
//                                independent evidence", SIGIR 2005)
//
// A document without a value keeps its score, so preferences never decide what
// matches. The best of several values counts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "index/snapshot.h"
#include "searcher/search_request.h"

namespace sakuin::searcher {

// Half-lives are a number and s, m, h, d, w or y. INVALID_ARGUMENT, with what was expected, for anything else.
Result<std::vector<ScoreFunction>> ParseScoreFunctions(std::string_view text);

// The functions of a request over the columns of an index. Not thread-safe.
class ScoreFactors {
 public:
  // Ages are counted from `now`, microseconds since 1970. INVALID_ARGUMENT for a
  // field without a fitting column. `functions` and `snapshot` outlive this.
  static Result<ScoreFactors> Make(const std::vector<ScoreFunction>& functions, const index::Snapshot& snapshot, int64_t now);

  Status StartPart(const index::Snapshot::Part& part);

  // Of a document of the part: 1 <= factor <= largest().
  float Of(index::DocId doc) const;
  float largest() const { return largest_; }

  // `words` with the factors around it; their product is the score.
  Explanation Explain(index::DocId doc, Explanation words) const;

 private:
  struct Bound {
    const ScoreFunction* function;
    index::FieldId field;
    bool as_float;
    const index::Column* column = nullptr;
  };

  float Of(const Bound& bound, index::DocId doc) const;

  int64_t now_ = 0;
  float largest_ = 1;
  std::vector<Bound> bounds_;
};

}  // namespace sakuin::searcher
