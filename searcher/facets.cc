#include "searcher/facets.h"

#include <algorithm>

#include "index/date.h"

namespace sakuin::searcher {

using index::FieldType;

Result<FacetCounter> FacetCounter::Make(const index::Snapshot& snapshot, const std::string& field) {
  FacetCounter counter;
  counter.field_ = snapshot.schema().IdOf(field);
  if (counter.field_ == index::kNoField || !snapshot.schema().fields[counter.field_].column) {
    return InvalidArgumentError("cannot count the values of '" + field + "': it is no field with a column; see schema.toml for the fields");
  }
  counter.type_ = snapshot.schema().fields[counter.field_].type;
  counter.strings_ = counter.type_ == FieldType::kText || counter.type_ == FieldType::kKeyword;
  return counter;
}

Status FacetCounter::StartPart(const index::Snapshot::Part& part) {
  FinishPart();
  ASSIGN_OR_RETURN(column_, part.segment->OpenColumn(field_));
  by_ordinal_.assign(column_->strings(), 0);
  return OkStatus();
}

void FacetCounter::CountValue(uint64_t i) {
  if (strings_) {
    const uint64_t ordinal = static_cast<uint64_t>(column_->Value(i));
    if (ordinal < by_ordinal_.size()) ++by_ordinal_[ordinal];
  } else {
    ++numbers_[type_ == FieldType::kFloat ? column_->AsFloat(i) : column_->Value(i)];
  }
}

void FacetCounter::FinishPart() {
  for (size_t ordinal = 0; ordinal < by_ordinal_.size(); ++ordinal) {
    if (by_ordinal_[ordinal] > 0) texts_[std::string(column_->String(ordinal))] += by_ordinal_[ordinal];
  }
  by_ordinal_.clear();
}

std::vector<FacetCount> FacetCounter::Take() {
  FinishPart();
  std::vector<FacetCount> counts;
  for (const auto& [text, count] : texts_) counts.push_back({text, count});
  for (const auto& [number, count] : numbers_) {
    FacetValue value = number;
    if (type_ == FieldType::kFloat) value = index::DoubleFromOrdered(number);
    if (type_ == FieldType::kBoolean) value = number != 0;
    if (type_ == FieldType::kDate) value = index::FormatDate(number);
    counts.push_back({std::move(value), count});
  }
  std::stable_sort(counts.begin(), counts.end(), [](const FacetCount& a, const FacetCount& b) { return a.count > b.count; });
  return counts;
}

}  // namespace sakuin::searcher
