#include "searcher/execution.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>
#include <vector>

#include "searcher/plan_binding.h"

namespace sakuin::searcher {

using index::DocId;
using index::Snapshot;

namespace {

// The documents among base .. base + 4095 that exist and are not deleted.
DocBits LiveDocuments(const Snapshot::Part& part, DocId base) {
  DocBits live;
  const uint32_t documents = part.segment->documents();
  if (documents - base >= kWindowDocs) {
    live.SetAll();
  } else {
    live.Clear();
    const uint32_t n = documents - base;
    for (uint32_t w = 0; w < n / 64; ++w) live.words[w] = UINT64_MAX;
    if (n % 64 != 0) live.words[n / 64] = (uint64_t{1} << n % 64) - 1;
  }
  if (part.deleted == nullptr) return live;
  const std::vector<uint64_t>& deleted = part.deleted->words();
  for (uint32_t w = 0; w < kWindowWords && base / 64 + w < deleted.size(); ++w) live.words[w] &= ~deleted[base / 64 + w];
  return live;
}

// Live documents before `end`, which is a multiple of 64 or the end of the segment.
uint64_t LiveBefore(const Snapshot::Part& part, DocId end) {
  if (part.deleted == nullptr) return end;
  uint64_t deleted = 0;
  for (size_t w = 0; w < (size_t{end} + 63) / 64; ++w) deleted += static_cast<uint64_t>(std::popcount(part.deleted->words()[w]));
  return end - deleted;
}

}  // namespace

// A segment with the query bound to it.
struct Execution::BoundPart {
  const Snapshot::Part* part = nullptr;
  std::unique_ptr<Matcher> matcher;  // null: nothing matches
  std::unique_ptr<Matcher> filter;   // null: all pass
  bool nothing = false;

  uint64_t postings_read() const { return nothing ? 0 : matcher->postings_read() + (filter == nullptr ? 0 : filter->postings_read()); }

  // The documents of a window that are live and pass the filter.
  DocBits Wanted(DocId base) const {
    const DocBits live = LiveDocuments(*part, base);
    if (filter == nullptr) return live;
    DocBits passed;
    filter->Select(base, live, passed);
    return passed;
  }

  Status status() const {
    if (nothing) return OkStatus();
    if (filter != nullptr) RETURN_IF_ERROR(filter->status());
    return matcher->status();
  }
};

Execution::Execution(const Snapshot& snapshot, const PlanNode& root, const PlanNode* filter, const ExecutionLimits& limits, ScoreFactors* factors,
                     Profile* profile)
    : snapshot_(snapshot), root_(root), filter_(filter), budget_(limits), factors_(factors), profile_(profile) {}

Result<Execution::BoundPart> Execution::Open(uint32_t p) {
  BoundPart bound;
  bound.part = &snapshot_.parts()[p];
  shards_.insert(bound.part->shard);
  ASSIGN_OR_RETURN(bound.matcher, Bind(root_, *bound.part, {&budget_, profile_}));
  if (filter_ != nullptr) {
    ASSIGN_OR_RETURN(bound.filter, Bind(*filter_, *bound.part, {&budget_, profile_}));
  }
  if (factors_ != nullptr) RETURN_IF_ERROR(factors_->StartPart(*bound.part));
  bound.nothing = bound.matcher == nullptr || (filter_ != nullptr && bound.filter == nullptr);
  return bound;
}

Status Execution::ForEachPart(const std::function<Status(uint32_t part, BoundPart& bound)>& run) {
  stopped_ = false;
  postings_read_ = searched_ = scored_ = 0;
  for (uint32_t p = 0; p < snapshot_.parts().size() && !stopped_; ++p) {
    ASSIGN_OR_RETURN(BoundPart bound, Open(p));
    RETURN_IF_ERROR(run(p, bound));
  }
  return OkStatus();
}

template <typename EachWindow>
Status Execution::RunWindows(BoundPart& bound, EachWindow each) {
  const uint32_t documents = bound.part->segment->documents();
  DocId base = 0;
  while (base < documents && !(stopped_ = budget_.Spent(postings_read_ + bound.postings_read()))) {
    base = bound.nothing ? documents : std::min(each(base), documents);
  }
  searched_ += LiveBefore(*bound.part, base);
  postings_read_ += bound.postings_read();
  return bound.status();
}

Status Execution::ForEachMatch(const StartPart& start_part, const VisitWindow& visit) {
  const auto window = std::make_unique_for_overwrite<Window>();
  return ForEachPart([&](uint32_t p, BoundPart& bound) -> Status {
    RETURN_IF_ERROR(start_part(p));
    return RunWindows(bound, [&](DocId base) {
      FillScored(bound, base, *window);
      visit(p, base, *window);
      return base + kWindowDocs;
    });
  });
}

Result<uint64_t> Execution::Count() {
  uint64_t total = 0;
  RETURN_IF_ERROR(ForEachPart([&](uint32_t, BoundPart& bound) {
    return RunWindows(bound, [&](DocId base) {
      DocBits bits;
      bound.matcher->Select(base, bound.Wanted(base), bits);
      total += bits.Count();
      return base + kWindowDocs;
    });
  }));
  return total;
}

Status Execution::Best(TopHits& top) {
  return ForEachPart([&](uint32_t p, BoundPart& bound) -> Status {
    RETURN_IF_ERROR(top.StartPart(p));
    return BestOfPart(bound, top);
  });
}

Status Execution::BestOfPart(BoundPart& bound, TopHits& top) {
  ScoreShape shape;
  if (!bound.nothing) bound.matcher->Describe(Role::kRequired, shape);
  const std::unique_ptr<CandidateFinder> finder = MakeCandidateFinder(std::move(shape));
  if (finder == nullptr) {
    const auto window = std::make_unique_for_overwrite<Window>();
    return RunWindows(bound, [&](DocId base) {
      ScoreAll(bound, base, *window, top);
      return base + kWindowDocs;
    });
  }
  if (bound.filter == nullptr && bound.part->deleted == nullptr) top.ExpectAtLeast(Slackened(finder->ScoreOfBest(top.k()), 1));
  const auto found = std::make_unique_for_overwrite<Candidates>();
  return RunWindows(bound, [&](DocId base) {
    if (profile_ == nullptr) {
      finder->Find(base, Needed(top), *found);
    } else {
      const Stopwatch watch(profile_->candidates);
      finder->Find(base, Needed(top), *found);
    }
    if (found->count > 0) ScoreCandidates(bound, base, *found, top);
    return found->next;
  });
}

void Execution::ScoreAll(BoundPart& bound, DocId base, Window& window, TopHits& top) {
  FillScored(bound, base, window);
  window.bits.ForEach([&](uint32_t i) { top.Offer(base + i, window.score[i]); });
  top.Tighten();
}

void Execution::FillScored(BoundPart& bound, DocId base, Window& window) {
  bound.matcher->Fill(base, bound.Wanted(base), window);
  scored_ += window.bits.Count();
  if (factors_ != nullptr) window.bits.ForEach([&](uint32_t i) { window.score[i] *= factors_->Of(base + i); });
}

// Where there are many, those with the best bounds go first: they raise the threshold for the others.
void Execution::ScoreCandidates(BoundPart& bound, DocId base, const Candidates& found, TopHits& top) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const DocBits wanted = bound.Wanted(base);
  if (found.count <= 2 * top.k() + kBatchDocs / 4) return ScoreBetween(bound, base, found, wanted, kInfinity, -kInfinity, top);
  bounds_.assign(found.bound, found.bound + found.count);
  const auto kth = bounds_.begin() + static_cast<ptrdiff_t>(top.k() - 1);
  std::nth_element(bounds_.begin(), kth, bounds_.end(), std::greater<>());
  const float first = *kth;
  ScoreBetween(bound, base, found, wanted, kInfinity, first, top);
  ScoreBetween(bound, base, found, wanted, first, -kInfinity, top);
}

// Those whose bound is below `below`, not below `least`, and good enough for the threshold as it rises.
void Execution::ScoreBetween(BoundPart& bound, DocId base, const Candidates& found, const DocBits& wanted, float below, float least, TopHits& top) {
  DocBatch batch;
  batch.base = base;
  float enough = std::max(least, Slackened(Needed(top), found.summands));
  for (uint32_t i = 0; i < found.count; ++i) {
    if (found.bound[i] < enough || found.bound[i] >= below || !wanted.Has(found.at[i])) continue;
    batch.at[batch.count++] = found.at[i];
    if (batch.count < kBatchDocs) continue;
    ScoreBatch(bound, batch, top);
    enough = std::max(least, Slackened(Needed(top), found.summands));
  }
  ScoreBatch(bound, batch, top);
}

void Execution::ScoreBatch(BoundPart& bound, DocBatch& batch, TopHits& top) {
  if (batch.count == 0) return;
  float scores[kBatchDocs];
  uint64_t matches = bound.matcher->ScoreBatch(batch, batch.all(), scores);
  scored_ += static_cast<uint64_t>(std::popcount(matches));
  for (; matches != 0; matches &= matches - 1) {
    const int i = std::countr_zero(matches);
    const DocId doc = batch.base + batch.at[i];
    top.Offer(doc, factors_ == nullptr ? scores[i] : scores[i] * factors_->Of(doc));
  }
  top.Tighten();
  batch.count = 0;
}

}  // namespace sakuin::searcher
