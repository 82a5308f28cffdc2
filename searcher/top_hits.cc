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
  candidate.score = score;
  for (size_t i = 0; i < sort_.size(); ++i) candidate.values.push_back(ValueOf(sort_[i], columns_[i], doc));
  if (candidates_.size() >= 2 * k_) Cut();
}

bool TopHits::Before(const Candidate& a, const Candidate& b) const {
  const auto compare_keys = [&]() -> int {
    const index::SegmentReader& of_a = *snapshot_.parts()[a.part].segment;
    if (a.part != b.part) return of_a.key(a.doc).compare(snapshot_.parts()[b.part].segment->key(b.doc));
    const uint32_t rank = of_a.key_rank(a.doc);
    const uint32_t other = of_a.key_rank(b.doc);
    return rank < other ? -1 : rank > other;
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

void TopHits::Tighten() {
  // Small k: at once; large k: when an eighth is new, or the cuts would cost more than they save.
  if (candidates_.size() > cut_size_ + k_ / 8 && candidates_.size() >= k_) Cut();
}

void TopHits::Cut() {
  const auto middle = candidates_.begin() + static_cast<ptrdiff_t>(k_);
  std::nth_element(candidates_.begin(), middle - 1, candidates_.end(), [this](const Candidate& a, const Candidate& b) { return Before(a, b); });
  candidates_.erase(middle, candidates_.end());
  cut_size_ = k_;
  if (sort_.empty()) ExpectAtLeast(candidates_.back().score);
}

std::vector<Candidate> TopHits::Take() {
  std::sort(candidates_.begin(), candidates_.end(), [this](const Candidate& a, const Candidate& b) { return Before(a, b); });
  if (candidates_.size() > k_) candidates_.resize(k_);
  return std::move(candidates_);
}

}  // namespace sakuin::searcher
