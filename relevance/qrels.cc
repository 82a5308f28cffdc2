#include "relevance/qrels.h"

#include <algorithm>
#include <charconv>

#include "relevance/trec_lines.h"

namespace sakuin::relevance {

namespace {

std::optional<int32_t> ParseGrade(std::string_view field) {
  int32_t grade = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), grade);
  if (error != std::errc() || end != field.data() + field.size()) return std::nullopt;
  return grade;
}

Status AddLine(const TrecLines& lines, std::vector<std::string_view>& fields, Qrels& qrels) {
  if (lines.line().find('\0') != std::string_view::npos) return lines.Error("expected text, found a NUL byte: is this a qrels file?");
  SplitFields(lines.line(), fields);
  if (fields.size() != 4) {
    return lines.Error("expected 4 fields \"query iteration document grade\", found " + std::to_string(fields.size()) + ": " + Quote(lines.line()));
  }
  const std::optional<int32_t> grade = ParseGrade(fields[3]);
  if (!grade) return lines.Error("expected a whole number as grade (fourth field), found " + Quote(fields[3]));
  const Status added = qrels.Add(fields[0], fields[2], *grade);
  return added.ok() ? added : lines.Error(added.message());
}

}  // namespace

std::optional<int32_t> QueryJudgments::Grade(std::string_view document) const {
  const auto found = grades_.find(document);
  if (found == grades_.end()) return std::nullopt;
  return found->second;
}

Status QueryJudgments::Add(std::string_view document, int32_t grade) {
  const auto [place, is_new] = grades_.emplace(document, grade);
  if (!is_new) {
    if (place->second == grade) return OkStatus();
    return AlreadyExistsError("expected one grade for document " + Quote(document) + " of query " + Quote(query_) + ", found " +
                              std::to_string(grade) + " after " + std::to_string(place->second));
  }
  if (grade == 0) ++not_relevant_;
  if (grade > 0) {
    ++relevant_;
    ++positive_grades_[grade];
  }
  return OkStatus();
}

std::optional<size_t> Qrels::IndexOf(std::string_view query) const {
  const auto found = index_.find(query);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

const QueryJudgments* Qrels::Find(std::string_view query) const {
  const std::optional<size_t> index = IndexOf(query);
  return index ? &queries_[*index] : nullptr;
}

Status Qrels::Add(std::string_view query, std::string_view document, int32_t grade) {
  std::optional<size_t> index = IndexOf(query);
  if (!index) {
    index = queries_.size();
    queries_.emplace_back(std::string(query));
    index_.emplace(query, *index);
  }
  RETURN_IF_ERROR(queries_[*index].Add(document, grade));
  largest_grade_ = std::max(largest_grade_, grade);
  return OkStatus();
}

Result<Qrels> ParseQrels(std::string_view text, std::string_view name) {
  Qrels qrels;
  TrecLines lines(text, name);
  std::vector<std::string_view> fields;
  while (lines.Next()) RETURN_IF_ERROR(AddLine(lines, fields, qrels));
  return qrels;
}

}  // namespace sakuin::relevance
