// matcher.h: one node of a query, bound to one segment: which documents match,
// and with what score.
//
//   std::unique_ptr<Matcher> matcher = ...;
//   for (DocId base = 0; base < documents; base += kWindowDocs) matcher->Fill(base, wanted, window);
//   RETURN_IF_ERROR(matcher->status());
//
// Windows are asked for in ascending order; some may be left out, and the last
// may be asked for again. One virtual call per node and window, none per
// document. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "index/deletes.h"
#include "searcher/block_cursor.h"
#include "searcher/candidates.h"
#include "searcher/similarity.h"
#include "searcher/window.h"

namespace sakuin::searcher {

// What a match of the node means to the whole query.
enum class Role {
  kRequired,  // every match of the query is one of the node
  kAny,       // a match of the node, or of others, is a match of the query, if nothing required is missing
  kOptional,  // the node only adds to scores
};

// Up to 64 documents of a window. A set of them is a word with a bit for each.
inline constexpr uint32_t kBatchDocs = 64;

struct DocBatch {
  index::DocId base = 0;    // of the window
  uint32_t count = 0;
  uint32_t at[kBatchDocs];  // document less base, ascending

  uint64_t all() const { return count == kBatchDocs ? UINT64_MAX : (uint64_t{1} << count) - 1; }
};

class Matcher {
 public:
  virtual ~Matcher() = default;

  // Replaces `out.bits` by the matching documents among base .. base + 4095 that
  // are in `wanted`, and sets their scores.
  virtual void Fill(index::DocId base, const DocBits& wanted, Window& out) = 0;

  // As Fill, without scores: for counts, filters and exclusions.
  virtual void Select(index::DocId base, const DocBits& wanted, DocBits& out) = 0;

  // As Fill, for few documents: returns which of `wanted` match, and sets scores[i]
  // of those. Null `scores`: none are computed.
  virtual uint64_t ScoreBatch(const DocBatch& batch, uint64_t wanted, float* scores) = 0;

  // Tells `shape` what bounds the scores. REQUIRES: this outlives the shape.
  virtual void Describe(Role role, ScoreShape& shape) = 0;

  // About how many documents match; decides which clause of an AND goes first.
  virtual uint64_t cost() const = 0;

  // Postings decoded so far.
  virtual uint64_t postings_read() const { return 0; }

  // The first damage met; then the results are not to be used.
  virtual Status status() const { return OkStatus(); }
};

// A word: its postings, scored.
std::unique_ptr<Matcher> MakeTermMatcher(std::unique_ptr<BlockCursor> cursor, const TermWeight& weight);

// Words in order: every word at its relative position, with `slop` moves allowed.
struct PhraseTerm {
  std::unique_ptr<BlockCursor> cursor;
  uint32_t position = 0;
};
std::unique_ptr<Matcher> MakePhraseMatcher(std::vector<PhraseTerm> terms, uint32_t slop, const TermWeight& weight);

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
