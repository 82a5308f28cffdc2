// keyword_scanner.h: every keyword of one dictionary, or layer of one, that occurs in a text and
// may be a link there.
//
//   KeywordScanner scanner(layer, Boundaries::kAuto, {});
//   scanner.Read(units, 0, units.size(), starts, [](const Occurrence& found) { ... });   // the long ones
//   scanner.VisitAt(units, start, [](const Occurrence& found) { ...; return true; });     // the others
//
// Keywords are found by walking down the trie from every place where a link may
// begin (trie_walk.h). Where a path is longer than kWalkUnits, the automaton
// reads on from there, and finds what ends at deeper states: so the time is
// linear in the units and in the occurrences, also those that are not chosen. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

#include "keyword_linker/boundaries.h"
#include "keyword_linker/dictionary_view.h"
#include "keyword_linker/folded_units.h"
#include "keyword_linker/trie_walk.h"

namespace sakuin::keyword_linker {

// Behind the units that are read so many more are looked at.
inline constexpr size_t kLookAhead = kWalkUnits + kMaxTailUnits + kMostUnitsBehind;

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

  // Reads units[from, to), where links may begin at `starts`; visit(occurrence) is called
  // for what ends at states deeper than kWalkUnits, as it is found. REQUIRES: the
  // last call ended where `from` is, and kLookAhead units follow `to`, or the text ends.
  template <typename Visit>
  void Read(std::span<const FoldedUnit> units, size_t from, size_t to, std::span<const uint32_t> starts, Visit visit);

  // Every occurrence that begins before this unit has been found.
  size_t known() const { return known_; }

  // The first place from `start` on where VisitAt may give something, or SIZE_MAX.
  size_t NextFrom(size_t start) const { return walk_.NextFrom(start); }

  // Calls visit(occurrence) for what else begins at `start`, the longest first, until it returns false.
  template <typename Visit>
  void VisitAt(std::span<const FoldedUnit> units, size_t start, Visit visit) const;

  // The first that VisitAt gives; its `end` is 0 where there is none.
  Occurrence LongestAt(std::span<const FoldedUnit> units, size_t start) const {
    Occurrence longest;
    VisitAt(units, start, [&longest](const Occurrence& found) {
      longest = found;
      return false;
    });
    return longest;
  }

  // The first `count` units are gone, and nothing is asked again about those before `needed`.
  // REQUIRES: count <= needed <= known().
  void Drop(size_t count, size_t needed);

  // What follows belongs to nothing before.
  void Restart();

 private:
  void ReadCodes(std::span<const FoldedUnit> units, size_t from);
  size_t PathBegin() const { return at_ - dictionary_.automaton().link(state_).depth; }
  bool NextLongPath();
  template <typename Visit>
  void VisitDeep(std::span<const FoldedUnit> units, Visit& visit);
  bool Wanted(uint32_t keyword) const {
    return (hidden_ == nullptr || !hidden_->Contains(keyword)) && (without_.empty() || !without_.contains(keyword));
  }

  const Dictionary& dictionary_;
  const KeywordSet* hidden_;
  Boundaries boundaries_;
  std::unordered_set<uint32_t> without_;
  TrieWalk walk_;
  size_t known_ = 0;
  // The automaton, which runs while there are long paths.
  std::deque<uint32_t> long_paths_;  // where those begin that it has not left behind
  uint32_t state_ = kRootState;
  size_t at_ = 0;                    // the unit that it reads next
  std::vector<uint32_t> codes_;      // of the units, and zeros
};

template <typename Visit>
void KeywordScanner::Read(std::span<const FoldedUnit> units, size_t from, size_t to, std::span<const uint32_t> starts, Visit visit) {
  known_ = to;
  if (dictionary_.automaton().empty()) return;
  ReadCodes(units, from);
  walk_.Run(dictionary_.automaton(), codes_.data(), starts);
  long_paths_.insert(long_paths_.end(), walk_.LongPaths().begin(), walk_.LongPaths().end());
  while (NextLongPath()) {
    if (at_ == to) {
      if (to < units.size()) known_ = std::min<size_t>(PathBegin(), long_paths_.front());
      return;
    }
    state_ = dictionary_.automaton().Next(state_, codes_[at_]);
    ++at_;
    VisitDeep(units, visit);
  }
}

// Whether a long path is not yet at its end; the automaton stands where it goes on.
inline bool KeywordScanner::NextLongPath() {
  while (!long_paths_.empty() && long_paths_.front() < PathBegin()) long_paths_.pop_front();
  if (long_paths_.empty()) {
    state_ = kRootState;
    return false;
  }
  if (long_paths_.front() < at_) return true;
  at_ = long_paths_.front();
  state_ = kRootState;
  return true;
}

template <typename Visit>
void KeywordScanner::VisitDeep(std::span<const FoldedUnit> units, Visit& visit) {
  const Automaton& automaton = dictionary_.automaton();
  uint32_t depth = automaton.link(state_).depth + 1;
  if (depth <= kWalkUnits + 1) return;
  for (uint32_t at = automaton.link(state_).output; at != kNoOutput; at = automaton.output(at).next) {
    const AutomatonOutput& output = automaton.output(at);
    const uint32_t tail = output.tail == 0 ? 0 : automaton.TailUnits(output.tail);
    const uint32_t output_depth = output.units - tail;
    if (output.units <= kWalkUnits + tail || output_depth >= depth) return;  // and so are those that follow
    depth = output_depth;
    if (output.tail != 0 && automaton.MatchTail(output.tail, &codes_[at_]) == 0) continue;
    const size_t end = at_ + tail;
    if (output.units > end) return;  // a file of somebody else's making
    const Occurrence found{static_cast<uint32_t>(end - output.units), static_cast<uint32_t>(end), at - 1};
    if (MayBegin(units, found.first, boundaries_) && MayEnd(units, end, boundaries_) && Wanted(found.keyword)) visit(found);
  }
}

template <typename Visit>
void KeywordScanner::VisitAt(std::span<const FoldedUnit> units, size_t start, Visit visit) const {
  for (uint32_t at = walk_.LongestAt(start); at != 0; at = walk_.found(at).shorter) {
    const TrieWalk::Found& found = walk_.found(at);
    const size_t end = start + found.units;
    if (!MayEnd(units, end, boundaries_)) continue;
    const uint32_t keyword = dictionary_.automaton().KeywordAt(found.state);
    if (Wanted(keyword) && !visit(Occurrence{static_cast<uint32_t>(start), static_cast<uint32_t>(end), keyword})) return;
  }
}

}  // namespace sakuin::keyword_linker
