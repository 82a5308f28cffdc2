#include <algorithm>

#include "searcher/matcher.h"

namespace sakuin::searcher {
namespace {

using index::DocId;

constexpr uint32_t kFewWanted = 64;  // up to here documents are looked up one by one

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

  void Describe(Role role, ScoreShape& shape) override {
    auto& lists = role == Role::kRequired ? shape.required : role == Role::kAny ? shape.any : shape.optional;
    lists.emplace_back(*cursor_, weight_);
  }

  uint64_t cost() const override { return list_.document_frequency(); }
  uint64_t postings_read() const override { return cursor_->postings_read(); }
  Status status() const override { return list_.status(); }

 private:
  // Calls visit(block, place in the block, document - base) for the wanted documents that have the word.
  template <typename Visit>
  void ForMatches(DocId base, const DocBits& wanted, Visit visit) {
    if (base != base_) first_block_ = list_.FindBlock(first_block_, base);
    base_ = base;
    if (wanted.Count() <= kFewWanted) {
      LookUp(base, wanted, visit);
    } else {
      Scan(base, wanted, visit);
    }
  }

  template <typename Visit>
  void LookUp(DocId base, const DocBits& wanted, Visit visit) {
    uint32_t block = first_block_;
    uint32_t from = 0;
    wanted.ForEach([&](uint32_t at) {
      const DocId doc = base + at;
      if (block < list_.blocks() && list_.LastDoc(block) < doc) {
        block = list_.FindBlock(block, doc);
        from = 0;
      }
      if (block == list_.blocks() || cursor_->EarliestDoc(block) > doc) return;
      const uint32_t i = cursor_->Find(block, doc, from);
      if (i == BlockCursor::kAbsent) return;
      from = i;
      visit(block, i, at);
    });
  }

  template <typename Visit>
  void Scan(DocId base, const DocBits& wanted, Visit visit) {
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
