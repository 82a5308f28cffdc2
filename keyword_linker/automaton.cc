#include "keyword_linker/automaton.h"

#include <array>

namespace sakuin::keyword_linker {
namespace {

constexpr size_t kTailHeader = 3;

Status Wrong(const char* what) { return DataLossError(std::string("a dictionary of keywords is damaged: ") + what + "; build it again"); }

// Where tails begin. The tails stand one behind the other, so that one walk sees them all.
Result<std::vector<bool>> FindTails(const AutomatonParts& parts) {
  const std::span<const uint16_t> tails = parts.tails;
  std::vector<bool> begins(tails.size());
  for (size_t at = 1; at < tails.size();) {
    if (tails.size() - at < kTailHeader) return Wrong("a tail has no end");
    const uint32_t keyword = tails[at] | static_cast<uint32_t>(tails[at + 1]) << 16;
    const uint32_t units = tails[at + 2];
    if (keyword + size_t{1} >= parts.outputs.size()) return Wrong("a tail belongs to no keyword");
    if (units == 0 || units > kMaxTailUnits) return Wrong("a tail has no length");
    begins[at] = true;
    at += kTailHeader;
    for (uint32_t i = 0; i < units; ++i) {
      if (at >= tails.size()) return Wrong("a tail has no end");
      if (tails[at] == kUnknownCode) return Wrong("a tail has a code that is none");
      at += tails[at] == kLongCode ? 3 : 1;
    }
    if (at > tails.size()) return Wrong("a tail has no end");
  }
  return begins;
}

Status CheckOutputs(const AutomatonParts& parts, const std::vector<bool>& tails) {
  for (size_t at = 1; at < parts.outputs.size(); ++at) {
    const AutomatonOutput& output = parts.outputs[at];
    if (output.next >= parts.outputs.size() || output.units == 0) return Wrong("an output leads outside");
    if (output.tail != 0 && (output.tail >= tails.size() || !tails[output.tail])) return Wrong("a tail lies outside");
  }
  return OkStatus();
}

Status CheckNodes(const AutomatonParts& parts, const std::vector<bool>& tails) {
  constexpr uint32_t kInner = 0;
  constexpr uint32_t kInnerEnd = AutomatonNode::kEnds;
  constexpr uint32_t kWholeLeaf = AutomatonNode::kEnds | AutomatonNode::kLeaf;
  constexpr uint32_t kTailLeaf = AutomatonNode::kEnds | AutomatonNode::kLeaf | AutomatonNode::kTail;
  std::array<size_t, kTailLeaf + 1> limits{};  // of the bases; other flags do not go together
  limits[kInner] = limits[kInnerEnd] = parts.nodes.size();
  limits[kWholeLeaf] = parts.outputs.size() - 1;
  limits[kTailLeaf] = tails.size();
  uint32_t wrong = 0;
  for (size_t slot = 0; slot < parts.nodes.size(); ++slot) {
    const AutomatonNode& node = parts.nodes[slot];
    const AutomatonLink& link = parts.links[slot];
    const uint32_t flags = node.label & kTailLeaf;
    const bool base_inside = node.base < limits[flags] && (flags != kTailLeaf || tails[node.base]);
    const bool link_inside = link.fail < parts.nodes.size() && link.output < parts.outputs.size();
    const bool no_keyword = (flags & AutomatonNode::kEnds) != 0 && link.output == kNoOutput;
    wrong |= !base_inside || !link_inside || no_keyword || node.code() == kUnknownCode ? 1U : 0U;
  }
  return wrong == 0 ? OkStatus() : Wrong("a state leads outside");
}

}  // namespace

Result<Automaton> Automaton::Make(const AutomatonParts& parts) {
  Automaton automaton;
  automaton.parts_ = parts;
  if (parts.links.size() != parts.nodes.size()) return Wrong("its arrays do not fit each other");
  if (parts.nodes.empty()) return automaton;
  if (parts.outputs.empty()) return Wrong("its arrays do not fit each other");
  ASSIGN_OR_RETURN(const std::vector<bool> tails, FindTails(parts));
  // Codes stay below the size of a block, and blocks are whole: base ^ code lies inside when base does.
  RETURN_IF_ERROR(CheckNodes(parts, tails));
  RETURN_IF_ERROR(CheckOutputs(parts, tails));
  return automaton;
}

uint32_t Automaton::MatchTail(uint32_t tail, const uint32_t* codes) const {
  const uint32_t units = TailUnits(tail);
  const uint16_t* at = &parts_.tails[tail + kTailHeader];
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

}  // namespace sakuin::keyword_linker
