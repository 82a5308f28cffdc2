#include "searcher/facets.h"

#include <algorithm>

#include "index/date.h"

namespace sakuin::searcher {

using index::FieldType;

namespace {

template <typename Counts, typename Emit>
void MostFrequent(const Counts& counts, size_t most, Emit emit) {
  using Entry = typename Counts::value_type;
  std::vector<const Entry*> best;
  best.reserve(counts.size());
  for (const Entry& entry : counts) best.push_back(&entry);
  most = std::min(most, best.size());
  std::partial_sort(best.begin(), best.begin() + static_cast<ptrdiff_t>(most), best.end(),
                    [](const Entry* a, const Entry* b) { return a->second != b->second ? a->second > b->second : a->first < b->first; });
  for (size_t i = 0; i < most; ++i) emit(best[i]->first, best[i]->second);
}

}  // namespace

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

FacetValue FacetCounter::ValueOf(int64_t number) const {
  switch (type_) {
    case FieldType::kFloat: return index::DoubleFromOrdered(number);
    case FieldType::kBoolean: return number != 0;
    case FieldType::kDate: return index::FormatDate(number);
    default: return number;
  }
}

std::vector<FacetCount> FacetCounter::Take(size_t most) {
  FinishPart();
  std::vector<FacetCount> counts;
  if (strings_) {
    MostFrequent(texts_, most, [&](std::string_view text, uint64_t count) { counts.push_back({std::string(text), count}); });
  } else {
    MostFrequent(numbers_, most, [&](int64_t number, uint64_t count) { counts.push_back({ValueOf(number), count}); });
  }
  return counts;
}

}  // namespace sakuin::searcher
