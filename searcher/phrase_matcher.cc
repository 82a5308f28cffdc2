// Conjunction first: the documents that have all words, rarest word first, block
// by block; then all positions of a document at once. An exact phrase is the
// intersection of the shifted position lists. A sloppy one counts, as Lucene
// does for words that do not repeat, the places where one position per word can
// be chosen such that the shifted positions lie within `slop` of each other.

#include <algorithm>
#include <span>

#include "searcher/matcher.h"

namespace sakuin::searcher {
namespace {

using index::DocId;

// One word's place in its list: moves forward, decodes a block when it is entered.
class PositionCursor {
 public:
  explicit PositionCursor(PhraseTerm term) : list_(std::move(term.list)), position_(term.position), status_(list_->PreparePositions()) {}

  // To the first document that is not before `target`; kNoMoreDocs at the end.
  DocId SeekTo(DocId target) {
    if (!status_.ok()) return doc_ = index::kNoMoreDocs;
    if (block_ == list_->blocks() || list_->LastDoc(block_) < target || !entered_) {
      block_ = list_->FindBlock(block_, target);
      if (block_ == list_->blocks()) return doc_ = index::kNoMoreDocs;
      EnterBlock();
    }
    const uint32_t n = list_->SizeOfBlock(block_);
    while (i_ < n && docs_[i_] < target) ++i_;
    return doc_ = i_ < n ? docs_[i_] : index::kNoMoreDocs;
  }
  DocId doc() const { return doc_; }
  uint32_t position() const { return position_; }
  const index::PostingsList& list() const { return *list_; }

  // Positions in the current document, ascending.
  std::span<const uint32_t> Positions() {
    if (positions_block_ != block_) {
      list_->DecodeFrequencies(block_, frequencies_);
      positions_block_ = block_;
      at_ = 0;
      begin_ = 0;
      if (!list_->DecodePositions(block_, frequencies_, positions_)) {
        status_ = list_->status();
        positions_.clear();
      }
    }
    if (positions_.empty()) return {};
    for (; at_ < i_; ++at_) begin_ += frequencies_[at_];
    return std::span<const uint32_t>(positions_).subspan(begin_, frequencies_[i_]);
  }
  Status status() const { return status_.ok() ? list_->status() : status_; }

 private:
  void EnterBlock() {
    list_->DecodeDocs(block_, docs_);
    entered_ = true;
    i_ = 0;
  }

  std::unique_ptr<index::PostingsList> list_;
  uint32_t position_;
  Status status_;
  uint32_t block_ = 0;
  bool entered_ = false;
  uint32_t i_ = 0;
  DocId doc_ = 0;
  uint32_t docs_[index::kDecodeRoom];
  uint32_t frequencies_[index::kBlockSize];
  uint32_t positions_block_ = UINT32_MAX;
  std::vector<uint32_t> positions_;
  uint32_t at_ = 0;
  size_t begin_ = 0;
};

class PhraseMatcher : public Matcher {
 public:
  PhraseMatcher(std::vector<PhraseTerm> terms, uint32_t slop, index::Lengths lengths, const TermWeight& weight)
      : slop_(slop), lengths_(lengths), weight_(weight) {
    std::stable_sort(terms.begin(), terms.end(),
                     [](const PhraseTerm& a, const PhraseTerm& b) { return a.list->document_frequency() < b.list->document_frequency(); });
    for (PhraseTerm& term : terms) cursors_.push_back(std::make_unique<PositionCursor>(std::move(term)));
  }

  void Fill(DocId base, const DocBits& wanted, Window& out) override {
    out.bits.Clear();
    const DocId end = base + kWindowDocs;
    for (DocId doc = std::max(next_, base); (doc = Align(doc)) < end; ++doc) {
      if (wanted.Has(doc - base)) {
        if (const uint32_t frequency = Frequency(); frequency > 0) {
          out.bits.Set(doc - base);
          out.score[doc - base] = weight_.Score(frequency, lengths_[doc]);
        }
      }
      next_ = doc + 1;
    }
  }

  uint64_t cost() const override { return cursors_[0]->list().document_frequency(); }
  Status status() const override {
    for (const auto& cursor : cursors_) RETURN_IF_ERROR(cursor->status());
    return OkStatus();
  }

 private:
  // The first document from `target` on that has all words.
  DocId Align(DocId target) {
    for (size_t i = 0; i < cursors_.size();) {
      const DocId doc = cursors_[i]->SeekTo(target);
      if (doc == index::kNoMoreDocs) return doc;
      if (doc > target) {
        target = doc;
        i = 0;
        continue;
      }
      ++i;
    }
    return target;
  }

  uint32_t Frequency() { return slop_ == 0 ? ExactFrequency() : SloppyFrequency(); }

  uint32_t ExactFrequency() {
    starts_.clear();
    for (const uint32_t position : cursors_[0]->Positions()) starts_.push_back(int64_t{position} - cursors_[0]->position());
    for (size_t i = 1; i < cursors_.size() && !starts_.empty(); ++i) {
      const std::span<const uint32_t> positions = cursors_[i]->Positions();
      const int64_t shift = cursors_[i]->position();
      size_t kept = 0;
      size_t at = 0;
      for (const int64_t start : starts_) {
        while (at < positions.size() && int64_t{positions[at]} - shift < start) ++at;
        if (at == positions.size()) break;
        if (int64_t{positions[at]} - shift == start) starts_[kept++] = start;
      }
      starts_.resize(kept);
    }
    return static_cast<uint32_t>(starts_.size());
  }

  // Smallest spread first found: advance the word that lags behind most.
  uint32_t SloppyFrequency() {
    std::vector<std::span<const uint32_t>> lists;
    for (const auto& cursor : cursors_) lists.push_back(cursor->Positions());
    std::vector<size_t> at(lists.size());
    uint32_t frequency = 0;
    while (true) {
      int64_t low = INT64_MAX;
      int64_t high = INT64_MIN;
      size_t lagging = 0;
      for (size_t i = 0; i < lists.size(); ++i) {
        if (at[i] == lists[i].size()) return frequency;
        const int64_t shifted = int64_t{lists[i][at[i]]} - cursors_[i]->position();
        if (shifted < low) {
          low = shifted;
          lagging = i;
        }
        high = std::max(high, shifted);
      }
      if (high - low <= slop_ && Distinct(lists, at)) ++frequency;
      ++at[lagging];
    }
  }

  // A word that stands twice in the phrase needs two places in the text.
  bool Distinct(const std::vector<std::span<const uint32_t>>& lists, const std::vector<size_t>& at) const {
    for (size_t i = 0; i < lists.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (lists[i][at[i]] == lists[j][at[j]]) return false;
      }
    }
    return true;
  }

  std::vector<std::unique_ptr<PositionCursor>> cursors_;  // rarest first
  uint32_t slop_;
  index::Lengths lengths_;
  TermWeight weight_;
  DocId next_ = 0;
  std::vector<int64_t> starts_;
};

}  // namespace

std::unique_ptr<Matcher> MakePhraseMatcher(std::vector<PhraseTerm> terms, uint32_t slop, index::Lengths lengths, const TermWeight& weight) {
  return std::make_unique<PhraseMatcher>(std::move(terms), slop, lengths, weight);
}

}  // namespace sakuin::searcher
