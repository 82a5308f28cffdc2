// evaluation.h: start here: how good are the answers, and are they better than before?
//
//   ASSIGN_OR_RETURN(const Qrels qrels, ParseQrels(qrels_text, "qrels.txt"));
//   ASSIGN_OR_RETURN(const Run run, ParseRun(run_text, "bm25.run"));
//   ASSIGN_OR_RETURN(const std::vector<Measure> measures, ParseMeasures("nDCG@10,AP"));
//   ASSIGN_OR_RETURN(const Evaluation evaluation, Evaluate(run, qrels, measures));
//   evaluation.overall[0]                       // mean nDCG@10
//   evaluation.queries[3].values[1]             // AP of the fourth query
//
// Or query by query, without keeping a run in memory:
//
//   Evaluator evaluator(qrels, measures);
//   for (const Query& query : queries) RETURN_IF_ERROR(evaluator.Add(Search(query)));
//   ASSIGN_OR_RETURN(const Evaluation evaluation, evaluator.Finish());
//
// Which queries count
//   Those with at least one positive judgment, each with the same weight. One
//   of them that is absent from the run, or for which nothing was found, counts
//   as an empty ranking: 0 (as in trec_eval -c). Queries without a positive
//   judgment are left out; so are queries of the run that the judgments do not
//   know. trec_eval -c agrees on qrels that hold no query without a positive
//   judgment; otherwise it counts those as 0.
//
// The folder reads no files and knows no index: the caller runs the queries
// and hands over text and lists. An Evaluator is not thread-safe; const use of
// everything else may be shared.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/status.h"
#include "relevance/measures.h"
#include "relevance/qrels.h"
#include "relevance/run.h"
#include "relevance/significance.h"

namespace sakuin::relevance {

struct QueryEvaluation {
  std::string query;
  std::vector<double> values;  // one for each measure
};

struct Evaluation {
  std::vector<Measure> measures;
  std::vector<QueryEvaluation> queries;  // the queries that count, in the order of the qrels
  std::vector<double> overall;           // one for each measure: the mean over `queries`, or the total of a count

  // For warnings: what the figures above do not show.
  size_t queries_without_ranking = 0;            // counted as 0: the run has nothing for them
  size_t queries_without_positive_judgment = 0;  // of the qrels; left out
  size_t queries_without_judgments = 0;          // of the run; left out
};

class Evaluator {
 public:
  // The qrels must outlive the evaluator. REQUIRES: at least one measure.
  Evaluator(const Qrels& qrels, std::vector<Measure> measures);

  // The answer to one query, best first. Fails as CheckRankedList does, and with ALREADY_EXISTS for a query added before.
  Status Add(const RankedList& list);

  // FAILED_PRECONDITION when no query has a positive judgment: there is nothing to average. Call once.
  Result<Evaluation> Finish();

 private:
  const Qrels& qrels_;
  std::vector<Measure> measures_;
  std::vector<std::vector<double>> values_;  // by place in qrels_; empty: not added yet
  std::vector<bool> has_documents_;          // by place in qrels_
  TextMap<bool> unknown_;                    // queries added that have no judgments
};

Result<Evaluation> Evaluate(const Run& run, const Qrels& qrels, std::vector<Measure> measures);

struct MeasureComparison {
  Measure measure;
  double value = 0;     // overall
  double baseline = 0;  // overall
  PairedComparison paired;
};

// One entry for each measure. INVALID_ARGUMENT unless both have the same
// measures and queries, that is, were made with the same qrels.
Result<std::vector<MeasureComparison>> CompareEvaluations(const Evaluation& evaluation, const Evaluation& baseline,
                                                          const RandomisationOptions& options = {});

}  // namespace sakuin::relevance
