#include "keyword_linker/trie_walk.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace sakuin::keyword_linker {
namespace {

constexpr size_t kWordBits = 64;

constexpr uint64_t Join(uint32_t upper, uint32_t start) { return uint64_t{upper} << 32 | start; }
constexpr uint32_t UpperOf(uint64_t path) { return static_cast<uint32_t>(path >> 32); }
constexpr uint32_t StartOf(uint64_t path) { return static_cast<uint32_t>(path); }

}  // namespace

void TrieWalk::Run(const Automaton& automaton, const uint32_t* codes, std::span<const uint32_t> starts) {
  long_paths_.clear();
  if (starts.empty() || automaton.empty()) return;
  longest_.resize(std::max<size_t>(longest_.size(), starts.back() + size_t{1}));
  begins_.resize(longest_.size() / kWordBits + 1);
  for (size_t at = 0; at < starts.size(); at += kBlock) RunBlock(automaton, codes, starts.subspan(at, std::min(kBlock, starts.size() - at)));
}

void TrieWalk::RunBlock(const Automaton& automaton, const uint32_t* codes, std::span<const uint32_t> starts) {
  const uint32_t root = automaton.node(kRootState).base;
  for (size_t i = 0; i < starts.size(); ++i) paths_[i] = Join(root ^ codes[starts[i]], starts[i]);
  size_t count = starts.size();
  for (uint32_t depth = 0; count > 0 && depth < kWalkUnits; ++depth) {
    count = Descend(automaton.parts().nodes, codes + depth, count);
    Record(automaton, codes + depth + 1, depth + 1);
  }
  for (size_t i = 0; i < count; ++i) long_paths_.push_back(StartOf(paths_[i]));
}

// One level: which paths are states, and where they lead next, for which memory is
// asked now and used in the next level. `codes`: those that the paths have read
// last, from the place where each began. How many go on.
size_t TrieWalk::Descend(std::span<const AutomatonNode> nodes, const uint32_t* codes, size_t count) {
  static_assert(AutomatonNode::kLeaf == 1 && AutomatonNode::kEnds == 2);
  size_t kept = 0;
  size_t ends = 0;
  for (size_t i = 0; i < count; ++i) {
    const Path path = paths_[i];
    const uint32_t start = StartOf(path);
    const AutomatonNode node = nodes[UpperOf(path)];
    const uint32_t is_state = node.code() == codes[start] ? 1 : 0;
    const uint32_t goes_on = is_state & ~node.label;
    const uint32_t next = (node.base ^ codes[start + size_t{1}]) & (0 - goes_on);
    __builtin_prefetch(&nodes[next]);
    paths_[kept] = Join(next, start);
    ends_[ends] = path;
    kept += goes_on;
    ends += is_state & node.label >> 1;
  }
  ends_count_ = ends;
  return kept;
}

// What ends at the level that was reached. `codes`: those that follow, from the place where each path began.
void TrieWalk::Record(const Automaton& automaton, const uint32_t* codes, uint32_t depth) {
  for (size_t i = 0; i < ends_count_; ++i) {
    const uint32_t state = UpperOf(ends_[i]);
    const uint32_t start = StartOf(ends_[i]);
    const AutomatonNode& node = automaton.node(state);
    uint32_t units = depth;
    if (node.Has(AutomatonNode::kTail)) {
      if (!node.MayFollow(codes[start])) continue;
      const uint32_t tail = automaton.MatchTail(node.base, codes + start);
      if (tail == 0) continue;
      units += tail;
    }
    found_.push_back({state, units, longest_[start]});
    longest_[start] = static_cast<uint32_t>(found_.size() - 1);
    begins_[start / kWordBits] |= uint64_t{1} << start % kWordBits;
  }
}

void TrieWalk::Drop(size_t count, size_t needed) {
  if (needed >= longest_.size()) {
    longest_.clear();
    begins_.clear();
    found_.resize(1);
    return;
  }
  longest_.erase(longest_.begin(), longest_.begin() + static_cast<std::ptrdiff_t>(count));
  KeepFound();
  begins_.assign(longest_.size() / kWordBits + 1, 0);
  for (size_t i = 0; i < longest_.size(); ++i) begins_[i / kWordBits] |= uint64_t{longest_[i] != 0} << i % kWordBits;
}

// Of what was found, only that of the places that are left.
void TrieWalk::KeepFound() {
  std::vector<Found> kept = {{}};
  for (uint32_t& longest : longest_) {
    const uint32_t first = longest;
    if (first != 0) longest = static_cast<uint32_t>(kept.size());
    for (uint32_t at = first; at != 0; at = found_[at].shorter) {
      kept.push_back(found_[at]);
      if (found_[at].shorter != 0) kept.back().shorter = static_cast<uint32_t>(kept.size());
    }
  }
  found_ = std::move(kept);
}

size_t TrieWalk::NextFrom(size_t start) const {
  size_t word = start / kWordBits;
  if (word >= begins_.size()) return kNone;
  uint64_t bits = begins_[word] >> start % kWordBits << start % kWordBits;
  while (bits == 0) {
    if (++word == begins_.size()) return kNone;
    bits = begins_[word];
  }
  return word * kWordBits + static_cast<size_t>(std::countr_zero(bits));
}

}  // namespace sakuin::keyword_linker
