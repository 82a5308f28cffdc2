// measures.h: effectiveness measures: names, parsing of names, and values for one ranking.
//
//   ASSIGN_OR_RETURN(const std::vector<Measure> measures, ParseMeasures("nDCG@10,AP,RR@10"));
//   std::vector<double> values = MeasureRanking(list, judgments, qrels.largest_grade(), measures);
//   measures[0].Name()     // "nDCG@10"
//
// Names are those of ir_measures, values those of trec_eval (where it has the
// measure); formulas and conventions: docs/relevance.md. In short: relevant is
// a grade above 0; an unjudged document is not relevant; a negative grade
// brings no gain; a cutoff deeper than the ranking is filled up with documents
// that are not relevant. Pure; thread-safe. Averages over queries, and which
// queries count, are in evaluation.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "relevance/qrels.h"
#include "relevance/run.h"

namespace sakuin::relevance {

enum class MeasureKind {
  kNdcg,                // normalised discounted cumulative gain: gain = grade, discount log2(rank + 1)
  kAveragePrecision,    // AP; its mean is called MAP
  kReciprocalRank,      // 1 / rank of the first relevant document
  kPrecision,           // relevant documents in the first k, out of k
  kRecall,              // relevant documents in the first k, out of all relevant
  kRPrecision,          // precision at as many documents as are relevant
  kBpref,               // binary preference: looks at judged documents only
  kErr,                 // expected reciprocal rank
  kRbp,                 // rank-biased precision, binary
  kSuccess,             // 1 when the first k hold a relevant document
  kJudged,              // part of the first k (or fewer, when fewer came back) with a judgment of any grade
  kNumRelevant,         // counts: their overall value is a total, not a mean
  kNumReturned,
  kNumRelevantReturned,
};

inline constexpr uint32_t kNoCutoff = 0;
inline constexpr double kDefaultPersistence = 0.8;
// Expected reciprocal rank takes this for the best grade possible, unless the judgments hold a better one (as gdeval does).
inline constexpr int32_t kErrBestGrade = 4;

struct Measure {
  MeasureKind kind;
  uint32_t cutoff = kNoCutoff;
  double persistence = kDefaultPersistence;  // kRbp only

  // The one spelling that is printed: "nDCG@10", "AP", "RBP(p=0.8)@20".
  std::string Name() const;

  // True for the counts.
  bool IsTotal() const;

  friend bool operator==(const Measure&, const Measure&) = default;
};

// One name, upper or lower case. `MAP`, `MRR`, `Precision` and `Recall` are
// read as AP, RR, P and R; `RBP@0.8` as `RBP(p=0.8)`.
Result<Measure> ParseMeasure(std::string_view text);

// A list with commas, at least one. The error message lists the known names.
Result<std::vector<Measure>> ParseMeasures(std::string_view text);

// "nDCG nDCG@k AP AP@k ...": for help and error messages.
std::string KnownMeasures();

// What `sakuin eval` computes unless told otherwise.
inline constexpr std::string_view kDefaultMeasures = "nDCG@10,AP,RR@10,P@10,R@100,R@1000,Judged@10";

// One value for each measure. The order of list.documents is the ranking.
// `largest_grade` is that of the whole qrels (for kErr). Cost: one lookup a
// document, then linear in the documents for each measure.
// REQUIRES: CheckRankedList(list) is OK.
std::vector<double> MeasureRanking(const RankedList& list, const QueryJudgments& judgments, int32_t largest_grade,
                                   std::span<const Measure> measures);

}  // namespace sakuin::relevance
