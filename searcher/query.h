// query.h: what a query means, as a tree of plain values.
//
//   brown -lazy title:"quick fox"~1   ->   Boolean(SHOULD Words brown,
//                                                  MUST_NOT Words lazy,
//                                                  SHOULD Phrase title "quick fox" slop 1)
//   ToString(query)                   ->   (brown -lazy title:"quick fox"~1)
//
// The parser (query_parser.h) makes the tree, the searcher runs it. Nothing here
// is analysed: texts are the person's characters with escapes taken away, and an
// analyzer makes terms of them later. What the parser promises about its trees:
//
//   * A Boolean has at least two clauses, and at least one of them is MUST or
//     SHOULD: "-lazy" alone arrives as (* -lazy).
//   * MatchNone appears only as the whole query (nothing was asked for).
//   * Texts, patterns and prefixes are not empty (a phrase's text may hold blanks
//     only if the query is built by hand). Boosts are in [kMinBoost, kMaxBoost].
//   * `field` is set on leaves only; title:(a b) has been moved to its leaves.
//   * At most ParseOptions::max_depth groups deep, four Booleans each at most:
//     recursion over a tree is safe.
//
// Of a text that holds no word after analysis (":)", a stop word) the searcher
// makes nothing: it neither matches nor excludes, as if it were not there.
//
// Plain values: copyable, movable, thread-safe under const. No errors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sakuin::searcher {

inline constexpr float kMinBoost = 1e-6F;
inline constexpr float kMaxBoost = 1e6F;
inline constexpr uint32_t kMaxSlop = 10'000;
inline constexpr int kMaxEdits = 2;

// Bytes [begin, end) of the query as it was given.
struct SourceRange {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool operator==(const SourceRange&) const = default;
};

// Every document, all with the same score: `*`.
struct MatchAllQuery {};

// No document: an empty query.
struct MatchNoneQuery {};

// Words of a person: one piece between blanks ("fox", "c++", "10.4.0"), or the
// whole text under ParsePlain. Analysis may make several terms of it.
// On a field that is not text (year:2010, tags:dog, date:2001-05) it is a value.
struct WordsQuery {
  std::string text;
};

// "brown fox"~3: the words of `text` in order, with `slop` moves allowed.
struct PhraseQuery {
  std::string text;
  uint32_t slop = 0;
};

// post*: terms that begin with `text`, which is literal.
struct PrefixQuery {
  std::string text;
};

// p?st*s: `*` stands for any characters or none, `?` for exactly one character
// (code point), and a backslash makes the next byte literal (only \* \? \\ occur).
// Runs of `*` are one `*`; there is another character than `*`; what could be a
// PrefixQuery is one.
struct WildcardQuery {
  std::string pattern;
};

// word~1: terms at most `max_edits` (1 or 2) edits away from `text`.
struct FuzzyQuery {
  std::string text;
  int max_edits = 1;
};

// /brea.*/: terms that `pattern` (RE2, valid, see kMaxRegexp... in query_parser.h)
// matches from their first to their last character.
struct RegexpQuery {
  std::string pattern;
};

// [a TO b], {a TO b], >=a: values between two texts. A missing end is open; at
// least one is there (otherwise it is Exists). An include flag says nothing where
// the end is missing.
struct RangeQuery {
  std::optional<std::string> lower;
  std::optional<std::string> upper;
  bool include_lower = true;
  bool include_upper = true;
};

// field:*: documents with a value in the field. The field is never empty.
struct ExistsQuery {};

enum class Occur : uint8_t {
  kShould,   // may match, adds to the score; at least one must match if there is no kMust
  kMust,     // has to match, adds to the score
  kMustNot,  // must not match, adds nothing
};

struct Clause;

// The clauses in the order of the query. (The members are written out because
// Clause is known only further down.)
struct BooleanQuery {
  std::vector<Clause> clauses;

  BooleanQuery();
  explicit BooleanQuery(std::vector<Clause> parts);
  BooleanQuery(const BooleanQuery& other);
  BooleanQuery& operator=(const BooleanQuery& other);
  BooleanQuery(BooleanQuery&& other) noexcept;
  BooleanQuery& operator=(BooleanQuery&& other) noexcept;
  ~BooleanQuery();
};

using QueryNode = std::variant<MatchNoneQuery, MatchAllQuery, WordsQuery, PhraseQuery, PrefixQuery, WildcardQuery, FuzzyQuery, RegexpQuery,
                               RangeQuery, ExistsQuery, BooleanQuery>;

// One node: what is asked, where, how much it weighs, and where it was written.
struct Query {
  QueryNode node = {};  // MatchNone unless set
  std::string field = {};  // empty: all text fields (and always empty on MatchAll, MatchNone and Boolean)
  float boost = 1.0F;  // multiplies the score of this node
  SourceRange source = {};

  // The node as one kind, or null: if (const auto* words = query.As<WordsQuery>()) ...
  template <typename Kind>
  const Kind* As() const {
    return std::get_if<Kind>(&node);
  }
  template <typename Kind>
  Kind* As() {
    return std::get_if<Kind>(&node);
  }
};

struct Clause {
  Occur occur = Occur::kShould;
  Query query;
};

inline BooleanQuery::BooleanQuery() = default;
inline BooleanQuery::BooleanQuery(std::vector<Clause> parts) : clauses(std::move(parts)) {}
inline BooleanQuery::BooleanQuery(const BooleanQuery& other) = default;
inline BooleanQuery& BooleanQuery::operator=(const BooleanQuery& other) = default;
inline BooleanQuery::BooleanQuery(BooleanQuery&& other) noexcept = default;
inline BooleanQuery& BooleanQuery::operator=(BooleanQuery&& other) noexcept = default;
inline BooleanQuery::~BooleanQuery() = default;

// The canonical form: signs instead of AND, OR and NOT, every group in
// parentheses, everything special escaped. Parsed again (with any field known and
// a deeper max_depth) it gives an equal tree, source ranges aside. MatchNone is
// the empty string. Linear in the tree.
std::string ToString(const Query& query);

// Equal in everything but the source ranges.
bool SameMeaning(const Query& left, const Query& right);

}  // namespace sakuin::searcher
