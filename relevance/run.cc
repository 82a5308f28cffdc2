#include "relevance/run.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_set>

#include "relevance/trec_lines.h"

namespace sakuin::relevance {

namespace {

std::optional<double> ParseScore(std::string_view field) {
  if (field.starts_with('+') && !field.starts_with("+-")) field.remove_prefix(1);
  double score = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), score);
  if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(score)) return std::nullopt;
  return score;
}

// trec_eval's order.
bool ComesFirst(const RankedDocument& a, const RankedDocument& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.document > b.document;
}

// Lines of a run in file order, grouped by query.
struct Groups {
  std::vector<RankedList> lists;
  std::vector<TextMap<size_t>> first_lines;  // for each list: document -> its line
  TextMap<size_t> index;

  size_t Find(std::string_view query) {
    if (const auto found = index.find(query); found != index.end()) return found->second;
    index.emplace(query, lists.size());
    lists.push_back({std::string(query), {}});
    first_lines.emplace_back();
    return lists.size() - 1;
  }
};

Status AddLine(const TrecLines& lines, std::vector<std::string_view>& fields, Groups& groups) {
  if (lines.line().find('\0') != std::string_view::npos) return lines.Error("expected text, found a NUL byte: is this a run file?");
  SplitFields(lines.line(), fields);
  if (fields.size() < 6) {
    return lines.Error("expected 6 fields \"query Q0 document rank score tag\", found " + std::to_string(fields.size()) + ": " +
                       Quote(lines.line()));
  }
  const std::optional<double> score = ParseScore(fields[4]);
  if (!score) return lines.Error("expected a finite number as score (fifth field), found " + Quote(fields[4]));
  const size_t group = groups.Find(fields[0]);
  const auto [place, is_new] = groups.first_lines[group].emplace(fields[2], lines.number());
  if (!is_new) {
    return lines.Error("expected every document once for query " + Quote(fields[0]) + ", found " + Quote(fields[2]) +
                       " again, first on line " + std::to_string(place->second));
  }
  groups.lists[group].documents.push_back({std::string(fields[2]), *score});
  return OkStatus();
}

void AppendNumber(std::string& out, float number) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

// The largest score not above `score` that a reader sorts behind `previous`.
float ScoreBehind(float score, const RankedDocument& document, float previous_score, const RankedDocument& previous) {
  if (score < previous_score) return score;
  if (score == previous_score && document.document < previous.document) return score;
  return std::nextafter(previous_score, -std::numeric_limits<float>::infinity());
}

Status CheckFields(const RankedList& list, std::string_view tag) {
  if (!IsTrecField(tag)) return InvalidArgumentError("run name: expected a word without white space, found " + Quote(tag));
  if (!IsTrecField(list.query) || list.query.starts_with('#')) {
    return InvalidArgumentError("query id: a TREC run can hold only ids without white space that do not begin with '#', found " + Quote(list.query));
  }
  for (const RankedDocument& document : list.documents) {
    if (IsTrecField(document.document)) continue;
    return InvalidArgumentError("document key: a TREC run can hold only keys without white space, found " + Quote(document.document));
  }
  return OkStatus();
}

}  // namespace

Status CheckRankedList(const RankedList& list) {
  std::unordered_set<std::string_view> seen;
  seen.reserve(list.documents.size());
  for (const RankedDocument& document : list.documents) {
    if (!std::isfinite(document.score)) {
      return InvalidArgumentError("query " + Quote(list.query) + ": expected finite scores, found " + std::to_string(document.score) +
                                  " for document " + Quote(document.document));
    }
    if (!seen.insert(document.document).second) {
      return InvalidArgumentError("query " + Quote(list.query) + ": expected every document once, found " + Quote(document.document) + " again");
    }
  }
  return OkStatus();
}

const RankedList* Run::Find(std::string_view query) const {
  const auto found = index_.find(query);
  return found == index_.end() ? nullptr : &lists_[found->second];
}

Status Run::Add(RankedList list) {
  RETURN_IF_ERROR(CheckRankedList(list));
  if (!index_.emplace(list.query, lists_.size()).second) {
    return AlreadyExistsError("run: expected one ranked list for each query, found a second one for " + Quote(list.query));
  }
  lists_.push_back(std::move(list));
  return OkStatus();
}

Result<Run> ParseRun(std::string_view text, std::string_view name) {
  Groups groups;
  TrecLines lines(text, name);
  std::vector<std::string_view> fields;
  while (lines.Next()) RETURN_IF_ERROR(AddLine(lines, fields, groups));
  Run run;
  for (RankedList& list : groups.lists) {
    std::sort(list.documents.begin(), list.documents.end(), ComesFirst);
    RETURN_IF_ERROR(run.Add(std::move(list)));
  }
  return run;
}

Result<std::string> FormatRankedList(const RankedList& list, std::string_view tag) {
  RETURN_IF_ERROR(CheckFields(list, tag));
  RETURN_IF_ERROR(CheckRankedList(list));
  std::string out;
  float printed = 0;
  for (size_t i = 0; i < list.documents.size(); ++i) {
    const RankedDocument& document = list.documents[i];
    const double limit = std::numeric_limits<float>::max();
    float score = static_cast<float>(std::clamp(document.score, -limit, limit));
    if (i > 0) score = ScoreBehind(score, document, printed, list.documents[i - 1]);
    if (std::abs(document.score) > limit || !std::isfinite(score)) {
      return InvalidArgumentError("query " + Quote(list.query) + ": expected scores that fit single precision, found " +
                                  std::to_string(document.score) + " for document " + Quote(document.document));
    }
    printed = score;
    out += list.query + " Q0 " + document.document + " " + std::to_string(i + 1) + " ";
    AppendNumber(out, score);
    out.append(" ").append(tag).append("\n");
  }
  return out;
}

Result<std::string> FormatRun(const Run& run, std::string_view tag) {
  std::string out;
  for (const RankedList& list : run.lists()) {
    ASSIGN_OR_RETURN(const std::string lines, FormatRankedList(list, tag));
    out += lines;
  }
  return out;
}

}  // namespace sakuin::relevance
