// trie_walk.h: which keywords begin at each of many places of a text.
//
//   TrieWalk walk;
//   walk.Run(automaton, codes, starts);             // starts: {0, 1, 4, ...}
//   for (size_t start = walk.NextFrom(0); start != TrieWalk::kNone; start = walk.NextFrom(start + 1)) {
//     for (uint32_t at = walk.LongestAt(start); at != 0; at = walk.found(at).shorter) ...   // the longest first
//   }
//
// From one place after the other, a walk down the trie ends in a branch that
// nothing can foresee, behind memory that it waits for. So all places go down
// together, level by level: those whose path goes on are kept without a branch,
// and the loads of a level do not wait for each other. Paths are followed for
// kWalkUnits units; where one goes on, its place is told (LongPaths), for the
// automaton to read on. Time: linear in the places, kWalkUnits steps each at
// most. Memory: some 30 bytes per place and 12 per keyword found. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "keyword_linker/automaton.h"

namespace sakuin::keyword_linker {

inline constexpr uint32_t kWalkUnits = 64;

class TrieWalk {
 public:
  static constexpr size_t kNone = SIZE_MAX;

  struct Found {
    uint32_t state = 0;    // as Automaton::KeywordAt takes it
    uint32_t units = 0;
    uint32_t shorter = 0;  // the next shorter one that begins there; 0: none
  };

  // Adds what begins at `starts`, ascending places of `codes`, each for the first
  // time. REQUIRES: kWalkUnits + kMaxTailUnits + 1 codes, or zeros, follow each.
  void Run(const Automaton& automaton, const uint32_t* codes, std::span<const uint32_t> starts);

  // The first place from `start` on where a keyword begins, or kNone.
  size_t NextFrom(size_t start) const;
  // 0: no keyword begins there.
  uint32_t LongestAt(size_t start) const { return start < longest_.size() ? longest_[start] : 0; }
  const Found& found(uint32_t at) const { return found_[at]; }

  // Places of the last Run where a path is longer than kWalkUnits.
  std::span<const uint32_t> LongPaths() const { return long_paths_; }

  // Forgets all before `needed`; what is left is `count` places further to the front. REQUIRES: count <= needed.
  void Drop(size_t count, size_t needed);

 private:
  static constexpr size_t kBlock = 256;  // places that go down together: their paths stay in the nearest cache

  // A path in one number: where it began, and above where its last code leads, if that is a state.
  using Path = uint64_t;
  using Paths = std::array<Path, kBlock + 1>;

  void RunBlock(const Automaton& automaton, const uint32_t* codes, std::span<const uint32_t> starts);
  size_t Descend(std::span<const AutomatonNode> nodes, const uint32_t* codes, size_t count);
  void KeepFound();
  void Record(const Automaton& automaton, const uint32_t* codes, uint32_t depth);

  Paths paths_;
  Paths ends_;  // those at whose state a keyword ends, or has only a tail left
  size_t ends_count_ = 0;
  std::vector<uint32_t> longest_;  // of each place
  std::vector<uint64_t> begins_;   // a bit for each place: whether there is one
  std::vector<Found> found_ = {{}};
  std::vector<uint32_t> long_paths_;
};

}  // namespace sakuin::keyword_linker
