#include <algorithm>

#include "searcher/matcher.h"

namespace sakuin::searcher {
namespace {

using index::DocId;
using index::kBlockSize;

class TermMatcher : public Matcher {
 public:
  TermMatcher(std::unique_ptr<index::PostingsList> list, index::Lengths lengths, const TermWeight& weight)
      : list_(std::move(list)), lengths_(lengths), weight_(weight) {}

  void Fill(DocId base, const DocBits& wanted, Window& out) override {
    out.bits.Clear();
    block_ = list_->FindBlock(block_, base);
    const DocId end = base + kWindowDocs;
    for (; block_ < list_->blocks(); ++block_) {
      if (list_->DocBefore(block_) != index::kBeforeFirst && list_->DocBefore(block_) + 1 >= end) return;
      if (WantsBlock(base, end, wanted)) ScatterBlock(base, end, wanted, out);
      if (list_->LastDoc(block_) >= end) return;
    }
  }

  uint64_t cost() const override { return list_->document_frequency(); }
  Status status() const override { return list_->status(); }

 private:
  // Whether a wanted document lies between the ends of the block.
  bool WantsBlock(DocId base, DocId end, const DocBits& wanted) const {
    const DocId before = list_->DocBefore(block_);
    const uint32_t from = before == index::kBeforeFirst || before + 1 < base ? 0 : before + 1 - base;
    const uint32_t to = std::min(list_->LastDoc(block_), end - 1) - base;
    for (uint32_t w = from / 64; w <= to / 64; ++w) {
      if (wanted.words[w] != 0) return true;
    }
    return false;
  }

  void ScatterBlock(DocId base, DocId end, const DocBits& wanted, Window& out) {
    if (decoded_ != block_) {
      list_->DecodeDocs(block_, docs_);
      decoded_ = block_;
    }
    const uint32_t n = list_->SizeOfBlock(block_);
    uint32_t i = static_cast<uint32_t>(std::lower_bound(docs_, docs_ + n, base) - docs_);
    for (; i < n && docs_[i] < end; ++i) {
      const uint32_t at = docs_[i] - base;
      if (!wanted.Has(at)) continue;
      if (scored_ != block_) {  // most blocks of an AND have no survivor
        list_->DecodeFrequencies(block_, frequencies_);
        scored_ = block_;
      }
      out.bits.Set(at);
      out.score[at] = weight_.Score(frequencies_[i], lengths_[docs_[i]]);
    }
  }

  std::unique_ptr<index::PostingsList> list_;
  index::Lengths lengths_;
  TermWeight weight_;
  uint32_t block_ = 0;
  uint32_t decoded_ = UINT32_MAX;  // block whose documents are in docs_
  uint32_t scored_ = UINT32_MAX;   // block whose frequencies are in frequencies_
  uint32_t docs_[index::kDecodeRoom];
  uint32_t frequencies_[kBlockSize];
};

}  // namespace

std::unique_ptr<Matcher> MakeTermMatcher(std::unique_ptr<index::PostingsList> list, index::Lengths lengths, const TermWeight& weight) {
  return std::make_unique<TermMatcher>(std::move(list), lengths, weight);
}

}  // namespace sakuin::searcher
