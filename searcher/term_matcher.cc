#include <algorithm>

#include "searcher/block_kernels.h"
#include "searcher/matcher.h"

namespace sakuin::searcher {
namespace {

using index::DocId;

constexpr uint32_t kFewFrequencies = 4;  // more are cheaper decoded with the whole block

class TermMatcher : public Matcher {
 public:
  TermMatcher(std::unique_ptr<BlockCursor> cursor, const TermWeight& weight) : cursor_(std::move(cursor)), list_(cursor_->list()), weight_(weight) {}

  void Fill(DocId base, const DocBits& wanted, Window& out) override {
    out.bits.Clear();
    ForMatches(base, wanted, [&](uint32_t block, uint32_t i, uint32_t at) {
      out.bits.Set(at);
      out.score[at] = weight_.Score(cursor_->Frequencies(block)[i], cursor_->Length(base + at));
    });
  }

  void Select(DocId base, const DocBits& wanted, DocBits& out) override {
    out.Clear();
    ForMatches(base, wanted, [&](uint32_t, uint32_t, uint32_t at) { out.Set(at); });
  }

  uint64_t ScoreBatch(const DocBatch& batch, uint64_t wanted, float* scores) override {
    uint64_t matches = 0;
    LookUp(batch, scores != nullptr, [&](uint32_t block, uint32_t place, uint32_t i) {
      matches |= uint64_t{1} << i;
      if (scores != nullptr) scores[i] = weight_.Score(cursor_->Frequency(block, place), cursor_->Length(batch.base + batch.at[i]));
    });
    return matches & wanted;
  }

  void Describe(Role role, ScoreShape& shape) override {
    auto& lists = role == Role::kRequired ? shape.required : role == Role::kAny ? shape.any : shape.optional;
    lists.emplace_back(*cursor_, weight_);
  }

  uint64_t cost() const override { return list_.document_frequency(); }
  uint64_t postings_read() const override { return cursor_->postings_read(); }
  Status status() const override { return list_.status(); }

 private:
  void EnterWindow(DocId base) {
    if (base != base_) first_block_ = list_.FindBlock(first_block_, base);
    base_ = base;
  }

  // Calls visit(block, place in the block, document - base) for the wanted documents that have the word.
  template <typename Visit>
  void ForMatches(DocId base, const DocBits& wanted, Visit visit) {
    if (wanted.Count() > kBatchDocs) return Scan(base, wanted, visit);
    DocBatch batch;
    batch.base = base;
    wanted.ForEach([&](uint32_t at) { batch.at[batch.count++] = at; });
    LookUp(batch, false, [&](uint32_t block, uint32_t place, uint32_t i) { visit(block, place, batch.at[i]); });
  }

  // Calls visit(block, place in the block, i) for the documents of the batch that have the word; `frequencies`: it will ask for them.
  template <typename Visit>
  void LookUp(const DocBatch& batch, bool frequencies, Visit visit) {
    EnterWindow(batch.base);
    uint32_t block = first_block_;
    uint8_t places[kBatchDocs];
    for (uint32_t i = 0; i < batch.count;) {
      block = list_.FindBlock(block, batch.base + batch.at[i]);
      if (block == list_.blocks()) return;
      const uint32_t first = i;
      while (i < batch.count && batch.base + batch.at[i] <= list_.LastDoc(block)) ++i;
      if (frequencies && i - first > kFewFrequencies) cursor_->Frequencies(block);
      FindAll(cursor_->Docs(block), batch.base, batch.at + first, i - first, places);
      for (uint32_t j = first; j < i; ++j) {
        if (places[j - first] != kAbsentPlace) visit(block, places[j - first], j);
      }
    }
  }

  template <typename Visit>
  void Scan(DocId base, const DocBits& wanted, Visit visit) {
    EnterWindow(base);
    const DocId end = base + kWindowDocs;
    for (uint32_t block = first_block_; block < list_.blocks() && cursor_->EarliestDoc(block) < end; ++block) {
      const uint32_t* docs = cursor_->Docs(block);
      const uint32_t n = list_.SizeOfBlock(block);
      uint32_t i = docs[0] >= base ? 0 : static_cast<uint32_t>(std::lower_bound(docs, docs + n, base) - docs);
      for (; docs[i] < end; ++i) {
        if (wanted.Has(docs[i] - base)) visit(block, i, docs[i] - base);
      }
    }
  }

  std::unique_ptr<BlockCursor> cursor_;
  index::PostingsList& list_;
  TermWeight weight_;
  DocId base_ = index::kNoMoreDocs;  // of the last window, which begins in first_block_
  uint32_t first_block_ = 0;
};

}  // namespace

std::unique_ptr<Matcher> MakeTermMatcher(std::unique_ptr<BlockCursor> cursor, const TermWeight& weight) {
  return std::make_unique<TermMatcher>(std::move(cursor), weight);
}

}  // namespace sakuin::searcher
