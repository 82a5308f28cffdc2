// keyword_scanner.h: every keyword of one dictionary, or layer of one, that occurs in a stretch of
// units and may be a link there.
//
//   KeywordScanner scanner(layer, Boundaries::kAuto, {});
//   scanner.Scan(units, 0, units.size(), [](const Occurrence& found) { ... });
//
// The state goes on from one stretch to the next, so that a text may come in
// pieces. Linear in the units and in what is found; with kAuto also in what ends
// where a link may end. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

#include "keyword_linker/boundaries.h"
#include "keyword_linker/dictionary_view.h"
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
  // `without`: numbers of keywords that are not wanted, beside those the layer hides. What `layer` holds must outlive the scanner.
  KeywordScanner(const DictionaryLayer& layer, Boundaries boundaries, std::unordered_set<uint32_t> without)
      : dictionary_(*layer.dictionary), hidden_(layer.hidden.get()), boundaries_(boundaries), without_(std::move(without)) {}

  // Reads units[from, to) and calls visit(occurrence) for each, in an order that
  // depends on the units alone. REQUIRES: the last scan ended
  // where `from` is, no unit of an occurrence has been taken from the front
  // (see Depth), and kLookAhead units follow `to`, or the text ends.
  template <typename Visit>
  void Scan(std::span<const FoldedUnit> units, size_t from, size_t to, Visit visit);

  // What follows belongs to nothing before.
  void Restart() { state_ = kRootState; }

  // So many units before the last one read may begin an occurrence yet.
  uint32_t Depth() const { return dictionary_.automaton().DepthBound(state_); }

 private:
  // A stretch is read in several lanes at a time, because a step waits for memory
  // most of its time. A lane begins at the root and goes on behind its end until
  // its path does not begin before that.
  struct Lane {
    size_t at = 0;     // the next unit
    size_t end = 0;
    uint32_t state = kRootState;
    uint32_t output = kNoOutput;  // of what ends at `at`, not yet visited
    bool done = false;
  };
  static constexpr size_t kLanes = 8;
  static constexpr size_t kShortestLane = 512;

  size_t MakeLanes(size_t from, size_t to, Lane* lanes) const;
  void Step(Lane& lane, size_t to);
  template <typename Visit>
  void VisitOutputs(std::span<const FoldedUnit> units, Lane& lane, Visit& visit);
  bool Wanted(uint32_t keyword) const {
    return (hidden_ == nullptr || !hidden_->Contains(keyword)) && (without_.empty() || !without_.contains(keyword));
  }
  bool MayLink(std::span<const FoldedUnit> units, size_t first, size_t end) const;

  const Dictionary& dictionary_;
  const KeywordSet* hidden_;
  Boundaries boundaries_;
  std::unordered_set<uint32_t> without_;
  uint32_t state_ = kRootState;
  std::vector<uint32_t> codes_;  // of the units from codes_base_ on
  size_t codes_base_ = 0;
};

template <typename Visit>
void KeywordScanner::Scan(std::span<const FoldedUnit> units, size_t from, size_t to, Visit visit) {
  if (dictionary_.automaton().empty() || from == to) return;
  codes_.clear();
  codes_base_ = from;
  for (const FoldedUnit& unit : units.subspan(from)) codes_.push_back(dictionary_.CodeOf(unit.code_point));
  Lane lanes[kLanes];
  const size_t count = MakeLanes(from, to, lanes);
  for (size_t active = count; active > 0;) {
    for (size_t i = 0; i < count; ++i) {
      Lane& lane = lanes[i];
      if (lane.output != kNoOutput) VisitOutputs(units, lane, visit);
      if (lane.done) continue;
      Step(lane, to);
      if (lane.done) --active;
    }
  }
  for (size_t i = 0; i < count; ++i) {
    if (lanes[i].output != kNoOutput) VisitOutputs(units, lanes[i], visit);
  }
  // Of the lanes that came to the end, the first one knows the longest path.
  for (size_t i = count; i-- > 0;) {
    if (lanes[i].at == to) state_ = lanes[i].state;
  }
}

inline size_t KeywordScanner::MakeLanes(size_t from, size_t to, Lane* lanes) const {
  // A path of unknown length would keep a lane from its end.
  const bool deep = dictionary_.automaton().most_units() >= kShortestLane;
  const size_t count = deep ? 1 : std::clamp<size_t>((to - from) / kShortestLane, 1, kLanes);
  for (size_t i = 0; i < count; ++i) {
    lanes[i].at = from + (to - from) * i / count;
    lanes[i].end = from + (to - from) * (i + 1) / count;
    lanes[i].state = i == 0 ? state_ : kRootState;
  }
  return count;
}

// Reads one unit. What comes next is asked of memory now, and used when the other lanes have had their turn.
inline void KeywordScanner::Step(Lane& lane, size_t to) {
  const Automaton& automaton = dictionary_.automaton();
  lane.state = automaton.Next(lane.state, codes_[lane.at - codes_base_]);
  ++lane.at;
  lane.output = automaton.node(lane.state).output;
  if (lane.output != kNoOutput) __builtin_prefetch(&automaton.output(lane.output));
  lane.done = lane.at == to || (lane.at >= lane.end && automaton.DepthBound(lane.state) <= lane.at - lane.end);
  if (!lane.done) automaton.PrefetchChild(lane.state, codes_[lane.at - codes_base_]);
}

// Those that begin in the lane, or, in the first one, before it.
template <typename Visit>
void KeywordScanner::VisitOutputs(std::span<const FoldedUnit> units, Lane& lane, Visit& visit) {
  const Automaton& automaton = dictionary_.automaton();
  const std::span<const uint32_t> following = std::span(codes_).subspan(lane.at - codes_base_);
  for (uint32_t at = std::exchange(lane.output, kNoOutput); at != kNoOutput; at = automaton.output(at).next) {
    const AutomatonOutput& output = automaton.output(at);
    uint32_t tail = 0;
    if (output.tail != 0) {
      if (following.empty() || !output.MayFollow(following[0])) continue;
      tail = automaton.MatchTail(output.tail, following);
      if (tail == 0) continue;
    }
    const size_t last = lane.at + tail;
    const size_t first = last - output.units();
    if (first >= lane.end) return;
    if (!MayLink(units, first, last) || !Wanted(output.keyword)) continue;
    visit(Occurrence{static_cast<uint32_t>(first), static_cast<uint32_t>(last), output.keyword});
  }
}

inline bool KeywordScanner::MayLink(std::span<const FoldedUnit> units, size_t first, size_t end) const {
  if (!units[first].group_begins || !units[end - 1].group_ends) return false;
  return boundaries_ == Boundaries::kNone || (MayBegin(units, first) && MayEnd(units, end));
}

}  // namespace sakuin::keyword_linker
