// sort_spec.h: what `--sort` and `order_by` say.
//
//   ParseSortSpec("year:desc,price")   ->   {year, descending}, {price, ascending}
//
// `_score` (descending unless told otherwise) and `_key` are fields too. Blanks
// around names are allowed, and "year desc" is read like "year:desc" (AIP-132).
// Ties by key and missing values last are the searcher's. Thread-safe: a
// function of its argument; linear.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sakuin::searcher {

inline constexpr size_t kMaxSortKeys = 16;

struct SortKey {
  enum class Source { kField, kScore, kKey };
  Source source = Source::kField;
  std::string field;  // "_score" and "_key" included
  bool descending = false;
  bool operator==(const SortKey&) const = default;
};

// Empty or blank: no keys (the searcher's default order). INVALID_ARGUMENT for an
// empty part, an unknown direction, a field named twice, or too many keys.
// Whether a field exists and can be sorted is not checked here.
Result<std::vector<SortKey>> ParseSortSpec(std::string_view text);

// "year:desc,price:asc": parses to the same keys.
std::string ToString(const std::vector<SortKey>& keys);

}  // namespace sakuin::searcher
