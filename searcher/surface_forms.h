// surface_forms.h: how people write the words that an index holds as terms.
//
//   SurfaceForms forms(snapshot, analyzers);
//   ASSIGN_OR_RETURN(auto written, forms.Find(index::kAllField, "comput"));
//   // {computer, 5 times} {computing, 2} {Computers, 1}
//
// A term is what an analyzer leaves of a word; what a person would write is in
// the documents. A few of the shortest documents that have the term are analysed
// again, and the bytes of the tokens that give it are counted. Deleted documents
// are passed over, so that a term without a document has no form.
// Thread-safe under const; snapshot and analyzers must outlive it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "index/snapshot.h"
#include "searcher/plan.h"

namespace sakuin::searcher {

struct SurfaceForm {
  std::string text;
  uint32_t count = 0;  // in the documents that were looked at
};

class SurfaceForms {
 public:
  SurfaceForms(const index::Snapshot& snapshot, const QueryAnalyzers& analyzers) : snapshot_(snapshot), analyzers_(analyzers) {}

  // Most frequent first, then by bytes; empty when no document shows one (its
  // text is not stored). `field` is a text field or the field of all text.
  // Cost: at most kDocumentsPerTerm documents read and kBytesPerDocument analysed
  // of each, as a rule much less: of a long text only until the word is found.
  Result<std::vector<SurfaceForm>> Find(index::FieldId field, const std::string& term) const;

  static constexpr size_t kDocumentsPerTerm = 4;
  static constexpr size_t kBytesPerDocument = size_t{1} << 16;

 private:
  struct Place {
    uint32_t length;
    const index::Snapshot::Part* part;
    index::DocId doc;
  };

  Status AddPlaces(index::FieldId field, const std::string& term, const index::Snapshot::Part& part, std::vector<Place>& places) const;

  const index::Snapshot& snapshot_;
  const QueryAnalyzers& analyzers_;
};

}  // namespace sakuin::searcher
