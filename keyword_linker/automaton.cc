#include "keyword_linker/automaton.h"

#include <bit>

namespace sakuin::keyword_linker {
namespace {

constexpr uint16_t kLongCode = 0xFFFF;

Status Wrong(const char* what) { return DataLossError(std::string("a dictionary of keywords is damaged: ") + what + "; build it again"); }

Status CheckOutputs(const AutomatonParts& parts) {
  for (size_t at = 1; at < parts.outputs.size(); ++at) {
    const AutomatonOutput& output = parts.outputs[at];
    if (output.next >= at || output.units() == 0) return Wrong("an output has no place in its list");
    if (output.tail >= parts.tails.size() && output.tail != 0) return Wrong("a tail lies outside");
    const uint32_t tail = output.tail == 0 ? 0 : parts.tails[output.tail];
    if (tail >= output.units() || output.tail + size_t{3} * tail >= parts.tails.size() + size_t{2} * tail + 1) return Wrong("a tail has no end");
  }
  return OkStatus();
}

}  // namespace

Result<Automaton> Automaton::Make(const AutomatonParts& parts) {
  Automaton automaton;
  automaton.parts_ = parts;
  if (parts.nodes.empty()) return automaton;
  // Codes stay below the size of a block, and blocks are whole: base ^ code lies inside when base does.
  for (const AutomatonNode& node : parts.nodes) {
    if (node.base >= parts.nodes.size() || node.fail >= parts.nodes.size() || node.output >= parts.outputs.size()) {
      return Wrong("a state leads outside");
    }
  }
  RETURN_IF_ERROR(CheckOutputs(parts));
  return automaton;
}

uint32_t Automaton::MatchTail(uint32_t tail, std::span<const uint32_t> codes) const {
  const uint32_t units = parts_.tails[tail];
  if (units > codes.size()) return 0;
  const uint16_t* at = &parts_.tails[tail + size_t{1}];
  for (uint32_t i = 0; i < units; ++i) {
    uint32_t code = *at++;
    if (code == kLongCode) {
      code = at[0] | static_cast<uint32_t>(at[1]) << 16;
      at += 2;
    }
    if (code != codes[i]) return 0;
  }
  return units;
}

uint32_t Automaton::DepthBound(uint32_t state) const {
  if (empty()) return 0;
  const uint32_t depth = node(state).depth();
  return depth < AutomatonNode::kMostDepth ? depth : most_units();
}

}  // namespace sakuin::keyword_linker
