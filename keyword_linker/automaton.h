// automaton.h: all keywords that occur in a text, in one pass (Aho and Corasick,
// 1975), as a double array (Aoe, 1989) over code points.
//
//   size_t state = kRootState;
//   for (uint32_t code : codes) {
//     state = automaton.Next(state, code);
//     for (uint32_t at = automaton.node(state).output; at != kNoOutput; at = automaton.output(at).next) ...
//   }
//
// Every character of the alphabet has a code, 1 for the most frequent one. The
// child of state s by code c is the slot base(s) ^ c, if that slot is labelled c:
// no two states have the same base, so the label says enough. A state under
// which only one keyword is left is a leaf: what the keyword still wants is its
// tail, at most kMaxTailUnits codes, which the text is compared with. Three
// states of four become tails. The bytes: docs/keyword_dictionary.md.
//
// A view of memory that must outlive it: immutable, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace sakuin::keyword_linker {

inline constexpr uint32_t kRootState = 0;
inline constexpr uint32_t kNoOutput = 0;       // outputs are counted from 1
inline constexpr uint32_t kMaxTailUnits = 16;
inline constexpr uint32_t kUnknownCode = 0;    // of a character that is in no keyword
inline constexpr uint32_t kMostUnits = (1U << 20) - 1;  // of a keyword

struct AutomatonNode {
  static constexpr uint32_t kCodeBits = 21;
  static constexpr uint32_t kMostDepth = (1U << (32 - kCodeBits)) - 1;

  uint32_t base = 0;
  uint32_t label = 0;   // low 21 bits: the code that leads here, 0: a free slot; above: depth, kMostDepth for that or more
  uint32_t fail = 0;    // the state of the longest proper suffix that is a state
  uint32_t output = 0;  // the first of what ends here, longest first

  uint32_t code() const { return label & ((1U << kCodeBits) - 1); }
  uint32_t depth() const { return label >> kCodeBits; }
};

// A keyword that ends at a state, or would when its tail follows.
struct AutomatonOutput {
  static constexpr uint32_t kUnitBits = 20;

  uint32_t keyword = 0;
  uint32_t packed = 0;  // low 20 bits: units; above: the hint
  uint32_t tail = 0;    // where its tail begins in `tails`; 0: none
  uint32_t next = 0;    // the next shorter one

  uint32_t units() const { return packed & ((1U << kUnitBits) - 1); }  // length of the whole keyword
  // The low 12 bits of the tail's first code: most tails need not be looked at.
  uint32_t hint() const { return packed >> kUnitBits; }
  bool MayFollow(uint32_t code) const { return (code & ((1U << (32 - kUnitBits)) - 1)) == hint(); }
};

// The parts of an automaton, in memory or in a mapped file.
struct AutomatonParts {
  std::span<const AutomatonNode> nodes;
  std::span<const AutomatonOutput> outputs;  // the first is nobody's
  // Tails: a length, then so many codes; a code of 0xFFFF or more is 0xFFFF and
  // two numbers, low half first. The first number is nobody's.
  std::span<const uint16_t> tails;
  uint32_t most_units = 0;  // of the longest keyword
};

class Automaton {
 public:
  Automaton() = default;  // without keywords

  // DATA_LOSS when a number leads outside its array. Linear in the parts.
  static Result<Automaton> Make(const AutomatonParts& parts);

  const AutomatonNode& node(uint32_t state) const { return parts_.nodes[state]; }
  const AutomatonOutput& output(uint32_t at) const { return parts_.outputs[at]; }

  // The state after `code`. Constant time, counted over a whole text.
  uint32_t Next(uint32_t state, uint32_t code) const {
    if (code == kUnknownCode || empty()) return kRootState;
    for (;;) {
      const uint32_t child = parts_.nodes[state].base ^ code;
      if (parts_.nodes[child].code() == code) return child;
      if (state == kRootState) return kRootState;
      state = parts_.nodes[state].fail;
    }
  }

  // Asks for the memory that Next(state, code) looks at first.
  void PrefetchChild(uint32_t state, uint32_t code) const { __builtin_prefetch(&parts_.nodes[parts_.nodes[state].base ^ code]); }

  // How many codes of the tail at `tail`, if `codes` begins with it; else 0.
  uint32_t MatchTail(uint32_t tail, std::span<const uint32_t> codes) const;
  uint32_t TailUnits(uint32_t tail) const { return parts_.tails[tail]; }

  // An upper bound of how many units before the present one matter to `state`.
  uint32_t DepthBound(uint32_t state) const;

  bool empty() const { return parts_.nodes.empty(); }
  uint32_t most_units() const { return parts_.most_units; }
  const AutomatonParts& parts() const { return parts_; }
  size_t bytes() const { return parts_.nodes.size_bytes() + parts_.outputs.size_bytes() + parts_.tails.size_bytes(); }

 private:
  AutomatonParts parts_;
};

}  // namespace sakuin::keyword_linker
