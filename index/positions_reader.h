// positions_reader.h: where in its document a posting's word stands. Positions
// are decoded here and nowhere else, in chunks of 128 and only as far as asked for.
//
//   PositionsReader reader;                          // keeps its memory from list to list
//   reader.EnterBlock(list, block, frequencies);     // after list.PreparePositions()
//   for (uint32_t position : reader.Positions(i)) ...
//
// Damage is found late, in list.status(). Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "index/postings_reader.h"

namespace sakuin::index {

class PositionsReader {
 public:
  // `list` and the `frequencies` of the block's postings, as DecodeFrequencies gave
  // them, stay as they are until the next block is entered.
  void EnterBlock(PostingsList& list, uint32_t block, const uint32_t* frequencies);

  // Ascending positions of the posting at a place of the block, valid until the
  // next call; none when they are damaged. Cheapest in ascending order of places.
  std::span<const uint32_t> Positions(uint32_t place);

 private:
  bool DecodeUpTo(uint64_t end);

  PostingsList* list_ = nullptr;
  const uint32_t* frequencies_ = nullptr;
  std::string_view rest_;             // not decoded yet
  bool varints_ = false;
  uint64_t total_ = 0;                // positions of the block
  uint64_t decoded_ = 0;              // of these
  uint32_t place_ = 0;                // whose positions begin at begin_
  uint64_t begin_ = 0;
  std::vector<uint32_t> gaps_;        // decoded_ of them, and room
  std::vector<uint32_t> positions_;   // of the last posting asked for
};

}  // namespace sakuin::index
