#include "searcher/scored_list.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

namespace sakuin::searcher {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// LengthOfCode as a table; infinity, and so a score of 0, where there is no document.
constexpr std::array<float, 256> MakeShortest() {
  std::array<float, 256> lengths{};
  for (uint32_t code = 0; code < 256; ++code) {
    lengths[code] = code == index::kNoLength ? kInfinity : static_cast<float>(index::LengthOfCode(static_cast<uint8_t>(code)));
  }
  return lengths;
}

// The longest length with a code; infinity where it is not known.
constexpr std::array<float, 256> MakeLongest() {
  std::array<float, 256> lengths{};
  for (uint32_t code = 0; code < 256; ++code) {
    lengths[code] = code + 1 >= index::kNoLength ? kInfinity : static_cast<float>(index::LengthOfCode(static_cast<uint8_t>(code + 1)) - 1);
  }
  return lengths;
}

constexpr std::array<float, 256> kShortest = MakeShortest();
constexpr std::array<float, 256> kLongest = MakeLongest();

float Score(const TermWeight& weight, float tf, float length) {
  const float score = weight.ScoreOf(tf, length);
  return length < kInfinity ? score : 0;
}

// The largest frequency that the class "4 or more" can stand for.
float LargestFrequency(const index::BlockFacts& facts) {
  return facts.largest_frequency == 255 ? 1e30F : std::max(4.0F, static_cast<float>(facts.largest_frequency));
}

float BoundOf(const TermWeight& weight, const index::BlockFacts& facts) {
  const float tf[4] = {1, 2, 3, LargestFrequency(facts)};
  float best[4];
  for (int i = 0; i < 4; ++i) best[i] = Score(weight, tf[i], kShortest[facts.shortest[i]]);
  return std::max(std::max(best[0], best[1]), std::max(best[2], best[3]));
}

}  // namespace

ScoredList::ScoredList(BlockCursor& cursor, const TermWeight& weight, bool caps) : cursor_(&cursor), weight_(weight), caps_(caps) {
  const index::PostingsList& list = cursor.list();
  block_bounds_.resize(list.blocks());
  posting_bounds_[kAbsentPlace] = 0;
  if (!list.has_facts()) {
    ScoreShortList();
    return;
  }
  for (uint32_t b = 0; b < list.blocks(); ++b) block_bounds_[b] = BoundOf(weight, list.facts(b));
  list_bound_ = *std::max_element(block_bounds_.begin(), block_bounds_.end());
}

void ScoredList::DropWeight() {
  weight_ = TermWeight{};
  list_bound_ = 0;
  std::fill(block_bounds_.begin(), block_bounds_.end(), 0.0F);
  std::fill_n(posting_bounds_, index::kBlockSize, 0.0F);
}

void ScoredList::ScoreShortList() {
  const uint32_t* docs = cursor_->Docs(0);
  const uint32_t* frequencies = cursor_->Frequencies(0);
  for (uint32_t i = 0; i < document_frequency(); ++i) {
    posting_bounds_[i] = docs[i] < cursor_->documents() ? weight_.Score(frequencies[i], cursor_->Length(docs[i])) : 0;
  }
  bounds_block_ = 0;
  list_bound_ = block_bounds_[0] = *std::max_element(posting_bounds_, posting_bounds_ + document_frequency());
}

void ScoredList::ComputePostingBounds(uint32_t block) {
  bounds_block_ = block;
  const index::PostingsList& list = cursor_->list();
  const uint32_t n = list.SizeOfBlock(block);
  const uint8_t* impacts = list.Impacts(block);
  if (impacts == nullptr) {
    std::fill_n(posting_bounds_, n, block_bounds_[block]);
    return;
  }
  const index::BlockFacts& facts = list.facts(block);
  const float tf[4] = {1, 2, 3, LargestFrequency(facts)};
  float table[16];
  for (int c = 0; c < 4; ++c) {
    const float minimum = static_cast<float>(cursor_->classes().minimum[c]);
    for (int t = 0; t < 4; ++t) table[c * 4 + t] = Score(weight_, tf[t], std::max(minimum, kShortest[facts.shortest[t]]));
  }
  ExpandBounds(impacts, n, table, posting_bounds_);
}

float ScoredList::ScoreOfBest(size_t k) const {
  constexpr size_t kMaxScores = 2048;
  const index::PostingsList& list = cursor_->list();
  std::vector<float> scores;
  if (!list.has_facts()) {
    scores.assign(posting_bounds_, posting_bounds_ + document_frequency());
  } else {
    // Documents of one block with different frequencies are different documents.
    for (uint32_t b = 0; b < list.blocks() && scores.size() < kMaxScores; ++b) {
      for (uint32_t t = 0; t < 4; ++t) scores.push_back(Score(weight_, static_cast<float>(t + 1), kLongest[list.facts(b).shortest[t]]));
    }
  }
  if (scores.size() < k) return 0;
  std::nth_element(scores.begin(), scores.begin() + static_cast<ptrdiff_t>(k - 1), scores.end(), std::greater<>());
  return scores[k - 1];
}

}  // namespace sakuin::searcher
