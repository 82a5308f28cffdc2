#include "searcher/searcher.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "searcher/execution.h"
#include "searcher/explainer.h"
#include "searcher/facets.h"
#include "searcher/highlighter.h"
#include "searcher/profile.h"
#include "searcher/rescorer.h"
#include "searcher/top_hits.h"

namespace sakuin::searcher {
namespace {

using index::DocId;
using index::Snapshot;

// By score alone: the best hits, and apart from them the number of matches.
Status FindBest(const SearchRequest& request, Execution& execution, TopHits& top, SearchAnswer& answer) {
  if (request.top > 0) RETURN_IF_ERROR(execution.Best(top));
  answer.total = execution.documents_scored();
  answer.total_exact = false;
  if (execution.stopped() || !request.exact_total) return OkStatus();
  ASSIGN_OR_RETURN(answer.total, execution.Count());
  answer.total_exact = !execution.stopped();
  return OkStatus();
}

// In another order, or with facets: every match counts.
Status VisitAll(const Snapshot& snapshot, Execution& execution, TopHits& top, std::vector<FacetCounter>& facets, SearchAnswer& answer) {
  const auto start_part = [&](uint32_t p) -> Status {
    for (FacetCounter& counter : facets) RETURN_IF_ERROR(counter.StartPart(snapshot.parts()[p]));
    return top.StartPart(p);
  };
  const auto visit = [&](uint32_t, DocId base, const Window& window) {
    answer.total += window.bits.Count();
    window.bits.ForEach([&](uint32_t i) { top.Offer(base + i, window.score[i]); });
    for (FacetCounter& counter : facets) window.bits.ForEach([&](uint32_t i) { counter.Count(base + i); });
  };
  RETURN_IF_ERROR(execution.ForEachMatch(start_part, visit));
  answer.total_exact = !execution.stopped();
  return OkStatus();
}

int64_t MicrosecondsNow() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Where scores do not matter.
Ranking WithoutVotes() {
  Ranking ranking;
  ranking.kind = RankingKind::kBm25;
  return ranking;
}

// Keeps the first candidate of every value; documents without one stay.
Status Collapse(const Snapshot& snapshot, const std::string& field, std::vector<Candidate>& candidates) {
  const index::FieldId id = snapshot.schema().IdOf(field);
  if (id == index::kNoField || !snapshot.schema().fields[id].column) {
    return InvalidArgumentError("cannot collapse by '" + field + "': it is no field with a column; see schema.toml for the fields");
  }
  std::set<std::string> seen;
  size_t kept = 0;
  for (Candidate& candidate : candidates) {
    ASSIGN_OR_RETURN(const index::Column* column, snapshot.parts()[candidate.part].segment->OpenColumn(id));
    if (column->Has(candidate.doc)) {
      const int64_t value = column->Value(column->Begin(candidate.doc));
      const std::string text = column->strings() > 0 ? std::string(column->String(static_cast<uint64_t>(value))) : std::to_string(value);
      if (!seen.insert(text).second) continue;
    }
    if (&candidates[kept] != &candidate) candidates[kept] = std::move(candidate);
    ++kept;
  }
  candidates.resize(kept);
  return OkStatus();
}

}  // namespace

Result<std::unique_ptr<Searcher>> Searcher::Open(FileSystem& fs, const std::string& folder) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot, Snapshot::Open(fs, folder));
  return Make(std::move(snapshot));
}

Result<std::unique_ptr<Searcher>> Searcher::Make(std::shared_ptr<const Snapshot> snapshot) {
  ASSIGN_OR_RETURN(QueryAnalyzers analyzers, QueryAnalyzers::Make(snapshot->schema()));
  std::unique_ptr<Searcher> searcher(new Searcher(std::move(snapshot), std::move(analyzers)));
  searcher->CheckAnalyses();
  return searcher;
}

void Searcher::CheckAnalyses() {
  const auto fingerprint_of = [this](const index::Field& field) { return analyzers_.Get(field.analyzer).fingerprint(); };
  const std::string otherwise = snapshot_->manifest().WhatIsCutOtherwise(fingerprint_of);
  if (!otherwise.empty()) warnings_.push_back(otherwise + ": some words may not be found; index the documents again");
}

ParseOptions Searcher::parse_options(bool strict) const {
  ParseOptions options;
  options.strict = strict;
  options.is_field = [this](std::string_view name) {
    const index::Schema& schema = snapshot_->schema();
    if (name == "_key" || name == schema.id_field) return true;
    const index::Field* field = schema.Find(name);
    return field != nullptr && !field->hidden;
  };
  for (const index::Field& field : snapshot_->schema().fields) {
    if (!field.hidden) options.field_names.push_back(field.name);
  }
  return options;
}

Status Searcher::Check(const SearchRequest& request) const {
  if (request.offset + request.top > kMaxHits) {
    return InvalidArgumentError("asked for hits up to number " + std::to_string(request.offset + request.top) + "; expected at most " +
                                std::to_string(kMaxHits) + ": narrow the search with a filter");
  }
  if (request.rescore.has_value() && !request.sort.empty()) {
    return InvalidArgumentError("hits in another order than by score cannot be rescored: leave out the sort");
  }
  if (request.rescore.has_value() && request.rescore->top > kMaxHits) {
    return InvalidArgumentError("at most " + std::to_string(kMaxHits) + " hits are rescored");
  }
  if (request.rescore.has_value() && !(std::abs(request.rescore->weight) <= kMaxBoost)) {
    return InvalidArgumentError("the weight of rescoring is a number from -1000000 to 1000000");
  }
  return OkStatus();
}

// Texts too long for a column have no place in a sort order and are in no facet.
Status Searcher::WarnOfLongValues(const SearchRequest& request, std::vector<std::string>& warnings) const {
  std::set<std::string> names(request.facets.begin(), request.facets.end());
  for (const SortKey& key : request.sort) names.insert(key.field);
  if (!request.collapse.empty()) names.insert(request.collapse);
  for (const std::string& name : names) {
    const index::FieldId id = snapshot_->schema().IdOf(name);
    if (id == index::kNoField) continue;
    const index::FieldType type = snapshot_->schema().fields[id].type;
    if (type != index::FieldType::kText && type != index::FieldType::kKeyword) continue;
    for (const Snapshot::Part& part : snapshot_->parts()) {
      ASSIGN_OR_RETURN(const index::FieldReader* field, part.segment->OpenField(id));
      ASSIGN_OR_RETURN(const index::Column* column, part.segment->OpenColumn(id));
      if (field == nullptr || column->values() >= field->statistics.documents) continue;
      warnings.push_back("values of field '" + name + "' that are longer than " + std::to_string(index::kMaxColumnStringBytes) +
                         " bytes count as missing here: last in an order, and in no facet");
      break;
    }
  }
  return OkStatus();
}

Result<Searcher::Plans> Searcher::MakePlans(const SearchRequest& request, int64_t now, std::vector<std::string>& warnings) const {
  Plans plans;
  const auto make = [&](const Query& query, Plan& plan) -> Status {
    ASSIGN_OR_RETURN(plan, MakePlan(query, *snapshot_, analyzers_, request.ranking));
    warnings.insert(warnings.end(), plan.warnings.begin(), plan.warnings.end());
    return OkStatus();
  };
  RETURN_IF_ERROR(make(request.query, plans.query));
  if (request.filter.has_value()) RETURN_IF_ERROR(make(*request.filter, plans.filter));
  if (request.rescore.has_value()) RETURN_IF_ERROR(make(request.rescore->query, plans.rescore));
  ASSIGN_OR_RETURN(plans.factors, ScoreFactors::Make(request.prefer, *snapshot_, now));
  return plans;
}

// Best first; totals, facets, coverage and profile go into `answer`.
Result<std::vector<Candidate>> Searcher::FindHits(const SearchRequest& request, Plans& plans, SearchAnswer& answer) const {
  std::vector<FacetCounter> facets;
  for (const std::string& field : request.facets) {
    ASSIGN_OR_RETURN(FacetCounter counter, FacetCounter::Make(*snapshot_, field));
    facets.push_back(std::move(counter));
  }
  const bool collapse = !request.collapse.empty();
  uint64_t wanted = collapse ? kMaxHits : request.offset + request.top;
  if (request.rescore.has_value() && request.top > 0) wanted = std::max<uint64_t>(wanted, request.rescore->top);
  TopHits top(std::max<size_t>(wanted, 1), request.sort, *snapshot_);
  Profile profile;
  Execution execution(*snapshot_, *plans.query.root, plans.filter.root.get(), request.limits, request.prefer.empty() ? nullptr : &plans.factors,
                      request.profile ? &profile : nullptr);
  if (request.sort.empty() && facets.empty() && !collapse) {
    RETURN_IF_ERROR(FindBest(request, execution, top, answer));
  } else {
    RETURN_IF_ERROR(VisitAll(*snapshot_, execution, top, facets, answer));
  }
  answer.coverage = {execution.documents_searched(), snapshot_->documents(), 0, snapshot_->schema().shards, snapshot_->manifest().generation, {}};
  // A shard without segments has nothing to search.
  answer.coverage.shards_searched = execution.stopped() ? static_cast<uint32_t>(execution.shards().size()) : snapshot_->schema().shards;
  if (execution.stopped()) {
    answer.coverage.degraded_reasons.push_back("a limit of time or postings was reached: the answer is the best of the documents searched so far");
  }
  for (size_t i = 0; i < facets.size(); ++i) {
    const auto& [field, counts] = answer.facets.emplace_back(request.facets[i], facets[i].Take(request.facet_top));
    if (facets[i].values() == counts.size()) continue;
    answer.warnings.push_back("field '" + field + "' has " + std::to_string(facets[i].values()) + " values here; shown are the most frequent " +
                              std::to_string(counts.size()));
  }
  if (request.profile) {
    answer.profile = {profile.candidates, profile.Tree(*plans.query.root),
                      plans.filter.root == nullptr ? ClauseCost{} : profile.Tree(*plans.filter.root)};
  }
  std::vector<Candidate> candidates = top.Take();
  if (request.rescore.has_value()) RETURN_IF_ERROR(Rescore(*request.rescore, *plans.rescore.root, *snapshot_, candidates));
  if (collapse) RETURN_IF_ERROR(Collapse(*snapshot_, request.collapse, candidates));
  return candidates;
}

Result<Explanation> Searcher::ExplainHit(const SearchRequest& request, Plans& plans, const Candidate& candidate) const {
  const Snapshot::Part& part = snapshot_->parts()[candidate.part];
  ASSIGN_OR_RETURN(Explanation words, Explain(*plans.query.root, part, candidate.doc));
  RETURN_IF_ERROR(plans.factors.StartPart(part));
  Explanation first = plans.factors.Explain(candidate.doc, std::move(words));
  if (!request.rescore.has_value() || candidate.score == first.value) return first;
  ASSIGN_OR_RETURN(Explanation again, Explain(*plans.rescore.root, part, candidate.doc));
  Explanation second{request.rescore->weight * again.value, "rescoring, " + std::to_string(request.rescore->weight) + " times", {}};
  second.parts.push_back(std::move(again));
  Explanation sum{candidate.score, "sum of", {}};
  sum.parts = {std::move(first), std::move(second)};
  return sum;
}

Result<SearchAnswer> Searcher::Search(const SearchRequest& request) const {
  RETURN_IF_ERROR(Check(request));
  SearchAnswer answer;
  answer.warnings = warnings_;
  RETURN_IF_ERROR(WarnOfLongValues(request, answer.warnings));
  answer.now = request.now.value_or(MicrosecondsNow());
  ASSIGN_OR_RETURN(Plans plans, MakePlans(request, answer.now, answer.warnings));
  ASSIGN_OR_RETURN(const std::vector<Candidate> candidates, FindHits(request, plans, answer));
  std::optional<Highlighter> highlighter;
  if (request.highlight) highlighter.emplace(request.query, snapshot_->schema(), analyzers_);
  for (size_t i = request.offset; i < std::min<size_t>(candidates.size(), request.offset + request.top); ++i) {
    const Candidate& candidate = candidates[i];
    const Snapshot::Part& part = snapshot_->parts()[candidate.part];
    Hit& hit = answer.hits.emplace_back();
    hit.key = part.segment->key(candidate.doc);
    hit.score = candidate.score;
    if (request.documents || request.highlight) RETURN_IF_ERROR(part.segment->stored().Read(candidate.doc, hit.stored));
    if (highlighter.has_value()) hit.highlights = highlighter->Highlight(hit.stored);
    if (request.explain) {
      ASSIGN_OR_RETURN(hit.explanation, ExplainHit(request, plans, candidate));
    }
  }
  const uint64_t there = request.collapse.empty() ? answer.total : candidates.size();
  answer.more = !answer.hits.empty() && request.offset + answer.hits.size() < there;
  return answer;
}

Result<uint64_t> Searcher::Count(const Query& query) const {
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(query, *snapshot_, analyzers_, WithoutVotes()));
  return Execution(*snapshot_, *plan.root, nullptr, {}).Count();
}

Result<std::vector<std::string>> Searcher::MatchingKeys(const Query& query) const {
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(query, *snapshot_, analyzers_, WithoutVotes()));
  if (!plan.warnings.empty()) return InvalidArgumentError(plan.warnings[0]);
  std::vector<std::string> keys;
  const auto visit = [&](uint32_t p, DocId base, const Window& window) {
    window.bits.ForEach([&](uint32_t i) { keys.emplace_back(snapshot_->parts()[p].segment->key(base + i)); });
  };
  RETURN_IF_ERROR(Execution(*snapshot_, *plan.root, nullptr, {}).ForEachMatch([](uint32_t) { return OkStatus(); }, visit));
  return keys;
}

}  // namespace sakuin::searcher
