// ascii_edges.h: where words and signs begin and end in 64 bytes of ASCII, as bits.
//
//   AsciiEdges edges;
//   edges.Take(bytes);     // "Free prize!! " ...
//   edges.starts();        // bits 0, 5, 10
//   edges.ends();          // bits 4, 10, 12: the byte behind
//
// A word is letters, digits and underscores in a row; a sign is any other byte but
// blanks and 0, as often as it is repeated. Blocks are given in order, what was
// open at the end of one goes on in the next. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sakuin::classifier {

class AsciiEdges {
 public:
  static constexpr size_t kBytes = 64;

  // REQUIRES: 64 bytes of ASCII.
  void Take(const char* bytes);

  uint64_t starts() const { return starts_; }
  uint64_t ends() const { return ends_; }

 private:
  struct Classes {
    uint64_t words = 0;
    uint64_t blanks = 0;
    uint64_t repeated = 0;  // equal to the byte before
  };
  static Classes ClassesOf(const char* bytes, char before);

  uint64_t starts_ = 0;
  uint64_t ends_ = 0;
  char before_ = 0;          // the last byte of the block before
  uint64_t word_open_ = 0;   // 1: it belongs to a word
  uint64_t sign_open_ = 0;
};

}  // namespace sakuin::classifier
