// query_parser.h: from what a person typed to a Query. Start at ParseQuery.
//
//   ParseOptions options;
//   options.is_field = [&](std::string_view name) { return schema.Has(name); };
//   ASSIGN_OR_RETURN(ParsedQuery parsed, ParseQuery("brown AND title:fox", options));
//   ToString(parsed.query);   // (+brown +title:fox)
//
// The language is specified in docs/query_language.md, whose examples a test
// checks against this code. A person's words never fail: what does not parse as
// operators is searched as text and a warning says so. With `strict` the first
// such warning is an INVALID_ARGUMENT that shows the place.
//
// Thread-safe: functions of their arguments. Cost: linear in the query; depth of
// recursion bounded by `max_depth`. Not done here: analysis, and whether a value
// fits its field's type.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "searcher/query.h"

namespace sakuin::searcher {

inline constexpr size_t kMaxQueryBytes = 1 << 20;      // longer ones are INVALID_ARGUMENT, lenient or not
inline constexpr int kDefaultMaxDepth = 100;           // groups within groups
inline constexpr size_t kMaxRegexpBytes = 1000;        // length of one pattern
inline constexpr size_t kMaxRegexps = 64;              // in one query; each is compiled once to check it
inline constexpr size_t kMaxRegexpMemory = 1 << 20;    // RE2's max_mem for the check; the searcher may give more
inline constexpr size_t kMaxWarnings = 20;             // then one more says how many there were

struct ParseOptions {
  bool strict = false;

  // Whether `name` is a field. Empty function: whatever looks like a name is one.
  std::function<bool(std::string_view)> is_field;

  // The known fields, for the message about an unknown one.
  std::vector<std::string> field_names;

  int max_depth = kDefaultMaxDepth;
};

struct QueryWarning {
  enum class Kind {
    kNotUnderstood,  // was searched as text, or left out
    kAdjusted,       // a number out of its limits was changed or left out
    kNote,           // nothing is wrong, but a person may be surprised; never an error under `strict`
  };
  Kind kind = Kind::kNotUnderstood;
  std::string message;  // complete, with the column: "the quote at column 7 is never closed: searched as text"
  SourceRange source = {};
};

struct ParsedQuery {
  Query query;
  std::vector<QueryWarning> warnings;
};

// The full language. Lenient: fails only for more than kMaxQueryBytes.
Result<ParsedQuery> ParseQuery(std::string_view text, const ParseOptions& options = {});

// Words of a person, no operators: one WordsQuery with all of `text`, so that the
// analyzer sees it in one piece; MatchNone if there are only blanks.
Query ParsePlain(std::string_view text);

// The search-benchmark-game's syntax: words and "phrases", each with an optional
// + or - before it, and nothing else. Only exclusions match nothing.
Query ParseGame(std::string_view text);

}  // namespace sakuin::searcher
