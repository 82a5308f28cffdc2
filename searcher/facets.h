// facets.h: how many matching documents have each value of a field.
//
//   ASSIGN_OR_RETURN(FacetCounter counter, FacetCounter::Make(snapshot, "tags"));
//   RETURN_IF_ERROR(counter.StartPart(part));
//   counter.Count(doc);                       // every match
//   counter.Take(1000)                        // the most frequent first, then by value
//
// Cost: a few dozen bytes for each different value among the matches.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "index/snapshot.h"
#include "searcher/search_request.h"

namespace sakuin::searcher {

class FacetCounter {
 public:
  static Result<FacetCounter> Make(const index::Snapshot& snapshot, const std::string& field);

  Status StartPart(const index::Snapshot::Part& part);
  void Count(index::DocId doc) {
    for (uint64_t i = column_->Begin(doc); i < column_->End(doc); ++i) CountValue(i);
  }
  // At most `most` of them.
  std::vector<FacetCount> Take(size_t most);
  size_t values() const { return texts_.size() + numbers_.size(); }  // different ones; after Take

 private:
  void CountValue(uint64_t i);
  void FinishPart();
  FacetValue ValueOf(int64_t number) const;

  index::FieldId field_ = index::kNoField;
  index::FieldType type_ = index::FieldType::kText;
  bool strings_ = false;
  const index::Column* column_ = nullptr;
  std::vector<uint64_t> by_ordinal_;
  std::map<std::string, uint64_t, std::less<>> texts_;
  std::unordered_map<int64_t, uint64_t> numbers_;  // as the column orders them
};

}  // namespace sakuin::searcher
