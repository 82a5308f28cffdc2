#include "searcher/rescorer.h"

#include <algorithm>
#include <bit>

#include "searcher/matcher.h"
#include "searcher/plan_binding.h"

namespace sakuin::searcher {
namespace {

// Adds to the candidates of one part, ascending by document, what `matcher` gives them.
void AddScores(Matcher& matcher, float weight, const std::vector<Candidate*>& candidates) {
  for (size_t i = 0; i < candidates.size();) {
    DocBatch batch;
    batch.base = candidates[i]->doc / kWindowDocs * kWindowDocs;
    const size_t first = i;
    for (; i < candidates.size() && batch.count < kBatchDocs && candidates[i]->doc - batch.base < kWindowDocs; ++i) {
      batch.at[batch.count++] = candidates[i]->doc - batch.base;
    }
    float scores[kBatchDocs];
    for (uint64_t left = matcher.ScoreBatch(batch, batch.all(), scores); left != 0; left &= left - 1) {
      const auto at = static_cast<size_t>(std::countr_zero(left));
      candidates[first + at]->score += weight * scores[at];
    }
  }
}

}  // namespace

Status Rescore(const Rescoring& rescoring, const PlanNode& plan, const index::Snapshot& snapshot, std::vector<Candidate>& candidates) {
  const size_t count = std::min<size_t>(rescoring.top, candidates.size());
  std::vector<std::vector<Candidate*>> of_parts(snapshot.parts().size());
  for (size_t i = 0; i < count; ++i) of_parts[candidates[i].part].push_back(&candidates[i]);
  for (size_t p = 0; p < of_parts.size(); ++p) {
    if (of_parts[p].empty()) continue;
    ASSIGN_OR_RETURN(const std::unique_ptr<Matcher> matcher, Bind(plan, snapshot.parts()[p]));
    if (matcher == nullptr) continue;
    std::sort(of_parts[p].begin(), of_parts[p].end(), [](const Candidate* a, const Candidate* b) { return a->doc < b->doc; });
    AddScores(*matcher, rescoring.weight, of_parts[p]);
    RETURN_IF_ERROR(matcher->status());
  }
  const auto key = [&](const Candidate& candidate) { return snapshot.parts()[candidate.part].segment->key(candidate.doc); };
  std::sort(candidates.begin(), candidates.begin() + static_cast<ptrdiff_t>(count),
            [&](const Candidate& a, const Candidate& b) { return a.score != b.score ? a.score > b.score : key(a) < key(b); });
  return OkStatus();
}

}  // namespace sakuin::searcher
