#include "searcher/candidates.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>

#include "searcher/block_kernels.h"

namespace sakuin::searcher {
namespace {

using index::DocId;

// A list and where the search stands in it.
struct Walk {
  explicit Walk(ScoredList scored) : list(std::move(scored)) {}

  uint32_t blocks() const { return list.cursor().list().blocks(); }
  bool done() const { return block == blocks(); }
  DocId EarliestDoc(uint32_t b) const { return list.cursor().EarliestDoc(b); }

  // To the first block that reaches `base`; the bound of those that begin before `end`.
  void EnterWindow(DocId base, DocId end) {
    block = list.cursor().list().FindBlock(block, base);
    probe = block;
    window_bound = 0;
    for (uint32_t b = block; b < blocks() && EarliestDoc(b) < end; ++b) window_bound = std::max(window_bound, list.BlockBound(b));
  }

  ScoredList list;
  uint32_t block = 0;        // first of the window
  uint32_t probe = 0;        // of the last document asked for
  float window_bound = 0;
};

std::vector<Walk> Walks(std::vector<ScoredList> lists) {
  std::vector<Walk> walks;
  walks.reserve(lists.size());
  for (ScoredList& list : lists) walks.emplace_back(std::move(list));
  return walks;
}

// What a list does to a candidate.
enum class Effect {
  kAdds,      // its bound is added, where it has the document
  kRequires,  // the same, and a candidate that it does not have is none
  kCaps,      // a candidate that it does not have is none, and no bound is above its own
};

struct Question {
  Effect effect;
  float rest;  // at most, from lists not asked yet
  float threshold;
};

// Of the candidates from `first` to `end`, which lie in one block of `walk`, those that can still
// reach the threshold are kept, from place `kept` on; returns the new end of the kept.
uint32_t ProbeBlock(Walk& walk, DocId base, const Question& question, Candidates& found, uint32_t first, uint32_t end, uint32_t kept) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const bool in_list = walk.probe < walk.blocks();
  const bool caps = question.effect == Effect::kCaps;
  float least = question.threshold - question.rest - (in_list ? walk.list.BlockBound(walk.probe) : 0);
  if (caps) least = least > 0 ? kInfinity : -kInfinity;
  uint32_t asked = kept;
  for (uint32_t i = first; i < end; ++i) {
    found.at[asked] = found.at[i];
    found.bound[asked] = found.bound[i];
    asked += found.bound[i] >= least;
  }
  if (asked == kept) return kept;
  if (!in_list) return question.effect == Effect::kAdds ? asked : kept;
  uint8_t places[kWindowDocs];
  FindAll(walk.list.cursor().Docs(walk.probe), base, found.at + kept, asked - kept, places);
  const uint8_t* place = places;
  const float* bounds = walk.list.PostingBounds(walk.probe);
  for (uint32_t i = kept; i < asked; ++i, ++place) {
    const float bound = caps ? std::min(found.bound[i], bounds[*place]) : found.bound[i] + bounds[*place];
    const bool in = *place != kAbsentPlace || question.effect == Effect::kAdds;
    found.at[kept] = found.at[i];
    found.bound[kept] = bound;
    kept += static_cast<uint32_t>(in) & static_cast<uint32_t>(bound + question.rest >= question.threshold);
  }
  return kept;
}

// Asks `walk` for every candidate.
void Probe(Walk& walk, DocId base, const Question& question, Candidates& found) {
  const index::PostingsList& list = walk.list.cursor().list();
  uint32_t kept = 0;
  for (uint32_t i = 0; i < found.count;) {
    walk.probe = list.FindBlock(walk.probe, base + found.at[i]);
    const uint32_t* const begin = found.at + i;
    const uint32_t* end = found.at + found.count;
    if (walk.probe < walk.blocks()) end = std::upper_bound(begin, end, list.LastDoc(walk.probe) - base);
    const auto next = static_cast<uint32_t>(end - found.at);
    kept = ProbeBlock(walk, base, question, found, i, next, kept);
    i = next;
  }
  found.count = kept;
}

// The postings of a block that are in the window.
struct PostingRange {
  const uint32_t* docs;
  const float* bounds;
  uint32_t count;
};

PostingRange InWindow(Walk& walk, uint32_t block, DocId base) {
  const uint32_t* docs = walk.list.cursor().Docs(block);
  const uint32_t* end = docs + walk.list.cursor().list().SizeOfBlock(block);
  const uint32_t* from = docs[0] >= base ? docs : std::lower_bound(docs, end, base);
  const uint32_t* to = end[-1] - base < kWindowDocs ? end : std::lower_bound(from, end, base + kWindowDocs);
  return {from, walk.list.PostingBounds(block) + (from - docs), static_cast<uint32_t>(to - from)};
}

// The postings in the window that can score `least`.
void KeepBlocks(Walk& walk, DocId base, DocId end, float least, Candidates& out) {
  for (uint32_t b = walk.block; b < walk.blocks() && walk.EarliestDoc(b) < end; ++b) {
    if (walk.list.BlockBound(b) < least) continue;
    const PostingRange in = InWindow(walk, b, base);
    out.count += KeepAtLeast(in.docs, in.bounds, in.count, base, least, out.at + out.count, out.bound + out.count);
  }
}

// ---------------------------------------------------------------- all of

// Blocks of the rarest word lead; a block is decoded, a posting kept, and the
// next word probed only where the bounds reach the threshold: their sum, or, where
// the query is nothing but an exact phrase, the least of them.
class Conjunction : public CandidateFinder {
 public:
  explicit Conjunction(ScoreShape shape) : constant_(shape.constant), constants_(shape.constants) {
    const auto caps = [](const ScoredList& list) { return list.caps(); };
    const auto capping = static_cast<size_t>(std::count_if(shape.required.begin(), shape.required.end(), caps));
    phrase_ = capping > 0 && capping + 1 == shape.required.size() && shape.any.empty() && shape.optional.empty();
    for (ScoredList& list : shape.required) {
      if (list.caps() && !phrase_) list.DropWeight();
    }
    std::stable_sort(shape.required.begin(), shape.required.end(),
                     [](const ScoredList& a, const ScoredList& b) { return a.document_frequency() < b.document_frequency(); });
    required_ = shape.required.size();
    for (auto* lists : {&shape.any, &shape.optional}) std::move(lists->begin(), lists->end(), std::back_inserter(shape.required));
    walks_ = Walks(std::move(shape.required));
  }

  void Find(DocId base, float asked, Candidates& out) override {
    const DocId end = base + kWindowDocs;
    out.Clear(base);
    out.summands = walks_.size() + constants_;
    const float threshold = Slackened(asked, out.summands);
    double sum = 0;  // in double: bounds are taken off it again
    float least = std::numeric_limits<float>::infinity();
    for (size_t i = 0; i < walks_.size(); ++i) {
      Walk& walk = walks_[i];
      walk.EnterWindow(base, end);
      if (i < required_ && (walk.done() || walk.EarliestDoc(walk.block) >= end)) return SkipTo(walk, out);
      sum += walk.window_bound;
      least = std::min(least, walk.window_bound);
    }
    if (constant_ + (phrase_ ? static_cast<double>(least) : sum) < threshold) return;
    double rest = constant_ + (phrase_ ? 0 : sum - walks_[0].window_bound);
    KeepBlocks(walks_[0], base, end, threshold - static_cast<float>(rest), out);
    for (size_t i = 1; i < walks_.size() && out.count > 0; ++i) {
      if (!phrase_) rest -= walks_[i].window_bound;
      const Effect effect = phrase_ ? Effect::kCaps : i < required_ ? Effect::kRequires : Effect::kAdds;
      Probe(walks_[i], base, {effect, static_cast<float>(rest), threshold}, out);
    }
    out.AddToBounds(constant_);
  }

  float ScoreOfBest(size_t) const override { return 0; }

 private:
  static void SkipTo(const Walk& walk, Candidates& out) {
    out.next = walk.done() ? index::kNoMoreDocs : walk.EarliestDoc(walk.block) / kWindowDocs * kWindowDocs;
  }

  double constant_;
  size_t constants_;
  bool phrase_;
  size_t required_;
  std::vector<Walk> walks_;  // required ones first, rarest before
};

// ---------------------------------------------------------------- any of

// In each window the lists whose bounds together stay below the threshold are
// not essential: a document with none of the others cannot enter. Essential
// postings are added up in an array over the window; what reaches the threshold
// is looked up in the others, largest bound first.
class Disjunction : public CandidateFinder {
 public:
  explicit Disjunction(ScoreShape shape)
      : constant_(shape.constant), constants_(shape.constants), any_matches_(shape.any_matches), any_(shape.any.size()) {
    std::move(shape.optional.begin(), shape.optional.end(), std::back_inserter(shape.any));
    walks_ = Walks(std::move(shape.any));
    order_.resize(walks_.size());
  }

  void Find(DocId base, float asked, Candidates& out) override {
    const DocId end = base + kWindowDocs;
    out.Clear(base);
    out.summands = walks_.size() + constants_;
    threshold_ = Slackened(asked, out.summands);
    for (Walk& walk : walks_) walk.EnterWindow(base, end);
    const size_t essential = Partition();
    if (essential == 0) return SkipEmpty(end, out);
    Gather(base, end, essential, out);
    double rest = rest_;
    for (size_t i = essential; i < order_.size() && out.count > 0; ++i) {
      rest -= order_[i]->window_bound;
      Probe(*order_[i], base, {Effect::kAdds, static_cast<float>(rest), threshold_}, out);
    }
    out.AddToBounds(constant_);
  }

  float ScoreOfBest(size_t k) const override {
    float best = 0;
    for (size_t i = 0; any_matches_ && i < any_; ++i) {
      if (walks_[i].list.ListBound() > best) best = std::max(best, walks_[i].list.ScoreOfBest(k));
    }
    return best;
  }

 private:
  // Puts the essential lists first in order_, the others after them by falling
  // bound; returns how many are essential. rest_ becomes the bound of the others.
  size_t Partition() {
    for (size_t i = 0; i < walks_.size(); ++i) order_[i] = &walks_[i];
    const auto larger = [](const Walk* a, const Walk* b) { return a->window_bound > b->window_bound; };
    const auto optional = order_.begin() + static_cast<ptrdiff_t>(any_);
    std::sort(order_.begin(), optional, larger);
    rest_ = constant_;
    for (auto it = optional; it != order_.end(); ++it) rest_ += (*it)->window_bound;
    size_t essential = any_;
    while (essential > 0 && (rest_ + order_[essential - 1]->window_bound < threshold_ || order_[essential - 1]->window_bound == 0)) {
      rest_ += order_[--essential]->window_bound;
    }
    std::sort(order_.begin() + static_cast<ptrdiff_t>(essential), order_.end(), larger);
    return essential;
  }

  void Gather(DocId base, DocId end, size_t essential, Candidates& out) {
    if (essential == 1) {
      KeepBlocks(*order_[0], base, end, threshold_ - static_cast<float>(rest_), out);
    } else {
      Scatter(base, end, essential, out);
    }
  }

  void Scatter(DocId base, DocId end, size_t essential, Candidates& out) {
    double all = rest_;
    for (size_t i = 0; i < essential; ++i) all += order_[i]->window_bound;
    uint64_t touched = 0;
    for (size_t i = 0; i < essential; ++i) {
      Walk& walk = *order_[i];
      for (uint32_t b = walk.block; b < walk.blocks() && walk.EarliestDoc(b) < end; ++b) {
        if (all - walk.window_bound + walk.list.BlockBound(b) < threshold_) continue;
        touched |= AddUp(InWindow(walk, b, base), base);
      }
    }
    // A posting's bound is above 0, so a sum of 0 means that no list has the document.
    const float least = std::max(threshold_ - static_cast<float>(rest_), std::numeric_limits<float>::min());
    for (; touched != 0; touched &= touched - 1) {
      const uint32_t first = static_cast<uint32_t>(std::countr_zero(touched)) * 64;
      out.count += DrainSums(sums_ + first, first, least, out.at + out.count, out.bound + out.count);
    }
  }

  // Returns which groups of 64 documents have got something, a bit each.
  uint64_t AddUp(const PostingRange& in, DocId base) {
    uint64_t touched = 0;
    for (uint32_t i = 0; i < in.count; ++i) {
      const uint32_t at = in.docs[i] - base;
      sums_[at] += in.bounds[i];
      touched |= uint64_t{1} << at / 64;
    }
    return touched;
  }

  // Where no list has a document in the window, on to the first that has one.
  void SkipEmpty(DocId end, Candidates& out) const {
    DocId next = index::kNoMoreDocs;
    for (size_t i = 0; i < any_; ++i) {
      if (!walks_[i].done()) next = std::min(next, walks_[i].EarliestDoc(walks_[i].block));
    }
    if (next >= end) out.next = next == index::kNoMoreDocs ? next : next / kWindowDocs * kWindowDocs;
  }

  double constant_;
  size_t constants_;
  bool any_matches_;
  size_t any_;
  std::vector<Walk> walks_;    // those of `any` first
  std::vector<Walk*> order_;
  float threshold_ = 0;
  double rest_ = 0;  // in double: bounds are taken off it again
  float sums_[kWindowDocs] = {};
};

}  // namespace

std::unique_ptr<CandidateFinder> MakeCandidateFinder(ScoreShape shape) {
  if (shape.required.empty() && (shape.any.empty() || !shape.any_bounded)) return nullptr;
  if (!shape.required.empty()) return std::make_unique<Conjunction>(std::move(shape));
  return std::make_unique<Disjunction>(std::move(shape));
}

}  // namespace sakuin::searcher
