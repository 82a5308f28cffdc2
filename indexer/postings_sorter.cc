#include "indexer/postings_sorter.h"

#include <algorithm>

#include "index/segment_writer.h"

namespace sakuin::indexer {

void PostingsSorter::Add(index::DocId doc, std::span<const uint32_t> positions) {
  Add(doc, static_cast<uint32_t>(positions.size()));
  postings_.back().positions_at = positions_.size();
  positions_.insert(positions_.end(), positions.begin(), positions.end());
}

void PostingsSorter::Add(index::DocId doc, uint32_t frequency) {
  keys_.push_back(uint64_t{doc} << 32 | postings_.size());
  postings_.push_back({0, frequency});
}

void PostingsSorter::Drain(index::SegmentWriter& writer, bool positions) {
  std::sort(keys_.begin(), keys_.end());
  for (const uint64_t key : keys_) {
    const auto doc = static_cast<index::DocId>(key >> 32);
    const Posting& posting = postings_[static_cast<uint32_t>(key)];
    if (positions) {
      writer.AddPosting(doc, std::span(positions_).subspan(posting.positions_at, posting.frequency));
    } else {
      writer.AddPosting(doc, posting.frequency);
    }
  }
  keys_.clear();
  postings_.clear();
  positions_.clear();
}

}  // namespace sakuin::indexer
