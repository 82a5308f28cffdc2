#include "searcher/live_counts.h"

#include <algorithm>

namespace sakuin::searcher {
namespace {

// What deleted documents of a part have of a word's list.
class DeletedPostings {
 public:
  DeletedPostings(index::PostingsList& list, const index::DeletedDocs& deleted) : list_(list), deleted_(deleted) {}

  Status Count(LiveCounts& counts) {
    if (list_.blocks() <= deleted_.count()) {
      for (uint32_t block = 0; block < list_.blocks(); ++block) CountBlock(block, counts);
    } else {
      uint32_t block = 0;
      uint32_t counted = UINT32_MAX;
      for (const index::DocId doc : deleted_.Sorted()) {
        block = list_.FindBlock(block, doc);
        if (block == list_.blocks()) break;
        if (block != counted) CountBlock(block, counts);
        counted = block;
      }
    }
    return list_.status();
  }

 private:
  void CountBlock(uint32_t block, LiveCounts& counts) {
    uint32_t docs[index::kDecodeRoom];
    list_.DecodeDocs(block, docs);
    for (uint32_t i = 0; i < list_.SizeOfBlock(block); ++i) {
      if (docs[i] >= deleted_.documents() || !deleted_.Has(docs[i])) continue;
      ++counts.documents;
      counts.occurrences += list_.DecodeFrequency(block, i);
    }
  }

  index::PostingsList& list_;
  const index::DeletedDocs& deleted_;
};

}  // namespace

Result<LiveCounts> CountLive(const index::Snapshot& snapshot, index::FieldId field, std::string_view term) {
  LiveCounts counts;
  LiveCounts gone;
  for (const index::Snapshot::Part& part : snapshot.parts()) {
    ASSIGN_OR_RETURN(const index::FieldReader* reader, part.segment->OpenField(field));
    if (reader == nullptr) continue;
    ASSIGN_OR_RETURN(const std::optional<index::TermEntry> entry, reader->terms.Find(term));
    if (!entry.has_value()) continue;
    counts.documents += entry->document_frequency;
    counts.occurrences += entry->total_frequency;
    if (part.deleted == nullptr) continue;
    ASSIGN_OR_RETURN(const std::unique_ptr<index::PostingsList> list, index::OpenPostings(reader->postings, *entry));
    RETURN_IF_ERROR(DeletedPostings(*list, *part.deleted).Count(gone));
  }
  return LiveCounts{counts.documents - gone.documents, counts.occurrences - gone.occurrences};
}

}  // namespace sakuin::searcher
