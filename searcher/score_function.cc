#include "searcher/score_function.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/ascii.h"
#include "index/column.h"

namespace sakuin::searcher {
namespace {

using index::FieldType;

constexpr std::string_view kExpected =
    "expected recency(FIELD, HALF-LIFE) or popularity(FIELD, PIVOT), each with ^WEIGHT if it is not 1, separated by commas";

Status Malformed(std::string_view text, std::string_view why) {
  return InvalidArgumentError("cannot read the preference '" + std::string(text) + "': " + std::string(why) + "; " + std::string(kExpected));
}

// A positive number and what follows it.
bool ReadNumber(std::string_view text, double& number, std::string_view& rest) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  rest = text.substr(static_cast<size_t>(end - text.data()));
  return error == std::errc() && std::isfinite(number) && number > 0;
}

// "30d" in microseconds; 0 for what is no duration.
double ReadDuration(std::string_view text) {
  constexpr double kSecond = 1e6;
  double number = 0;
  std::string_view unit;
  if (!ReadNumber(text, number, unit)) return 0;
  if (unit == "s") return number * kSecond;
  if (unit == "m") return number * kSecond * 60;
  if (unit == "h") return number * kSecond * 3600;
  if (unit == "d") return number * kSecond * 86400;
  if (unit == "w") return number * kSecond * 7 * 86400;
  if (unit == "y") return number * kSecond * 365.25 * 86400;
  return 0;
}

Result<ScoreFunction> ParseOne(std::string_view text) {
  const size_t open = text.find('(');
  const size_t close = text.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return Malformed(text, "it has no parentheses");
  ScoreFunction function;
  const std::string_view name = Trim(text.substr(0, open));
  if (name != "recency" && name != "popularity") return Malformed(text, "'" + std::string(name) + "' is no function");
  function.kind = name == "recency" ? ScoreFunction::Kind::kRecency : ScoreFunction::Kind::kPopularity;
  const std::string_view inner = text.substr(open + 1, close - open - 1);
  const size_t comma = inner.find(',');
  if (comma == std::string_view::npos) return Malformed(text, "it has not two arguments");
  function.field = Trim(inner.substr(0, comma));
  if (function.field.empty()) return Malformed(text, "it names no field");
  const std::string_view scale = Trim(inner.substr(comma + 1));
  std::string_view rest;
  if (function.kind == ScoreFunction::Kind::kRecency) {
    function.scale = ReadDuration(scale);
    if (function.scale == 0) return Malformed(text, "a half-life is a number above 0 and s, m, h, d, w or y");
  } else if (!ReadNumber(scale, function.scale, rest) || !rest.empty()) {
    return Malformed(text, "a pivot is a number above 0");
  }
  const std::string_view after = Trim(text.substr(close + 1));
  if (after.empty()) return function;
  double weight = 0;
  if (after[0] != '^' || !ReadNumber(after.substr(1), weight, rest) || !rest.empty() || weight > 1e6) {
    return Malformed(text, "a weight is ^ and a number above 0");
  }
  function.weight = static_cast<float>(weight);
  return function;
}

}  // namespace

Result<std::vector<ScoreFunction>> ParseScoreFunctions(std::string_view text) {
  std::vector<ScoreFunction> functions;
  int depth = 0;
  size_t begin = 0;
  for (size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size()) {
      depth += (text[at] == '(') - (text[at] == ')');
      if (text[at] != ',' || depth > 0) continue;
    }
    ASSIGN_OR_RETURN(ScoreFunction function, ParseOne(Trim(text.substr(begin, at - begin))));
    functions.push_back(std::move(function));
    begin = at + 1;
  }
  return functions;
}

Result<ScoreFactors> ScoreFactors::Make(const std::vector<ScoreFunction>& functions, const index::Snapshot& snapshot, int64_t now) {
  ScoreFactors factors;
  factors.now_ = now;
  for (const ScoreFunction& function : functions) {
    const bool recency = function.kind == ScoreFunction::Kind::kRecency;
    const index::FieldId id = snapshot.schema().IdOf(function.field);
    const index::Field* field = id == index::kNoField ? nullptr : &snapshot.schema().fields[id];
    const bool fits = field != nullptr && field->column &&
                      (recency ? field->type == FieldType::kDate : field->type == FieldType::kInteger || field->type == FieldType::kFloat);
    if (!fits) {
      const std::string need = recency ? "recency needs a date field" : "popularity needs an integer or float field";
      return InvalidArgumentError("cannot prefer by '" + function.field + "': " + need + " with a column; see schema.toml for the fields");
    }
    factors.bounds_.push_back({&function, id, field->type == FieldType::kFloat});
    factors.largest_ *= 1 + function.weight;
    if (factors.largest_ > 1e9F) return InvalidArgumentError("preferences multiply a score by at most 1000000000 in all: give smaller weights");
  }
  return factors;
}

Status ScoreFactors::StartPart(const index::Snapshot::Part& part) {
  for (Bound& bound : bounds_) {
    ASSIGN_OR_RETURN(bound.column, part.segment->OpenColumn(bound.field));
  }
  return OkStatus();
}

float ScoreFactors::Of(const Bound& bound, index::DocId doc) const {
  if (!bound.column->Has(doc)) return 1;
  const uint64_t last = bound.column->End(doc) - 1;  // the largest
  double value = 0;
  if (bound.function->kind == ScoreFunction::Kind::kRecency) {
    const double age = std::max(0.0, static_cast<double>(now_) - static_cast<double>(bound.column->Value(last)));
    value = std::exp2(-age / bound.function->scale);
  } else {
    const double number = bound.as_float ? index::DoubleFromOrdered(bound.column->AsFloat(last)) : static_cast<double>(bound.column->Value(last));
    value = number > 0 ? number / (number + bound.function->scale) : 0;
    if (std::isinf(number)) value = number > 0;
  }
  return 1 + bound.function->weight * static_cast<float>(value);
}

float ScoreFactors::Of(index::DocId doc) const {
  float factor = 1;
  for (const Bound& bound : bounds_) factor *= Of(bound, doc);
  return factor;
}

Explanation ScoreFactors::Explain(index::DocId doc, Explanation words) const {
  if (bounds_.empty()) return words;
  Explanation product{words.value * Of(doc), "product of", {}};
  product.parts.push_back(std::move(words));
  for (const Bound& bound : bounds_) {
    const bool recency = bound.function->kind == ScoreFunction::Kind::kRecency;
    product.parts.push_back({Of(bound, doc), std::string(recency ? "recency" : "popularity") + " of " + bound.function->field, {}});
  }
  return product;
}

}  // namespace sakuin::searcher
