// queries.h: a file of test queries, one `id<TAB>text` a line.
//
//   ASSIGN_OR_RETURN(const std::vector<Query> queries, ParseQueries("1\tgreen tea\n", "queries.tsv"));
//   queries[0].id      // "1"
//   queries[0].text    // "green tea"
//
// Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sakuin::relevance {

struct Query {
  std::string id;
  std::string text;  // all after the first tab, further tabs included; may be empty
};

// In file order. Blank lines are passed over; there are no comments, for a
// query may begin with '#'. Refused, as "name:line: expected ..., found ...":
// a line without a tab, an id that is empty or holds white space or NUL (it
// could not stand in a run file), the same id twice.
Result<std::vector<Query>> ParseQueries(std::string_view text, std::string_view name);

}  // namespace sakuin::relevance
