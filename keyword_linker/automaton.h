// automaton.h: the keywords of a dictionary as a trie with failure links (Aho and
// Corasick, 1975), a double array (Aoe, 1989) over code points.
//
//   size_t state = kRootState;
//   for (uint32_t code : codes) {
//     state = automaton.Next(state, code);
//     for (uint32_t at = automaton.link(state).output; at != kNoOutput; at = automaton.output(at).next) ...
//   }
//
// Every character of the alphabet has a code, 1 for the most frequent one. The
// child of state s by code c is the slot base(s) ^ c, if that slot is labelled c:
// no two states have the same base, so the label says enough. A state under
// which only one keyword is left is a leaf: what the keyword still wants is its
// tail, at most kMaxTailUnits codes, which the text is compared with. Three
// states of four become tails. What a walk down the trie reads is apart from what
// only the automaton needs, and a slot of it is 8 bytes. The bytes:
// docs/keyword_dictionary.md.
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
inline constexpr uint16_t kLongCode = 0xFFFF;  // in a tail: two numbers follow

// A slot of the double array.
struct AutomatonNode {
  static constexpr uint32_t kFreeCode = (1U << 21) - 1;  // of slots that no code leads to, the root's too
  static constexpr uint32_t kCodeShift = 11;
  static constexpr uint32_t kHintShift = 3;
  static constexpr uint32_t kHintBits = 8;
  static constexpr uint32_t kLeaf = 1;   // no children; `base` is its tail, or without one its keyword
  static constexpr uint32_t kEnds = 2;   // a keyword ends here, or would behind the tail
  static constexpr uint32_t kTail = 4;

  uint32_t base = 0;
  uint32_t label = kFreeCode << kCodeShift;  // the code that leads here, 8 bits of the tail's first code, flags

  uint32_t code() const { return label >> kCodeShift; }
  bool Has(uint32_t flag) const { return (label & flag) != 0; }
  // Whether the tail may begin with `code`: most tails need not be looked at.
  bool MayFollow(uint32_t code) const { return ((label >> kHintShift ^ code) & ((1U << kHintBits) - 1)) == 0; }
};

// What only the automaton needs of a state.
struct AutomatonLink {
  uint32_t fail = 0;    // the state of the longest proper suffix that is a state
  uint32_t output = 0;  // the first of what ends here, the deepest state first
  uint32_t depth = 0;   // units from the root
};

// A keyword where it ends, or would when its tail follows: that of keyword n is number n + 1.
struct AutomatonOutput {
  uint32_t units = 0;  // of the whole keyword
  uint32_t tail = 0;   // where its tail begins in `tails`; 0: none
  uint32_t next = 0;   // of the next shorter suffix
};

// The parts of an automaton, in memory or in a mapped file.
struct AutomatonParts {
  std::span<const AutomatonNode> nodes;
  std::span<const AutomatonLink> links;      // of each slot
  std::span<const AutomatonOutput> outputs;  // the first is nobody's
  // Tails: the number of the keyword, low half first, a length, and so many codes; a
  // code of 0xFFFF or more is 0xFFFF and two numbers, low half first. The first number is nobody's.
  std::span<const uint16_t> tails;
};

class Automaton {
 public:
  Automaton() = default;  // without keywords

  // DATA_LOSS when a number leads outside its array. Linear in the parts.
  static Result<Automaton> Make(const AutomatonParts& parts);

  const AutomatonNode& node(uint32_t state) const { return parts_.nodes[state]; }
  const AutomatonLink& link(uint32_t state) const { return parts_.links[state]; }
  const AutomatonOutput& output(uint32_t at) const { return parts_.outputs[at]; }

  // The child of `state` by `code`; kRootState: it has none.
  uint32_t Child(uint32_t state, uint32_t code) const {
    const AutomatonNode& node = parts_.nodes[state];
    if (node.Has(AutomatonNode::kLeaf)) return kRootState;
    const uint32_t child = node.base ^ code;
    return parts_.nodes[child].code() == code ? child : kRootState;
  }

  // The state after `code`. Constant time, counted over a whole text. REQUIRES: not empty.
  uint32_t Next(uint32_t state, uint32_t code) const {
    for (;;) {
      const uint32_t child = Child(state, code);
      if (child != kRootState || state == kRootState) return child;
      const uint32_t depth = parts_.links[state].depth;
      state = parts_.links[state].fail;
      if (parts_.links[state].depth >= depth) return kRootState;  // a file of somebody else's making
    }
  }

  // How many codes the tail at `tail` has, if `codes` begins with it; else 0. REQUIRES: a code of 0 ends `codes`.
  uint32_t MatchTail(uint32_t tail, const uint32_t* codes) const;
  uint32_t TailUnits(uint32_t tail) const { return parts_.tails[tail + size_t{2}]; }

  // The keyword of a state that has kEnds.
  uint32_t KeywordAt(uint32_t state) const {
    const AutomatonNode& node = parts_.nodes[state];
    if (node.Has(AutomatonNode::kTail)) return parts_.tails[node.base] | static_cast<uint32_t>(parts_.tails[node.base + size_t{1}]) << 16;
    return node.Has(AutomatonNode::kLeaf) ? node.base : parts_.links[state].output - 1;
  }

  bool empty() const { return parts_.nodes.empty(); }
  const AutomatonParts& parts() const { return parts_; }
  size_t bytes() const { return parts_.nodes.size_bytes() + parts_.links.size_bytes() + parts_.outputs.size_bytes() + parts_.tails.size_bytes(); }

 private:
  AutomatonParts parts_;
};

}  // namespace sakuin::keyword_linker
