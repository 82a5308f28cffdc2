// matcher.h: one node of a query, bound to one segment: which documents match,
// and with what score.
//
//   std::unique_ptr<Matcher> matcher = ...;
//   for (DocId base = 0; base < documents; base += kWindowDocs) matcher->Fill(base, wanted, window);
//   RETURN_IF_ERROR(matcher->status());
//
// Windows are asked for in ascending order, each at most once; some may be left
// out. One virtual call per node and window, none per document. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "index/deletes.h"
#include "index/postings_reader.h"
#include "index/segment_reader.h"
#include "searcher/similarity.h"
#include "searcher/window.h"

namespace sakuin::searcher {

class Matcher {
 public:
  virtual ~Matcher() = default;

  // Replaces `out.bits` by the matching documents among base .. base + 4095 that
  // are in `wanted`, and sets their scores.
  virtual void Fill(index::DocId base, const DocBits& wanted, Window& out) = 0;

  // About how many documents match; decides which clause of an AND goes first.
  virtual uint64_t cost() const = 0;

  // The first damage met; then the results are not to be used.
  virtual Status status() const { return OkStatus(); }
};

// A word: its postings, scored.
std::unique_ptr<Matcher> MakeTermMatcher(std::unique_ptr<index::PostingsList> list, index::Lengths lengths, const TermWeight& weight);

// Words in order: every list in `lists` at its relative position, with `slop` moves allowed.
struct PhraseTerm {
  std::unique_ptr<index::PostingsList> list;
  uint32_t position = 0;
};
std::unique_ptr<Matcher> MakePhraseMatcher(std::vector<PhraseTerm> terms, uint32_t slop, index::Lengths lengths, const TermWeight& weight);

// A set of documents known beforehand, one bit each, all with the same score.
std::unique_ptr<Matcher> MakeSetMatcher(std::vector<uint64_t> words, float score);

// Every document of the segment, all with the same score.
std::unique_ptr<Matcher> MakeAllMatcher(uint32_t documents, float score);

// A document matches when all of `must` do, none of `must_not`, and, where
// `must` is empty, one of `should`. Scores: those of must and should, added in
// the order of `order` (true: the next of must, false: the next of should).
struct BooleanParts {
  std::vector<std::unique_ptr<Matcher>> must;
  std::vector<std::unique_ptr<Matcher>> should;
  std::vector<std::unique_ptr<Matcher>> must_not;
  std::vector<bool> order;
};
std::unique_ptr<Matcher> MakeBooleanMatcher(BooleanParts parts);

}  // namespace sakuin::searcher
