#include "relevance/evaluation.h"

#include <utility>

#include "relevance/trec_lines.h"

namespace sakuin::relevance {

namespace {

std::vector<double> Overall(const Evaluation& evaluation) {
  std::vector<double> overall(evaluation.measures.size(), 0.0);
  for (const QueryEvaluation& query : evaluation.queries) {
    for (size_t i = 0; i < overall.size(); ++i) overall[i] += query.values[i];
  }
  for (size_t i = 0; i < overall.size(); ++i) {
    if (!evaluation.measures[i].IsTotal()) overall[i] /= static_cast<double>(evaluation.queries.size());
  }
  return overall;
}

std::vector<double> ValuesOf(const Evaluation& evaluation, size_t measure) {
  std::vector<double> values;
  values.reserve(evaluation.queries.size());
  for (const QueryEvaluation& query : evaluation.queries) values.push_back(query.values[measure]);
  return values;
}

Status CheckComparable(const Evaluation& evaluation, const Evaluation& baseline) {
  if (evaluation.measures != baseline.measures) return InvalidArgumentError("comparison: expected the same measures on both sides");
  if (evaluation.queries.size() != baseline.queries.size()) {
    return InvalidArgumentError("comparison: expected the same queries on both sides, found " + std::to_string(evaluation.queries.size()) + " and " +
                                std::to_string(baseline.queries.size()));
  }
  for (size_t i = 0; i < evaluation.queries.size(); ++i) {
    if (evaluation.queries[i].query == baseline.queries[i].query) continue;
    return InvalidArgumentError("comparison: expected the same queries on both sides, found " + Quote(evaluation.queries[i].query) + " and " +
                                Quote(baseline.queries[i].query));
  }
  return OkStatus();
}

}  // namespace

Evaluator::Evaluator(const Qrels& qrels, std::vector<Measure> measures)
    : qrels_(qrels), measures_(std::move(measures)), values_(qrels.queries().size()), has_documents_(qrels.queries().size(), false) {}

Status Evaluator::Add(const RankedList& list) {
  RETURN_IF_ERROR(CheckRankedList(list));
  const std::optional<size_t> place = qrels_.IndexOf(list.query);
  const bool is_new = place ? values_[*place].empty() : unknown_.emplace(list.query, true).second;
  if (!is_new) return AlreadyExistsError("evaluation: expected every query once, found " + Quote(list.query) + " again");
  if (!place) return OkStatus();
  values_[*place] = MeasureRanking(list, qrels_.queries()[*place], qrels_.largest_grade(), measures_);
  has_documents_[*place] = !list.documents.empty();
  return OkStatus();
}

Result<Evaluation> Evaluator::Finish() {
  Evaluation evaluation{.measures = std::move(measures_), .queries = {}, .overall = {}};
  evaluation.queries_without_judgments = unknown_.size();
  for (size_t i = 0; i < values_.size(); ++i) {
    const QueryJudgments& judgments = qrels_.queries()[i];
    if (judgments.relevant() == 0) {
      ++evaluation.queries_without_positive_judgment;
      continue;
    }
    if (!has_documents_[i]) ++evaluation.queries_without_ranking;
    if (values_[i].empty()) values_[i] = MeasureRanking({}, judgments, qrels_.largest_grade(), evaluation.measures);
    evaluation.queries.push_back({judgments.query(), std::move(values_[i])});
  }
  if (evaluation.queries.empty()) {
    return FailedPreconditionError("qrels: expected at least one query with a positive judgment, found none among " +
                                   std::to_string(qrels_.queries().size()) + " judged queries; there is nothing to average");
  }
  evaluation.overall = Overall(evaluation);
  return evaluation;
}

Result<Evaluation> Evaluate(const Run& run, const Qrels& qrels, std::vector<Measure> measures) {
  Evaluator evaluator(qrels, std::move(measures));
  for (const RankedList& list : run.lists()) RETURN_IF_ERROR(evaluator.Add(list));
  return evaluator.Finish();
}

Result<std::vector<MeasureComparison>> CompareEvaluations(const Evaluation& evaluation, const Evaluation& baseline,
                                                          const RandomisationOptions& options) {
  RETURN_IF_ERROR(CheckComparable(evaluation, baseline));
  std::vector<MeasureComparison> comparisons;
  for (size_t i = 0; i < evaluation.measures.size(); ++i) {
    const PairedComparison paired = ComparePaired(ValuesOf(evaluation, i), ValuesOf(baseline, i), options);
    comparisons.push_back({evaluation.measures[i], evaluation.overall[i], baseline.overall[i], paired});
  }
  return comparisons;
}

}  // namespace sakuin::relevance
