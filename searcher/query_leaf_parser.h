// query_leaf_parser.h: the leaves of the query language: words with their marks,
// phrases, ranges, comparisons and regular expressions. How operators, groups and
// names of fields join them is in query_parser.cc.
//
//   QueryCursor at("fox^2 rest");
//   LeafParser leaves(at);
//   Query fox = leaves.ParseWord({"", 0});   // fox with boost 2; `at` stands behind it
//
// Both parsers move one cursor and write into one log. Not thread-safe. Cost:
// linear in the text over all calls for one cursor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "searcher/query.h"
#include "searcher/query_lexer.h"
#include "searcher/query_warnings.h"
#include "searcher/query_word.h"

namespace sakuin::searcher {

// A text, where its parse stands, and what was told about it.
struct QueryCursor {
  // `of` must outlive the cursor.
  explicit QueryCursor(std::string_view of) : text(of), log(of) {}

  bool AtEnd() const { return pos >= text.size(); }
  char Current() const { return text[pos]; }  // REQUIRES: not AtEnd()

  // FindQuote(), which looks through the rest of the text only once where nothing is to be found.
  size_t FindClosing(QuoteKind kind, size_t from);

  void Complain(size_t begin, size_t end, std::string_view message);  // not understood
  void Adjusted(SourceRange source, std::string_view message);        // a number was changed

  const std::string_view text;
  size_t pos = 0;
  int depth = 0;  // groups that are open
  WarningLog log;

 private:
  static constexpr size_t kNowhere = std::string_view::npos;
  std::array<size_t, 3> none_from_{kNowhere, kNowhere, kNowhere};  // by QuoteKind: from here on no mark of this kind closes
};

// Where a piece stands: the field that counts for it and whether the field's name
// is written directly before it.
struct Place {
  const std::string& field;
  size_t begin;        // of the piece, with the name of the field
  bool value = false;  // field:HERE
  bool sign = false;   // +HERE
};

SourceRange RangeOf(size_t begin, size_t end);
Query MakeQuery(QueryNode node, std::string_view field, SourceRange source);

class LeafParser {
 public:
  // `at` must outlive the parser.
  explicit LeafParser(QueryCursor& at) : at_(at), text_(at.text) {}

  // REQUIRES of all: the cursor is not at the end.
  Query ParseWord(const Place& place);

  // REQUIRES: the mark that opens it is here, the one that closes it at `closing`. No value: it is blank.
  std::optional<Query> ParsePhrase(const Place& place, QuoteKind kind, size_t closing);

  // Each of these consumes and returns true, or does neither.
  bool TryRange(const Place& place, std::optional<Query>& out);
  bool TryComparison(const Place& place, std::optional<Query>& out);  // field:>=5
  bool TryRegexp(const Place& place, std::optional<Query>& out);
  bool TryEmoticon(const Place& place, std::optional<Query>& out);

  // The bytes as text without operators; the cursor goes behind them.
  Query LiteralWord(size_t begin, size_t end);

  // ^2 behind something that is not a word; also at the end.
  void ParseBoost(Query& query);

 private:
  bool TryBound(size_t& pos, std::optional<std::string>& out);
  Query RegexpOrText(const Place& place, std::string_view raw);
  QueryNode WordNode(const Place& place, std::string_view raw, std::optional<uint32_t> edits, bool fuzzy);
  QueryNode FuzzyNode(const Place& place, std::string text, std::optional<uint32_t> edits);
  void ParseSlop(PhraseQuery& phrase);
  bool TakeBoost(std::string_view& raw, size_t begin, float& boost);
  bool TakeEdits(std::string_view& raw, std::optional<uint32_t>& edits);
  float CheckedBoost(const BoostReading& reading, SourceRange source);

  QueryCursor& at_;
  const std::string_view text_;
  size_t regexps_ = 0;  // seen so far
};

}  // namespace sakuin::searcher
