// inverter.h: documents in memory on their way to a segment: words to postings.
//
//   ASSIGN_OR_RETURN(auto inverter, Inverter::Create(fs, folder, sequence));
//   RETURN_IF_ERROR(inverter->Add(mapped_document, schema, analyzers));
//   if (inverter->MemoryUsage() > budget)
//     ASSIGN_OR_RETURN(FlushedSegment flushed, std::move(*inverter).Flush());
//
// Every word has one stream of bytes in an arena: per occurrence a varint
// (position gap, new-document bit), after a new-document bit the document gap.
// Streams grow in slices, so nothing is allocated per posting. Used by one
// thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/column.h"
#include "index/manifest.h"
#include "index/types.h"
#include "indexer/mapped_document.h"
#include "indexer/slice_arena.h"
#include "text/analyzer.h"

namespace sakuin::index {
class SegmentWriter;
}

namespace sakuin::indexer {

// The analyzers of a schema's text fields, by name; grows as fields appear. Shared by threads.
class AnalyzerSet {
 public:
  Status Add(const std::string& name);
  // REQUIRES: added.
  const text::Analyzer& Get(const std::string& name) const { return *analyzers_.at(name); }
  std::vector<std::string> warnings() const;

 private:
  std::map<std::string, std::shared_ptr<const text::Analyzer>> analyzers_;
};

struct FlushedSegment {
  index::SegmentEntry entry;
  std::vector<index::DocId> superseded;  // documents that a later one of the same segment replaces
};

class Inverter {
 public:
  static Result<std::unique_ptr<Inverter>> Create(FileSystem& fs, const std::string& folder, uint64_t sequence);
  ~Inverter();

  // `schema` and `analyzers` know every field of `document`. A document with the
  // key of an earlier one replaces it, unless that has a higher version.
  Status Add(const MappedDocument& document, const index::Schema& schema, const AnalyzerSet& analyzers);
  // Forgets the document of this key, if it is here.
  void Delete(const std::string& key);

  uint32_t documents() const;
  size_t MemoryUsage() const;
  // Time to flush: words and their postings have addresses of 32 bits, documents numbers of 31.
  bool Full() const { return arena_.Full() || term_bytes_.size() >= (size_t{1} << 31) || documents() + 1 >= index::kMaxDocsPerSegment; }
  uint64_t invalid_bytes() const { return invalid_bytes_; }

  // Writes the segment; afterwards only destruction is allowed. REQUIRES: documents() > 0.
  Result<FlushedSegment> Flush();

 private:
  struct Term {
    uint32_t bytes_at;  // in term_bytes_
    uint16_t size;
    uint32_t field;     // dense number of the field in this inverter
    uint32_t last_doc;
    uint32_t last_position;
    SliceArena::Stream stream;
  };
  struct FieldState {
    bool indexed = false;
    bool positions = true;
    uint64_t analyzer = 0;              // fingerprint of what cut it
    std::vector<uint32_t> lengths;      // by document, as far as there are any
    std::vector<uint64_t> exists;       // bits
    uint32_t next_position = 0;         // within the document being added
    uint32_t length = 0;                // of the document being added
    index::ColumnBuilder numbers;
    index::StringColumnBuilder strings;
  };
  struct Newest {  // of one key
    index::DocId doc;
    uint64_t version;
  };

  Inverter();
  FieldState& StateOf(index::FieldId field);
  void AddText(index::FieldId field, const std::string& value, const index::Schema& schema, const AnalyzerSet& analyzers);
  void AddTokens(index::FieldId field, const text::TokenList& tokens);
  void AddSecondView(const text::Analyzer& view, const std::string& value);
  void AddOccurrence(index::FieldId field, std::string_view term, uint32_t position);
  Term& FindOrAddTerm(index::FieldId field, std::string_view term);
  void GrowTable();
  void CopyIntoAll(index::FieldId only);
  void MarkExists(FieldState& state);
  void EndDocument();
  bool Supersede(const MappedDocument& document);
  std::string_view TermBytes(const Term& term) const { return std::string_view(term_bytes_).substr(term.bytes_at, term.size); }
  std::vector<uint32_t> SortedTermsOf(index::FieldId field) const;
  Status WriteField(index::FieldId field);
  Status WriteTerm(const Term& term, bool positions);

  std::map<index::FieldId, FieldState> fields_;
  std::vector<Term> terms_;
  std::vector<uint32_t> table_;  // open addressing: term number + 1
  std::string term_bytes_;
  SliceArena arena_;

  std::unique_ptr<index::SegmentWriter> writer_;
  std::unordered_map<std::string, Newest> newest_;
  std::vector<index::DocId> superseded_;

  index::FieldId only_text_ = index::kNoField;  // the text field of all documents, while there is but one
  bool all_in_use_ = false;                     // words go to kAllField too
  text::TokenList tokens_;
  std::vector<uint32_t> positions_;  // of one posting while a term is written
  uint64_t invalid_bytes_ = 0;
  size_t document_bytes_ = 0;  // of keys and columns
};

}  // namespace sakuin::indexer
