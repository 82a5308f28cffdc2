#include "keyword_linker/automaton_builder.h"

#include <algorithm>
#include <utility>

#include "keyword_linker/double_array.h"

namespace sakuin::keyword_linker {
namespace {

struct Keywords {
  std::span<const uint32_t> units;
  std::span<const uint32_t> begins;

  std::span<const uint32_t> operator[](uint32_t number) const { return units.subspan(begins[number], begins[number + 1] - begins[number]); }
};

// A state whose children are still to be placed: the keywords from `first` to `end` begin with its path.
struct Open {
  uint32_t state;
  uint32_t first;
  uint32_t end;
};

class Build {
 public:
  Build(const Keywords& keywords, uint32_t count, uint32_t codes) : keywords_(keywords), count_(count), slots_(codes) {
    built_.outputs.resize(size_t{count} + 1);
    built_.tails.push_back(0);
  }

  BuiltAutomaton Run() {
    Resize();
    std::vector<Open> level = {{kRootState, 0, count_}};
    for (uint32_t depth = 1; !level.empty(); ++depth) {
      std::vector<Open> below;
      for (const Open& open : level) PlaceChildren(open, depth, below);
      level = std::move(below);
    }
    return std::move(built_);
  }

 private:
  void Resize() {
    built_.nodes.resize(slots_.size());
    built_.links.resize(slots_.size());
  }

  void PlaceChildren(const Open& parent, uint32_t depth, std::vector<Open>& below) {
    codes_.clear();
    family_.clear();
    const uint32_t own = keywords_[parent.first].size() < depth ? 1 : 0;  // the path itself is a keyword
    for (uint32_t i = parent.first + own; i < parent.end;) {
      const uint32_t code = keywords_[i][depth - 1];
      uint32_t end = i + 1;
      while (end < parent.end && keywords_[end][depth - 1] == code) ++end;
      codes_.push_back(code);
      family_.push_back({0, i, end});
      i = end;
    }
    if (codes_.empty()) return;
    const uint32_t base = slots_.Place(codes_);
    Resize();
    built_.nodes[parent.state].base = base;
    for (size_t i = 0; i < codes_.size(); ++i) {
      family_[i].state = base ^ codes_[i];
      if (!MakeState(parent.state, codes_[i], depth, family_[i])) below.push_back(family_[i]);
    }
  }

  // True for a leaf.
  bool MakeState(uint32_t parent, uint32_t code, uint32_t depth, const Open& made) {
    AutomatonNode& node = built_.nodes[made.state];
    AutomatonLink& link = built_.links[made.state];
    node.label = code << AutomatonNode::kCodeShift;
    link.depth = depth;
    link.fail = parent == kRootState ? kRootState : Step(built_.links[parent].fail, code);
    link.output = built_.links[link.fail].output;
    const std::span<const uint32_t> first = keywords_[made.first];
    const bool whole = first.size() == depth;
    const bool leaf = made.end - made.first == 1 && first.size() - depth <= kMaxTailUnits;
    if (!whole && !leaf) return false;
    node.label |= AutomatonNode::kEnds;
    if (leaf) MakeLeaf(node, made.first, first.subspan(depth));
    built_.outputs[made.first + size_t{1}] = {static_cast<uint32_t>(first.size()), whole ? 0 : node.base, link.output};
    link.output = made.first + 1;
    return leaf;
  }

  void MakeLeaf(AutomatonNode& node, uint32_t keyword, std::span<const uint32_t> tail) {
    node.label |= AutomatonNode::kLeaf;
    node.base = keyword;
    if (tail.empty()) return;
    constexpr uint32_t kHint = (1U << AutomatonNode::kHintBits) - 1;
    node.label |= AutomatonNode::kTail | (tail[0] & kHint) << AutomatonNode::kHintShift;
    node.base = AddTail(keyword, tail);
  }

  // Shorter paths only: all states of the levels above are there.
  uint32_t Step(uint32_t state, uint32_t code) const {
    for (;;) {
      const AutomatonNode& node = built_.nodes[state];
      const uint32_t child = node.base ^ code;
      if (!node.Has(AutomatonNode::kLeaf) && built_.nodes[child].code() == code) return child;
      if (state == kRootState) return kRootState;
      state = built_.links[state].fail;
    }
  }

  uint32_t AddTail(uint32_t keyword, std::span<const uint32_t> codes) {
    const uint32_t at = static_cast<uint32_t>(built_.tails.size());
    built_.tails.insert(built_.tails.end(), {static_cast<uint16_t>(keyword), static_cast<uint16_t>(keyword >> 16), static_cast<uint16_t>(codes.size())});
    for (const uint32_t code : codes) {
      if (code < kLongCode) {
        built_.tails.push_back(static_cast<uint16_t>(code));
        continue;
      }
      built_.tails.insert(built_.tails.end(), {kLongCode, static_cast<uint16_t>(code), static_cast<uint16_t>(code >> 16)});
    }
    return at;
  }

  const Keywords& keywords_;
  uint32_t count_;
  DoubleArray slots_;
  BuiltAutomaton built_;
  std::vector<uint32_t> codes_;  // of the family that is placed
  std::vector<Open> family_;
};

}  // namespace

void AutomatonBuilder::Add(std::span<const uint32_t> codes) {
  units_.insert(units_.end(), codes.begin(), codes.end());
  begins_.push_back(static_cast<uint32_t>(units_.size()));
  largest_code_ = std::max(largest_code_, *std::max_element(codes.begin(), codes.end()));
}

BuiltAutomaton AutomatonBuilder::Build() {
  const uint32_t count = static_cast<uint32_t>(keywords());
  if (count == 0) return {};
  BuiltAutomaton built = keyword_linker::Build({units_, begins_}, count, largest_code_).Run();
  *this = {};
  return built;
}

}  // namespace sakuin::keyword_linker
