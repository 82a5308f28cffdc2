// merged_terms.h: the words of one field over all segments, in order, each once.
//
//   ASSIGN_OR_RETURN(MergedTerms terms, MergedTerms::Open(snapshot, index::kAllField));
//   for (terms.Seek("ap"); terms.valid(); terms.Next()) Use(terms.term(), terms.document_frequency());
//   RETURN_IF_ERROR(terms.status());
//
// Frequencies are the dictionaries' sums: documents deleted since are still in
// them (LiveDocuments takes them off). Not thread-safe; the snapshot must outlive
// it. Cost of a step: linear in the number of segments.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "index/snapshot.h"
#include "index/terms_reader.h"

namespace sakuin::searcher {

// How many words of dictionaries may still be looked at: bounds the cost of
// proposals, and stops at the same word every time.
struct TermBudget {
  uint64_t left;

  // False, and nothing is left, when there are fewer than `steps`.
  bool Take(uint64_t steps = 1) {
    if (left < steps) {
      left = 0;
      return false;
    }
    left -= steps;
    return true;
  }
};

class MergedTerms {
 public:
  static Result<MergedTerms> Open(const index::Snapshot& snapshot, index::FieldId field);

  // To the first word that is not before `target`.
  void Seek(std::string_view target);
  // REQUIRES: valid().
  void Next();
  // Past all words that begin with `prefix`; takes what it costs off `budget`.
  // REQUIRES: valid(), and the word begins with `prefix`.
  void SkipPrefix(const std::string& prefix, TermBudget& budget);

  bool valid() const { return !lowest_.empty(); }
  std::string_view term() const { return cursors_[lowest_[0]].term(); }  // until the next move
  uint64_t document_frequency() const;
  const Status& status() const { return status_; }

  // What a Seek counts as, in words.
  static constexpr uint64_t kSeekSteps = 16;

 private:
  void Settle();

  std::vector<index::TermsCursor> cursors_;
  std::vector<uint32_t> lowest_;  // cursors that stand on the smallest word
  Status status_;
};

// The smallest text that is after every text that begins with `prefix`.
std::string AfterPrefix(std::string prefix);

}  // namespace sakuin::searcher
