// Conjunction first: the documents that have all words, rarest word first, block
// by block; then all positions of a document at once. An exact phrase is the
// intersection of the shifted position lists. A sloppy one counts, as Lucene
// does for words that do not repeat, the places where one position per word can
// be chosen such that the shifted positions lie within `slop` of each other.

#include <algorithm>
#include <span>

#include "index/positions_reader.h"
#include "searcher/block_kernels.h"
#include "searcher/matcher.h"

namespace sakuin::searcher {
namespace {

using index::DocId;

// One word's place in its list: moves forward in a window, decodes a block when it is entered.
class PositionCursor {
 public:
  explicit PositionCursor(PhraseTerm term)
      : cursor_(std::move(term.cursor)), list_(cursor_->list()), position_(term.position), status_(list_.PreparePositions()) {}

  // To the start of a window, which may be the one before once more.
  void EnterWindow(DocId base) {
    if (base != base_) first_block_ = list_.FindBlock(first_block_, base);
    base_ = base;
    block_ = first_block_;
    i_ = 0;
  }

  // To the first document that is not before `target`; kNoMoreDocs at the end.
  DocId SeekTo(DocId target) {
    if (!status_.ok()) return index::kNoMoreDocs;
    if (block_ == list_.blocks()) return index::kNoMoreDocs;
    if (list_.LastDoc(block_) < target) {
      block_ = list_.FindBlock(block_, target);
      i_ = 0;
      if (block_ == list_.blocks()) return index::kNoMoreDocs;
    }
    const uint32_t* docs = cursor_->Docs(block_);
    i_ = static_cast<uint32_t>(std::lower_bound(docs + i_, docs + list_.SizeOfBlock(block_), target) - docs);
    return docs[i_];
  }
  // True when `doc`, which is not before the last asked for, is in the list; it is the current document then.
  bool MoveTo(DocId doc) {
    if (!status_.ok()) return false;
    block_ = list_.FindBlock(block_, doc);
    if (block_ == list_.blocks()) return false;
    const uint32_t at = 0;
    uint8_t place = 0;
    FindAll(cursor_->Docs(block_), doc, &at, 1, &place);
    i_ = place;
    return place != kAbsentPlace;
  }

  uint32_t position() const { return position_; }
  BlockCursor& cursor() const { return *cursor_; }

  // Positions in the current document, ascending, until the next call.
  std::span<const uint32_t> Positions() {
    if (positions_block_ != block_) {
      positions_block_ = block_;
      reader_.EnterBlock(list_, block_, cursor_->Frequencies(block_));
    }
    return reader_.Positions(i_);
  }
  Status status() const { return status_.ok() ? list_.status() : status_; }

 private:
  std::unique_ptr<BlockCursor> cursor_;
  index::PostingsList& list_;
  uint32_t position_;
  Status status_;
  DocId base_ = index::kNoMoreDocs;
  uint32_t first_block_ = 0;  // of the window
  uint32_t block_ = 0;
  uint32_t i_ = 0;
  uint32_t positions_block_ = UINT32_MAX;  // that reader_ stands in
  index::PositionsReader reader_;
};

class PhraseMatcher : public Matcher {
 public:
  PhraseMatcher(std::vector<PhraseTerm> terms, uint32_t slop, const TermWeight& weight) : slop_(slop), weight_(weight) {
    const auto frequency = [](const PhraseTerm& term) { return term.cursor->list().document_frequency(); };
    std::stable_sort(terms.begin(), terms.end(), [&](const PhraseTerm& a, const PhraseTerm& b) { return frequency(a) < frequency(b); });
    for (PhraseTerm& term : terms) cursors_.push_back(std::make_unique<PositionCursor>(std::move(term)));
  }

  void Fill(DocId base, const DocBits& wanted, Window& out) override {
    out.bits.Clear();
    ForMatches(base, wanted, [&](uint32_t at, uint32_t frequency) {
      out.bits.Set(at);
      out.score[at] = weight_.Score(frequency, cursors_[0]->cursor().Length(base + at));
    });
  }

  void Select(DocId base, const DocBits& wanted, DocBits& out) override {
    out.Clear();
    ForMatches(base, wanted, [&](uint32_t at, uint32_t) { out.Set(at); });
  }

  uint64_t ScoreBatch(const DocBatch& batch, uint64_t wanted, float* scores) override {
    for (const auto& cursor : cursors_) cursor->EnterWindow(batch.base);
    uint64_t matches = 0;
    for (uint64_t left = wanted; left != 0; left &= left - 1) {
      const int i = std::countr_zero(left);
      const DocId doc = batch.base + batch.at[i];
      if (!std::all_of(cursors_.begin(), cursors_.end(), [&](const auto& cursor) { return cursor->MoveTo(doc); })) continue;
      const uint32_t frequency = Frequency();
      if (frequency == 0) continue;
      matches |= uint64_t{1} << i;
      if (scores != nullptr) scores[i] = weight_.Score(frequency, cursors_[0]->cursor().Length(doc));
    }
    return matches;
  }

  // A phrase does not stand in a document more often than any of its words does. A
  // sloppy one may, but not more often than all its words together, and the
  // score of a sum of frequencies is at most the sum of their scores.
  void Describe(Role role, ScoreShape& shape) override {
    auto& lists = role == Role::kRequired ? shape.required : role == Role::kAny ? shape.any : shape.optional;
    lists.emplace_back(cursors_[0]->cursor(), weight_);
    if (role == Role::kAny) shape.any_matches = false;
    if (role != Role::kRequired && slop_ == 0) return;
    auto& others = role == Role::kRequired ? shape.required : shape.optional;
    for (size_t i = 1; i < cursors_.size(); ++i) others.emplace_back(cursors_[i]->cursor(), weight_, slop_ == 0);
  }

  uint64_t cost() const override { return cursors_[0]->cursor().list().document_frequency(); }
  uint64_t postings_read() const override {
    uint64_t sum = 0;
    for (const auto& cursor : cursors_) sum += cursor->cursor().postings_read();
    return sum;
  }
  Status status() const override {
    for (const auto& cursor : cursors_) RETURN_IF_ERROR(cursor->status());
    return OkStatus();
  }

 private:
  // Calls visit(document - base, frequency) for the wanted documents that have the phrase.
  template <typename Visit>
  void ForMatches(DocId base, const DocBits& wanted, Visit visit) {
    for (const auto& cursor : cursors_) cursor->EnterWindow(base);
    for (uint32_t at = wanted.Next(0); at < kWindowDocs;) {
      const DocId doc = Align(base + at);
      if (doc - base >= kWindowDocs) return;
      at = doc - base;
      if (wanted.Has(at)) {
        if (const uint32_t frequency = Frequency(); frequency > 0) visit(at, frequency);
        ++at;
      }
      at = wanted.Next(at);
    }
  }

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
  TermWeight weight_;
  std::vector<int64_t> starts_;
};

}  // namespace

std::unique_ptr<Matcher> MakePhraseMatcher(std::vector<PhraseTerm> terms, uint32_t slop, const TermWeight& weight) {
  return std::make_unique<PhraseMatcher>(std::move(terms), slop, weight);
}

}  // namespace sakuin::searcher
