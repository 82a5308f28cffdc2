// plan.h: a query made ready for an index: analysed, weighted, and free of the
// person's syntax. One plan serves all segments (plan_binding.h).
//
//   ASSIGN_OR_RETURN(Plan plan, MakePlan(query, *snapshot, analyzers, ranking));
//
// Weights come from the statistics of the whole index without its deleted
// documents, so that scores do not depend on shards or segments. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "index/snapshot.h"
#include "searcher/query.h"
#include "searcher/similarity.h"
#include "text/analyzer.h"

namespace sakuin::searcher {

enum class RankingKind { kDefault, kBm25 };

struct Ranking {
  RankingKind kind = RankingKind::kDefault;
  // Asked for: they count before what the schema says of a field, and that before
  // kPlainBm25 or kLevellingBm25.
  std::optional<float> k1;
  std::optional<float> b;
  float title_vote = 0.3F;     // default ranking: what a field called title adds, if the schema does not say
  float second_view_vote = 0.3F;
  float adjacency_vote = 0.2F;   // and neighbours in the query that are neighbours in the text
};

struct PlanNode {
  // kNoWord: of a text without words (a stop word, ":)"), which neither matches nor excludes.
  enum class Kind { kNone, kNoWord, kAll, kTerm, kPhrase, kTerms, kRange, kKeys, kExists, kBoolean };

  struct PhraseWord {
    std::string term;
    uint32_t position;
  };
  struct Child {
    Occur occur;
    std::unique_ptr<PlanNode> node;
  };

  Kind kind = Kind::kNone;
  index::FieldId field = index::kNoField;
  std::string label;       // for explanations: "body:fox"
  float boost = 1;         // score of a node that is not weighted by words
  std::string term;        // kTerm
  TermWeight weight;       // kTerm, kPhrase
  TermStatistics statistics;  // kTerm: what the weight was made of
  std::vector<PhraseWord> words;  // kPhrase
  uint32_t slop = 0;
  bool if_positions = false;      // kPhrase: nothing, instead of an error, in a field without positions
  std::optional<Query> pattern;   // kTerms: Prefix, Wildcard, Fuzzy or Regexp
  int64_t lower = 0;       // kRange over numbers, inclusive
  int64_t upper = 0;
  bool as_float = false;
  bool strings = false;    // kRange over strings; as kKeys:
  std::optional<std::string> lower_text;
  std::optional<std::string> upper_text;
  bool include_lower = true;
  bool include_upper = true;
  std::vector<Child> children;    // kBoolean
};

struct Plan {
  std::unique_ptr<PlanNode> root;
  std::vector<std::string> warnings;
};

// The analyzers of a snapshot's schema. Thread-safe once made.
class QueryAnalyzers {
 public:
  static Result<QueryAnalyzers> Make(const index::Schema& schema);
  const text::Analyzer& Get(const std::string& name) const { return *analyzers_.at(name); }
  // Those whose words stand in the field of all text; at least one.
  const std::vector<const text::Analyzer*>& all() const { return all_; }

 private:
  std::map<std::string, std::shared_ptr<const text::Analyzer>> analyzers_;
  std::vector<const text::Analyzer*> all_;
};

Result<Plan> MakePlan(const Query& query, const index::Snapshot& snapshot, const QueryAnalyzers& analyzers, const Ranking& ranking);

}  // namespace sakuin::searcher
