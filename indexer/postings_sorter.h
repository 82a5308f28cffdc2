// postings_sorter.h: the postings of one list, taken in any order of documents
// and written ascending.
//
//   PostingsSorter sorter;
//   sorter.Add(7, positions_in_7);
//   sorter.Add(3, positions_in_3);
//   sorter.Drain(segment_writer, /*positions=*/true);     // 3, then 7; empty again
//
// Memory: 24 bytes a posting and 4 a position (twice that while it grows). Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/types.h"

namespace sakuin::index {
class SegmentWriter;
}

namespace sakuin::indexer {

class PostingsSorter {
 public:
  // REQUIRES: a document once in a list; positions for all postings of a list or for none.
  void Add(index::DocId doc, std::span<const uint32_t> positions);
  void Add(index::DocId doc, uint32_t frequency);

  // Adds all to the writer's open word and forgets them.
  void Drain(index::SegmentWriter& writer, bool positions);

  // Bytes at most of a list on its way.
  static uint64_t MemoryOf(uint64_t postings, uint64_t positions) {
    return 2 * (postings * (sizeof(uint64_t) + sizeof(Posting)) + positions * sizeof(uint32_t));
  }

 private:
  struct Posting {
    uint64_t positions_at;
    uint32_t frequency;
  };

  std::vector<uint64_t> keys_;  // document and place in postings_, in one number to sort by
  std::vector<Posting> postings_;
  std::vector<uint32_t> positions_;
};

}  // namespace sakuin::indexer
