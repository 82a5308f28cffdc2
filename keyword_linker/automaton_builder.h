// automaton_builder.h: makes an automaton of keywords.
//
//   AutomatonBuilder builder;
//   builder.Add(codes_of_first);                 // strictly ascending
//   builder.Add(codes_of_second);
//   BuiltAutomaton built = builder.Build();
//   Result<Automaton> automaton = Automaton::Make(built.parts());
//
// Level by level from the root (the fail states of a level need the level above),
// families of children placed together. Time is linear in the keywords' units
// but for the search of free slots; memory is 4 bytes per unit, 29 per slot
// and 12 per keyword. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "keyword_linker/automaton.h"

namespace sakuin::keyword_linker {

struct BuiltAutomaton {
  std::vector<AutomatonNode> nodes;
  std::vector<AutomatonLink> links;
  std::vector<AutomatonOutput> outputs;
  std::vector<uint16_t> tails;

  AutomatonParts parts() const { return {nodes, links, outputs, tails}; }
};

class AutomatonBuilder {
 public:
  // A keyword, whose number is how many were added before. REQUIRES: one unit at
  // least, and more than the keyword before in the order of codes; codes from 1
  // to the alphabet's size, which is below 2^21.
  void Add(std::span<const uint32_t> codes);

  size_t keywords() const { return begins_.size() - 1; }

  // Leaves the builder empty.
  BuiltAutomaton Build();

 private:
  std::vector<uint32_t> units_;
  std::vector<uint32_t> begins_ = {0};
  uint32_t largest_code_ = 0;
};

}  // namespace sakuin::keyword_linker
