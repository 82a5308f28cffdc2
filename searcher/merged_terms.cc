#include "searcher/merged_terms.h"

#include <optional>

#include "index/postings_reader.h"

namespace sakuin::searcher {

Result<MergedTerms> MergedTerms::Open(const index::Snapshot& snapshot, index::FieldId field) {
  MergedTerms terms;
  for (const index::Snapshot::Part& part : snapshot.parts()) {
    ASSIGN_OR_RETURN(const index::FieldReader* reader, part.segment->OpenField(field));
    if (reader != nullptr) terms.cursors_.emplace_back(reader->terms);
  }
  return terms;
}

void MergedTerms::Settle() {
  lowest_.clear();
  for (uint32_t i = 0; i < cursors_.size(); ++i) {
    if (status_.ok() && !cursors_[i].status().ok()) status_ = cursors_[i].status();
    if (!cursors_[i].valid()) continue;
    const int order = lowest_.empty() ? -1 : cursors_[i].term().compare(cursors_[lowest_[0]].term());
    if (order < 0) lowest_.clear();
    if (order <= 0) lowest_.push_back(i);
  }
  if (!status_.ok()) lowest_.clear();
}

void MergedTerms::Seek(std::string_view target) {
  for (index::TermsCursor& cursor : cursors_) cursor.Seek(target);
  Settle();
}

void MergedTerms::Next() {
  for (const uint32_t i : lowest_) cursors_[i].Next();
  Settle();
}

void MergedTerms::SkipPrefix(const std::string& prefix, TermBudget& budget) {
  for (uint64_t steps = 0; steps < kSeekSteps; ++steps) {
    Next();
    if (!budget.Take() || !valid() || !term().starts_with(prefix)) return;
  }
  if (budget.Take(kSeekSteps)) Seek(AfterPrefix(prefix));
}

uint64_t MergedTerms::document_frequency() const {
  uint64_t sum = 0;
  for (const uint32_t i : lowest_) sum += cursors_[i].entry().document_frequency;
  return sum;
}

std::string AfterPrefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (prefix.empty()) return "\xFF";  // no byte of UTF-8
  prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

}  // namespace sakuin::searcher
