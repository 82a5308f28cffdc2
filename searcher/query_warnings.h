// query_warnings.h: what the parser tells a person about a query.
//
//   WarningLog log(text);
//   log.Add(QueryWarning::Kind::kNotUnderstood, {6, 7}, "the quote is never closed: searched as text");
//   std::vector<QueryWarning> warnings = log.Finish();   // "column 7: the quote is ..."
//
// Keeps the first kMaxWarnings and counts the rest, so that a hostile query
// cannot make a long answer. Not thread-safe; linear in the query per warning kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "searcher/query_parser.h"

namespace sakuin::searcher {

class WarningLog {
 public:
  // `text` must outlive the log.
  explicit WarningLog(std::string_view text) : text_(text) {}

  void Add(QueryWarning::Kind kind, SourceRange source, std::string_view message);

  // The warnings in the order of the query. The log is empty afterwards.
  std::vector<QueryWarning> Finish();

 private:
  std::string_view text_;
  std::vector<QueryWarning> warnings_;
  size_t left_out_ = 0;
};

// Counted in characters (code points) from 1.
size_t ColumnOf(std::string_view text, size_t byte);

// OK, or INVALID_ARGUMENT for the first warning that is not a note, with the byte,
// and the place in the query with a caret under it.
Status StrictStatus(std::string_view text, const std::vector<QueryWarning>& warnings);

}  // namespace sakuin::searcher
