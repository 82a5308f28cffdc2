// scored_list.h: how much the postings of a word can add to a score, at most:
// over the whole list, in a block, and posting by posting, without reading a
// frequency or a length.
//
//   ScoredList list(cursor, weight);
//   if (rest + list.BlockBound(block) >= threshold) ...
//   const float* bounds = list.PostingBounds(block);      // beside cursor.Docs(block)
//
// From block facts and impact nibbles (docs/index_format.md, "Postings"); a list
// of one block is scored exactly instead. Bounds are computed by the operations
// of TermWeight::Score, which are monotone in the length, and in the frequency up
// to the last digit: who compares them with scores takes Slackened thresholds
// (candidates.h). Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "searcher/block_cursor.h"
#include "searcher/block_kernels.h"
#include "searcher/similarity.h"

namespace sakuin::searcher {

class ScoredList {
 public:
  // `cursor` outlives this. `caps`: the list adds nothing to a score; it is one more
  // word of the exact phrase before it, whose score it bounds as well. Cost: some nanoseconds a block.
  ScoredList(BlockCursor& cursor, const TermWeight& weight, bool caps = false);

  BlockCursor& cursor() const { return *cursor_; }
  bool caps() const { return caps_; }
  uint32_t document_frequency() const { return cursor_->list().document_frequency(); }

  // All bounds become 0.
  void DropWeight();

  float ListBound() const { return list_bound_; }
  float BlockBound(uint32_t block) const { return block_bounds_[block]; }

  // Of each posting of a block, and 0 at kAbsentPlace; valid until another block is asked for.
  const float* PostingBounds(uint32_t block) {
    if (bounds_block_ != block) ComputePostingBounds(block);
    return posting_bounds_;
  }

  // A score that at least k documents of the list reach; 0 when there are too few to tell.
  float ScoreOfBest(size_t k) const;

 private:
  void ComputePostingBounds(uint32_t block);
  void ScoreShortList();

  BlockCursor* cursor_;
  TermWeight weight_;
  bool caps_;
  float list_bound_ = 0;
  std::vector<float> block_bounds_;
  uint32_t bounds_block_ = UINT32_MAX;
  float posting_bounds_[index::kBlockSize + kKernelRoom];
};

}  // namespace sakuin::searcher
