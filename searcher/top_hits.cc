#include "searcher/top_hits.h"

#include <algorithm>
#include <limits>

namespace sakuin::searcher {

using index::FieldType;

TopHits::TopHits(size_t k, const std::vector<SortKey>& sort, const index::Snapshot& snapshot)
    : k_(k), sort_(sort), snapshot_(snapshot), threshold_(-std::numeric_limits<float>::infinity()) {}

Status TopHits::StartPart(uint32_t part) {
  part_ = part;
  columns_.clear();
  for (const SortKey& key : sort_) {
    KeyColumn& column = columns_.emplace_back();
    if (key.source != SortKey::Source::kField) continue;
    const index::FieldId field = snapshot_.schema().IdOf(key.field);
    if (field == index::kNoField || !snapshot_.schema().fields[field].column) {
      return InvalidArgumentError("cannot sort by '" + key.field + "': it is no field with a column; sort by _score, _key or a field of schema.toml");
    }
    ASSIGN_OR_RETURN(column.column, snapshot_.parts()[part].segment->OpenColumn(field));
    const FieldType type = snapshot_.schema().fields[field].type;
    column.strings = type == FieldType::kText || type == FieldType::kKeyword;
    column.as_float = type == FieldType::kFloat;
  }
  return OkStatus();
}

// Of several values the first in the asked order decides.
SortValue TopHits::ValueOf(const SortKey& key, const KeyColumn& column, index::DocId doc) const {
  SortValue value;
  if (column.column == nullptr || !column.column->Has(doc)) return value;
  value.missing = false;
  const uint64_t at = key.descending ? column.column->End(doc) - 1 : column.column->Begin(doc);
  if (column.strings) {
    value.text = column.column->String(static_cast<uint64_t>(column.column->Value(at)));
  } else {
    value.number = column.as_float ? column.column->AsFloat(at) : column.column->Value(at);
  }
  return value;
}

void TopHits::Add(index::DocId doc, float score) {
  Candidate& candidate = candidates_.emplace_back();
  candidate.part = part_;
  candidate.doc = doc;
  candidate.key_rank = snapshot_.parts()[part_].segment->key_rank(doc);
  candidate.score = score;
  for (size_t i = 0; i < sort_.size(); ++i) candidate.values.push_back(ValueOf(sort_[i], columns_[i], doc));
  if (candidates_.size() >= 2 * k_) Cut();
}

bool TopHits::Before(const Candidate& a, const Candidate& b) const {
  const auto key = [this](const Candidate& c) { return snapshot_.parts()[c.part].segment->key(c.doc); };
  const auto compare_keys = [&]() -> int {
    if (a.part == b.part) return a.key_rank < b.key_rank ? -1 : a.key_rank > b.key_rank;
    return key(a).compare(key(b));
  };
  if (sort_.empty()) return a.score != b.score ? a.score > b.score : compare_keys() < 0;
  for (size_t i = 0; i < sort_.size(); ++i) {
    int order = 0;
    if (sort_[i].source == SortKey::Source::kScore) {
      order = a.score < b.score ? -1 : a.score > b.score;
    } else if (sort_[i].source == SortKey::Source::kKey) {
      order = compare_keys();
    } else {
      const SortValue& x = a.values[i];
      const SortValue& y = b.values[i];
      if (x.missing != y.missing) return y.missing;
      order = x.text.compare(y.text);
      if (order == 0) order = x.number < y.number ? -1 : x.number > y.number;
    }
    if (order != 0) return sort_[i].descending ? order > 0 : order < 0;
  }
  return compare_keys() < 0;
}

void TopHits::Cut() {
  const auto middle = candidates_.begin() + static_cast<ptrdiff_t>(k_);
  std::nth_element(candidates_.begin(), middle - 1, candidates_.end(), [this](const Candidate& a, const Candidate& b) { return Before(a, b); });
  candidates_.erase(middle, candidates_.end());
  if (sort_.empty()) threshold_ = candidates_.back().score;
}

std::vector<Candidate> TopHits::Take() {
  std::sort(candidates_.begin(), candidates_.end(), [this](const Candidate& a, const Candidate& b) { return Before(a, b); });
  if (candidates_.size() > k_) candidates_.resize(k_);
  return std::move(candidates_);
}

}  // namespace sakuin::searcher
