// keyword_scanner.h: every keyword of one dictionary that occurs in a stretch of
// units and may be a link there.
//
//   KeywordScanner scanner(dictionary, Boundaries::kAuto, {});
//   scanner.Scan(units, 0, units.size(), [](const Occurrence& found) { ... });
//
// The state goes on from one stretch to the next, so that a text may come in
// pieces. Linear in the units and in what is found; with kAuto also in what ends
// where a link may end. Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

#include "keyword_linker/boundaries.h"
#include "keyword_linker/dictionary.h"
#include "keyword_linker/folded_units.h"

namespace sakuin::keyword_linker {

// Behind the units that a scan ends with so many more are looked at.
inline constexpr size_t kLookAhead = kMaxTailUnits + kMostParticleUnits + 1;

struct Occurrence {
  uint32_t first = 0;    // units
  uint32_t end = 0;
  uint32_t keyword = 0;  // its number in the dictionary
};

class KeywordScanner {
 public:
  // `without`: numbers of keywords that are not wanted. `dictionary` must outlive the scanner.
  KeywordScanner(const Dictionary& dictionary, Boundaries boundaries, std::unordered_set<uint32_t> without)
      : dictionary_(dictionary), boundaries_(boundaries), without_(std::move(without)) {}

  // Reads units[from, to) and calls visit(occurrence) for each, those that end
  // first first, and of these the longest first. REQUIRES: the last scan ended
  // where `from` is, no unit of an occurrence has been taken from the front
  // (see Depth), and kLookAhead units follow `to`, or the text ends.
  template <typename Visit>
  void Scan(std::span<const FoldedUnit> units, size_t from, size_t to, Visit visit);

  // What follows belongs to nothing before.
  void Restart() { state_ = kRootState; }

  // So many units before the last one read may begin an occurrence yet.
  uint32_t Depth() const { return dictionary_.automaton().DepthBound(state_); }

 private:
  template <typename Visit>
  void VisitOutputs(std::span<const FoldedUnit> units, size_t end, std::span<const uint32_t> following, uint32_t at, Visit& visit);
  bool MayLink(std::span<const FoldedUnit> units, size_t first, size_t end) const;

  const Dictionary& dictionary_;
  Boundaries boundaries_;
  std::unordered_set<uint32_t> without_;
  uint32_t state_ = kRootState;
  std::vector<uint32_t> codes_;
};

template <typename Visit>
void KeywordScanner::Scan(std::span<const FoldedUnit> units, size_t from, size_t to, Visit visit) {
  codes_.clear();
  for (const FoldedUnit& unit : units.subspan(from)) codes_.push_back(dictionary_.CodeOf(unit.code_point));
  const Automaton& automaton = dictionary_.automaton();
  for (size_t i = from; i < to; ++i) {
    state_ = automaton.Next(state_, codes_[i - from]);
    const uint32_t output = automaton.empty() ? kNoOutput : automaton.node(state_).output;
    if (output != kNoOutput) VisitOutputs(units, i + 1, std::span(codes_).subspan(i + 1 - from), output, visit);
  }
}

template <typename Visit>
void KeywordScanner::VisitOutputs(std::span<const FoldedUnit> units, size_t end, std::span<const uint32_t> following, uint32_t at, Visit& visit) {
  const Automaton& automaton = dictionary_.automaton();
  for (; at != kNoOutput; at = automaton.output(at).next) {
    const AutomatonOutput& output = automaton.output(at);
    uint32_t tail = 0;
    if (output.tail != 0) {
      if (following.empty() || !output.MayFollow(following[0])) continue;
      tail = automaton.MatchTail(output.tail, following);
      if (tail == 0) continue;
    }
    const size_t last = end + tail;
    const size_t first = last - output.units();
    if (!MayLink(units, first, last) || (!without_.empty() && without_.contains(output.keyword))) continue;
    visit(Occurrence{static_cast<uint32_t>(first), static_cast<uint32_t>(last), output.keyword});
  }
}

inline bool KeywordScanner::MayLink(std::span<const FoldedUnit> units, size_t first, size_t end) const {
  if (!units[first].group_begins || !units[end - 1].group_ends) return false;
  return boundaries_ == Boundaries::kNone || (MayBegin(units, first) && MayEnd(units, end));
}

}  // namespace sakuin::keyword_linker
