// run.h: what an engine answered: ranked documents for each query, and the TREC file of it.
//
//   101 Q0 doc-7 1 12.25 bm25          query, "Q0", document, rank, score, name of the run
//   101 Q0 doc-9 2 11.5 bm25
//
//   ASSIGN_OR_RETURN(const Run run, ParseRun(text, "bm25.run"));
//   run.Find("101")->documents[0].document     // "doc-7"
//
// Which order counts
//   In memory the order of RankedList::documents is the ranking, whatever the
//   scores are. A file has no order: every reader, trec_eval too, ignores line
//   order and the rank field, sorts by score descending and breaks ties by
//   document id DESCENDING (bytes). ParseRun does the same.
//
// How a ranking survives the file
//   FormatRankedList writes scores in single precision, with as many digits as
//   it takes to tell neighbours apart, because trec_eval up to 9.0.8 reads into
//   a float. Where the next document would be sorted before its predecessor
//   (an equal score and a larger id, or a larger score), it gets the
//   predecessor's score lowered by one unit in the last place. So reading the
//   file gives back exactly our order: in ours (ties by ascending key) the
//   documents of a tie are written with strictly decreasing scores.
//
// Const use may be shared between threads.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "relevance/qrels.h"

namespace sakuin::relevance {

struct RankedDocument {
  std::string document;
  double score = 0;
  friend bool operator==(const RankedDocument&, const RankedDocument&) = default;
};

// The answer to one query, best document first.
struct RankedList {
  std::string query;
  std::vector<RankedDocument> documents;
  friend bool operator==(const RankedList&, const RankedList&) = default;
};

// OK when every document occurs once and every score is finite; else INVALID_ARGUMENT naming the document.
Status CheckRankedList(const RankedList& list);

class Run {
 public:
  // In the order of their first line or Add().
  const std::vector<RankedList>& lists() const { return lists_; }

  // Null when the run has no list for the query; valid until the next Add().
  const RankedList* Find(std::string_view query) const;

  // Takes the list in its order. ALREADY_EXISTS for a second list of one query; also fails as CheckRankedList does.
  Status Add(RankedList list);

 private:
  std::vector<RankedList> lists_;
  TextMap<size_t> index_;
};

// Six fields a line, separated by any white space; blank lines and lines
// beginning with '#' are passed over. Field 2 and the rank are not looked at,
// and as in trec_eval neither is what follows the sixth field. Refused, as
// "name:line: expected ..., found ...": fewer fields, NUL bytes, a score that
// is not a finite number, a document twice for one query.
Result<Run> ParseRun(std::string_view text, std::string_view name);

// The lines of one query, ranks from 1. INVALID_ARGUMENT where the format has
// no way to say it: an id that is empty or holds white space or NUL, a query
// beginning with '#', a score beyond single precision.
Result<std::string> FormatRankedList(const RankedList& list, std::string_view tag);

// All lists, in order.
Result<std::string> FormatRun(const Run& run, std::string_view tag);

}  // namespace sakuin::relevance
