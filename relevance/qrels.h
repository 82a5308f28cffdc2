// qrels.h: relevance judgments: which documents answer which query, and how well.
//
//   101 0 doc-7 2          query, iteration (ignored), document, grade
//   101 0 doc-9 0
//
//   ASSIGN_OR_RETURN(const Qrels qrels, ParseQrels(text, "qrels.txt"));
//   const QueryJudgments* judgments = qrels.Find("101");
//   judgments->Grade("doc-7")      // 2
//   judgments->Grade("doc-8")      // nothing: not judged
//
// A grade above 0 is relevant, 0 is judged and not relevant. A negative grade
// brings no gain and is neither relevant nor not relevant (trec_eval: in the
// pool, but unjudged). What ParseQrels accepts: see there. Const use may be
// shared between threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"

namespace sakuin::relevance {

// Lets maps with string keys be searched with views.
struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
template <typename Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

// The judgments of one query.
class QueryJudgments {
 public:
  explicit QueryJudgments(std::string query) : query_(std::move(query)) {}

  const std::string& query() const { return query_; }
  size_t size() const { return grades_.size(); }

  // How many documents are relevant (grade above 0), and how many are judged not relevant (grade exactly 0).
  size_t relevant() const { return relevant_; }
  size_t not_relevant() const { return not_relevant_; }

  // Nothing when the document was not judged.
  std::optional<int32_t> Grade(std::string_view document) const;

  // Positive grade -> number of documents with it, best grade first: the ideal ranking.
  const std::map<int32_t, size_t, std::greater<>>& positive_grades() const { return positive_grades_; }

  // ALREADY_EXISTS when the document has another grade; the same grade again changes nothing.
  Status Add(std::string_view document, int32_t grade);

 private:
  std::string query_;
  TextMap<int32_t> grades_;
  std::map<int32_t, size_t, std::greater<>> positive_grades_;
  size_t relevant_ = 0;
  size_t not_relevant_ = 0;
};

class Qrels {
 public:
  // In the order of their first judgment.
  const std::vector<QueryJudgments>& queries() const { return queries_; }

  // Position in queries(), or nothing.
  std::optional<size_t> IndexOf(std::string_view query) const;
  // Null when the query has no judgment; valid until the next Add().
  const QueryJudgments* Find(std::string_view query) const;

  // Over all queries; 0 when nothing is relevant.
  int32_t largest_grade() const { return largest_grade_; }

  // ALREADY_EXISTS as in QueryJudgments::Add.
  Status Add(std::string_view query, std::string_view document, int32_t grade);

 private:
  std::vector<QueryJudgments> queries_;
  TextMap<size_t> index_;
  int32_t largest_grade_ = 0;
};

// Four fields a line, separated by any white space; blank lines and lines
// beginning with '#' are passed over. The grade is a whole number of 32 bits.
// Refused, as "name:line: expected ..., found ...": any other number of
// fields, NUL bytes, a grade that is no whole number, and two different grades
// for one document. The same line twice is harmless. Empty text: no queries.
Result<Qrels> ParseQrels(std::string_view text, std::string_view name);

}  // namespace sakuin::relevance
