#include <algorithm>
#include <numeric>

#include "searcher/matcher.h"

namespace sakuin::searcher {
namespace {

using index::DocId;

class SetMatcher : public Matcher {
 public:
  SetMatcher(std::vector<uint64_t> words, float score) : words_(std::move(words)), score_(score) {
    for (const uint64_t word : words_) cost_ += static_cast<uint64_t>(std::popcount(word));
  }

  void Fill(DocId base, const DocBits& wanted, Window& out) override {
    Select(base, wanted, out.bits);
    out.bits.ForEach([&](uint32_t i) { out.score[i] = score_; });
  }
  void Select(DocId base, const DocBits& wanted, DocBits& out) override {
    const size_t first = base / 64;
    for (uint32_t w = 0; w < kWindowWords; ++w) out.words[w] = first + w < words_.size() ? words_[first + w] & wanted.words[w] : 0;
  }
  uint64_t ScoreBatch(const DocBatch& batch, uint64_t wanted, float* scores) override {
    uint64_t matches = 0;
    for (uint32_t i = 0; i < batch.count; ++i) {
      const DocId doc = batch.base + batch.at[i];
      if (doc / 64 < words_.size()) matches |= (words_[doc / 64] >> doc % 64 & 1) << i;
      if (scores != nullptr) scores[i] = score_;
    }
    return matches & wanted;
  }
  // Required or not, it only adds its constant: the lists of other nodes lead.
  void Describe(Role role, ScoreShape& shape) override {
    shape.constant += score_;
    ++shape.constants;
    if (role == Role::kAny) shape.any_bounded = false;
  }
  uint64_t cost() const override { return cost_; }

 private:
  std::vector<uint64_t> words_;
  float score_;
  uint64_t cost_ = 0;
};

// Sums clause scores window by window. Required clauses are intersected cheapest
// first, so that the others decode only blocks with candidates in them.
class BooleanMatcher : public Matcher {
 public:
  explicit BooleanMatcher(BooleanParts parts) : parts_(std::move(parts)) {
    by_cost_.resize(parts_.must.size());
    std::iota(by_cost_.begin(), by_cost_.end(), 0);
    std::stable_sort(by_cost_.begin(), by_cost_.end(), [this](size_t a, size_t b) { return parts_.must[a]->cost() < parts_.must[b]->cost(); });
    must_scores_.resize(parts_.must.size() * kBatchDocs);
  }

  void Fill(DocId base, const DocBits& wanted, Window& out) override {
    if (parts_.must.empty()) {
      FillUnion(base, wanted, out);
    } else {
      FillIntersection(base, wanted, out);
    }
  }

  void Select(DocId base, const DocBits& wanted, DocBits& out) override {
    if (parts_.must.empty()) {
      SelectUnion(base, wanted, out);
    } else {
      out = wanted;
      DocBits bits;
      for (const size_t i : by_cost_) {
        parts_.must[i]->Select(base, out, bits);
        out = bits;
        if (!out.Any()) return;
      }
    }
    Exclude(base, out);
  }

  uint64_t ScoreBatch(const DocBatch& batch, uint64_t wanted, float* scores) override {
    for (const size_t i : by_cost_) {
      wanted = parts_.must[i]->ScoreBatch(batch, wanted, scores == nullptr ? nullptr : &must_scores_[i * kBatchDocs]);
      if (wanted == 0) return 0;
    }
    for (const auto& matcher : parts_.must_not) wanted &= ~matcher->ScoreBatch(batch, wanted, nullptr);
    if (scores == nullptr && !parts_.must.empty()) return wanted;
    const uint64_t matches = AddBatch(batch, wanted, scores);
    return parts_.must.empty() ? matches : wanted;
  }

  void Describe(Role role, ScoreShape& shape) override {
    if (parts_.must.empty()) {
      DescribeUnion(role, shape);
    } else {
      // Of several required clauses of an alternative the rarest stands for all.
      for (size_t i = 0; i < parts_.must.size(); ++i) {
        const bool leads = role == Role::kAny && i == by_cost_[0];
        parts_.must[i]->Describe(role == Role::kAny && !leads ? Role::kOptional : role, shape);
      }
      if (parts_.must.size() > 1) shape.any_matches = false;
      for (const auto& matcher : parts_.should) matcher->Describe(Role::kOptional, shape);
    }
    if (!parts_.must_not.empty()) shape.any_matches = false;
  }

  uint64_t postings_read() const override {
    uint64_t sum = 0;
    for (const auto* clauses : {&parts_.must, &parts_.should, &parts_.must_not}) {
      for (const auto& matcher : *clauses) sum += matcher->postings_read();
    }
    return sum;
  }

  uint64_t cost() const override {
    if (!parts_.must.empty()) return parts_.must[by_cost_[0]]->cost();
    uint64_t cost = 0;
    for (const auto& matcher : parts_.should) cost += matcher->cost();
    return cost;
  }

  Status status() const override {
    for (const auto* clauses : {&parts_.must, &parts_.should, &parts_.must_not}) {
      for (const auto& matcher : *clauses) RETURN_IF_ERROR(matcher->status());
    }
    return OkStatus();
  }

 private:
  // A union that is required can lead only where no other does: two cannot be told apart in one list of lists.
  void DescribeUnion(Role role, ScoreShape& shape) {
    if (role == Role::kRequired) role = shape.any.empty() ? Role::kAny : Role::kOptional;
    for (const auto& matcher : parts_.should) matcher->Describe(role, shape);
  }

  void SelectUnion(DocId base, const DocBits& wanted, DocBits& out) {
    out.Clear();
    DocBits bits;
    for (const auto& matcher : parts_.should) {
      matcher->Select(base, wanted, bits);
      out.Or(bits);
    }
  }

  // Large, and only needed where whole windows are filled.
  Window& Scratch() {
    if (scratch_ == nullptr) scratch_ = std::make_unique_for_overwrite<Window>();
    return *scratch_;
  }

  void FillUnion(DocId base, const DocBits& wanted, Window& out) {
    Window& scratch = Scratch();
    out.bits.Clear();
    for (const auto& matcher : parts_.should) {
      matcher->Fill(base, wanted, scratch);
      Add(scratch, scratch.bits, out);
    }
    Exclude(base, out.bits);
  }

  void FillIntersection(DocId base, const DocBits& wanted, Window& out) {
    DocBits bits = wanted;
    out.bits.Clear();
    if (must_windows_ == nullptr) must_windows_ = std::make_unique_for_overwrite<Window[]>(parts_.must.size());
    for (const size_t i : by_cost_) {
      parts_.must[i]->Fill(base, bits, must_windows_[i]);
      bits = must_windows_[i].bits;
      if (!bits.Any()) return;
    }
    Exclude(base, bits);
    size_t must = 0;
    size_t should = 0;
    for (const bool required : parts_.order) {
      if (required) {
        Add(must_windows_[must++], bits, out);
      } else {
        parts_.should[should++]->Fill(base, bits, Scratch());
        Add(*scratch_, scratch_->bits, out);
      }
    }
  }

  // Adds up the clauses' scores in the order of the query; returns the documents that have one.
  uint64_t AddBatch(const DocBatch& batch, uint64_t wanted, float* scores) {
    uint64_t matches = 0;
    size_t must = 0;
    size_t should = 0;
    float of_should[kBatchDocs];
    for (const bool required : parts_.order) {
      const float* of_clause = required ? &must_scores_[must++ * kBatchDocs] : of_should;
      const uint64_t of = required ? wanted : parts_.should[should++]->ScoreBatch(batch, wanted, scores == nullptr ? nullptr : of_should);
      for (uint64_t left = scores == nullptr ? 0 : of; left != 0; left &= left - 1) {
        const int i = std::countr_zero(left);
        scores[i] = (matches >> i & 1) != 0 ? scores[i] + of_clause[i] : of_clause[i];
      }
      matches |= of;
    }
    return matches;
  }

  void Exclude(DocId base, DocBits& bits) {
    for (const auto& matcher : parts_.must_not) {
      if (!bits.Any()) return;
      DocBits excluded;
      matcher->Select(base, bits, excluded);
      bits.AndNot(excluded);
    }
  }

  // Adds the scores of `from` for the documents in `bits`.
  static void Add(const Window& from, const DocBits& bits, Window& out) {
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      for (uint64_t left = bits.words[w]; left != 0; left &= left - 1) {
        const uint32_t i = w * 64 + static_cast<uint32_t>(std::countr_zero(left));
        out.score[i] = out.bits.Has(i) ? out.score[i] + from.score[i] : from.score[i];
        out.bits.Set(i);
      }
    }
  }

  BooleanParts parts_;
  std::vector<size_t> by_cost_;
  std::vector<float> must_scores_;           // of a batch, clause after clause
  std::unique_ptr<Window[]> must_windows_;
  std::unique_ptr<Window> scratch_;
};

}  // namespace

std::unique_ptr<Matcher> MakeSetMatcher(std::vector<uint64_t> words, float score) { return std::make_unique<SetMatcher>(std::move(words), score); }

std::unique_ptr<Matcher> MakeAllMatcher(uint32_t documents, float score) {
  std::vector<uint64_t> words((size_t{documents} + 63) / 64, UINT64_MAX);
  if (documents % 64 != 0) words.back() = (uint64_t{1} << documents % 64) - 1;
  return MakeSetMatcher(std::move(words), score);
}

std::unique_ptr<Matcher> MakeBooleanMatcher(BooleanParts parts) { return std::make_unique<BooleanMatcher>(std::move(parts)); }

}  // namespace sakuin::searcher
