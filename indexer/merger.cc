#include "indexer/merger.h"

#include <algorithm>
#include <chrono>
#include <queue>
#include <thread>

#include "index/positions_reader.h"
#include "index/segment_writer.h"
#include "indexer/postings_sorter.h"

namespace sakuin::indexer {
namespace {

using index::DocId;
using index::FieldId;
using index::FieldReader;
using index::kNoMoreDocs;
using index::Snapshot;

constexpr uint64_t kPauseBytes = uint64_t{64} << 10;

class Merge {
 public:
  Merge(const std::vector<Snapshot::Part>& parts, const index::Schema& schema, const MergeOptions& options)
      : parts_(parts), schema_(schema), options_(options) {}

  Result<MergedSegment> Run(FileSystem& fs, const std::string& folder, uint64_t sequence);

 private:
  struct Source {  // one part's words of the field being merged
    size_t part;
    const FieldReader* field;
    index::TermsCursor terms;
  };

  void NumberDocuments();
  Status CopyDocuments();
  Status CopyDocumentsInOrder();
  Result<std::vector<uint32_t>> StoredSizes() const;
  Status CopyWindow(std::span<const DocId> window);
  Status MergeField(FieldId field);
  Status MergeTerms(std::vector<Source>& sources, bool positions);
  Status CopyPostings(Source& source, bool positions, bool& any);
  Status CopyBlock(const Source& source, index::PostingsList& list, uint32_t block, bool positions, bool& any);
  Status MergeColumn(FieldId field);
  bool AllIsAliasOf(FieldId field) const;
  FieldId OnlyTextField() const;
  void Emit(DocId doc, std::span<const uint32_t> positions);
  void Emit(DocId doc, uint32_t frequency);
  Status Pause();

  const std::vector<Snapshot::Part>& parts_;
  const index::Schema& schema_;
  const MergeOptions& options_;
  std::unique_ptr<index::SegmentWriter> writer_;
  std::vector<std::vector<DocId>> new_docs_;
  uint32_t documents_ = 0;
  uint64_t copied_bytes_ = 0;
  uint64_t next_pause_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  index::PositionsReader positions_reader_;
  PostingsSorter sorter_;  // of one list, when the documents change their order
};

void Merge::NumberDocuments() {
  if (!options_.order.empty()) {
    std::vector<DocId>& docs = new_docs_.emplace_back(parts_[0].segment->documents());
    for (const DocId doc : options_.order) docs[doc] = documents_++;
    return;
  }
  for (const Snapshot::Part& part : parts_) {
    std::vector<DocId>& docs = new_docs_.emplace_back(part.segment->documents());
    for (DocId doc = 0; doc < docs.size(); ++doc) docs[doc] = part.IsDeleted(doc) ? kNoMoreDocs : documents_++;
  }
}

// Keeps to the rate limit and to the wish to stop. Cheap: to be called after every document and word.
Status Merge::Pause() {
  if (copied_bytes_ < next_pause_) return OkStatus();
  next_pause_ = copied_bytes_ + kPauseBytes;
  if (options_.progress) options_.progress(copied_bytes_);
  const uint64_t rate = options_.bytes_per_second;
  const auto due = rate == 0 ? start_ : start_ + std::chrono::milliseconds(copied_bytes_ * 1000 / rate);
  while (true) {
    if (options_.cancel != nullptr && options_.cancel->load(std::memory_order_relaxed)) return CancelledError("the merge was stopped");
    const auto now = std::chrono::steady_clock::now();
    if (now >= due) return OkStatus();
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(due - now, std::chrono::milliseconds(20)));
  }
}

Status Merge::CopyDocuments() {
  for (size_t p = 0; p < parts_.size(); ++p) {
    const index::SegmentReader& segment = *parts_[p].segment;
    index::StoredCursor stored(segment.stored());
    for (DocId doc = 0; doc < segment.documents(); ++doc) {
      if (new_docs_[p][doc] == kNoMoreDocs) continue;
      ASSIGN_OR_RETURN(const std::string_view bytes, stored.Read(doc));
      RETURN_IF_ERROR(writer_->AddDocument(segment.key(doc), segment.version(doc), bytes));
      copied_bytes_ += bytes.size();
      RETURN_IF_ERROR(Pause());
    }
    segment.file().Release(segment.file().Section(index::SectionKind::kStored, index::kNoField));
  }
  return OkStatus();
}

// Uncompressed bytes of every stored document.
Result<std::vector<uint32_t>> Merge::StoredSizes() const {
  const index::SegmentReader& segment = *parts_[0].segment;
  std::vector<uint32_t> sizes;
  sizes.reserve(segment.documents());
  index::StoredCursor stored(segment.stored());
  for (DocId doc = 0; doc < segment.documents(); ++doc) {
    ASSIGN_OR_RETURN(const std::string_view bytes, stored.Read(doc));
    sizes.push_back(static_cast<uint32_t>(bytes.size()));
  }
  return sizes;
}

// Reads the documents of a window as they lie, so that no block is decompressed twice, and writes them in their new order.
Status Merge::CopyWindow(std::span<const DocId> window) {
  const index::SegmentReader& segment = *parts_[0].segment;
  std::vector<DocId> as_they_lie(window.begin(), window.end());
  std::sort(as_they_lie.begin(), as_they_lie.end());
  const DocId first = new_docs_[0][window[0]];
  std::vector<std::string> documents(window.size());
  index::StoredCursor stored(segment.stored());
  for (const DocId doc : as_they_lie) {
    ASSIGN_OR_RETURN(documents[new_docs_[0][doc] - first], stored.Read(doc));
  }
  for (size_t i = 0; i < window.size(); ++i) {
    RETURN_IF_ERROR(writer_->AddDocument(segment.key(window[i]), segment.version(window[i]), documents[i]));
    copied_bytes_ += documents[i].size();
    RETURN_IF_ERROR(Pause());
  }
  return OkStatus();
}

// Windows of the new order, as large as memory allows.
Status Merge::CopyDocumentsInOrder() {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> sizes, StoredSizes());
  const std::span<const DocId> order = options_.order;
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin;
    for (size_t bytes = 0; end < order.size() && (end == begin || bytes < options_.memory_bytes); ++end) {
      bytes += sizes[order[end]] + sizeof(std::string);
    }
    RETURN_IF_ERROR(CopyWindow(order.subspan(begin, end - begin)));
    begin = end;
  }
  const index::SegmentFileView& file = parts_[0].segment->file();
  file.Release(file.Section(index::SectionKind::kStored, index::kNoField));
  return OkStatus();
}

void Merge::Emit(DocId doc, std::span<const uint32_t> positions) {
  if (options_.order.empty()) {
    writer_->AddPosting(doc, positions);
  } else {
    sorter_.Add(doc, positions);
  }
}

void Merge::Emit(DocId doc, uint32_t frequency) {
  if (options_.order.empty()) {
    writer_->AddPosting(doc, frequency);
  } else {
    sorter_.Add(doc, frequency);
  }
}

Status Merge::CopyBlock(const Source& source, index::PostingsList& list, uint32_t block, bool positions, bool& any) {
  uint32_t docs[index::kDecodeRoom];
  uint32_t frequencies[index::kBlockSize];
  list.DecodeDocs(block, docs);
  list.DecodeFrequencies(block, frequencies);
  if (positions) positions_reader_.EnterBlock(list, block, frequencies);
  RETURN_IF_ERROR(list.status());
  const std::vector<DocId>& new_docs = new_docs_[source.part];
  for (uint32_t i = 0; i < list.SizeOfBlock(block); ++i) {
    if (docs[i] >= new_docs.size()) return DataLossError(source.field->postings.file->path() + ": a posting names a document that does not exist");
    const DocId doc = new_docs[docs[i]];
    if (doc == kNoMoreDocs) continue;
    any = true;
    if (positions) {
      Emit(doc, positions_reader_.Positions(i));
      RETURN_IF_ERROR(list.status());
    } else {
      Emit(doc, frequencies[i]);
    }
  }
  return OkStatus();
}

Status Merge::CopyPostings(Source& source, bool positions, bool& any) {
  const index::TermEntry& entry = source.terms.entry();
  ASSIGN_OR_RETURN(const std::unique_ptr<index::PostingsList> list, index::OpenPostings(source.field->postings, entry));
  if (positions) RETURN_IF_ERROR(list->PreparePositions());
  for (uint32_t block = 0; block < list->blocks(); ++block) RETURN_IF_ERROR(CopyBlock(source, *list, block, positions, any));
  if (!options_.order.empty()) sorter_.Drain(*writer_, positions);
  copied_bytes_ += entry.postings_size + entry.positions_size;
  return OkStatus();
}

Status Merge::MergeTerms(std::vector<Source>& sources, bool positions) {
  // Smallest word first, then the order of the parts.
  const auto later = [&](size_t a, size_t b) {
    const int compared = sources[a].terms.term().compare(sources[b].terms.term());
    return compared != 0 ? compared > 0 : a > b;
  };
  std::priority_queue<size_t, std::vector<size_t>, decltype(later)> queue(later);
  for (size_t s = 0; s < sources.size(); ++s) {
    sources[s].terms.Rewind();
    RETURN_IF_ERROR(sources[s].terms.status());
    if (sources[s].terms.valid()) queue.push(s);
  }
  std::vector<uint64_t> released(sources.size());
  for (uint64_t count = 0; !queue.empty(); ++count) {
    const std::string term(sources[queue.top()].terms.term());
    RETURN_IF_ERROR(writer_->StartTerm(term));
    bool any = false;
    while (!queue.empty() && sources[queue.top()].terms.term() == term) {
      const size_t s = queue.top();
      queue.pop();
      RETURN_IF_ERROR(CopyPostings(sources[s], positions, any));
      sources[s].terms.Next();
      RETURN_IF_ERROR(sources[s].terms.status());
      if (sources[s].terms.valid()) queue.push(s);
    }
    if (any) RETURN_IF_ERROR(writer_->FinishTerm());
    RETURN_IF_ERROR(Pause());
    if (count % 4096 == 0) {
      for (const Source& source : sources) {
        source.field->postings.file->Release(source.field->postings.postings);
        source.field->postings.file->Release(source.field->postings.positions);
      }
    }
  }
  return OkStatus();
}

Status Merge::MergeField(FieldId field) {
  std::vector<Source> sources;
  std::vector<uint32_t> lengths(documents_);
  std::vector<uint64_t> exists((size_t{documents_} + 63) / 64);
  bool positions = false;
  bool has_exists = false;
  for (size_t p = 0; p < parts_.size(); ++p) {
    ASSIGN_OR_RETURN(const FieldReader* reader, parts_[p].segment->OpenField(field));
    if (reader == nullptr) continue;
    positions |= reader->positions;
    has_exists |= !reader->exists.empty();
    for (DocId doc = 0; doc < new_docs_[p].size(); ++doc) {
      const DocId to = new_docs_[p][doc];
      if (to == kNoMoreDocs) continue;
      lengths[to] = reader->lengths[doc];
      if (reader->Exists(doc)) exists[to / 64] |= uint64_t{1} << to % 64;
    }
    sources.push_back({p, reader, index::TermsCursor(reader->terms)});
  }
  if (sources.empty()) return OkStatus();
  if (!has_exists || field == index::kAllField) exists.clear();
  RETURN_IF_ERROR(writer_->StartField(field, positions, std::move(lengths), exists));
  RETURN_IF_ERROR(MergeTerms(sources, positions));
  return writer_->FinishField();
}

Status Merge::MergeColumn(FieldId field) {
  const index::FieldType type = schema_.fields[field].type;
  const bool strings = type == index::FieldType::kText || type == index::FieldType::kKeyword;
  index::ColumnBuilder numbers;
  index::StringColumnBuilder texts;
  for (size_t p = 0; p < parts_.size(); ++p) {
    ASSIGN_OR_RETURN(const index::Column* column, parts_[p].segment->OpenColumn(field));
    if (column->values() == 0) continue;
    for (DocId doc = 0; doc < new_docs_[p].size(); ++doc) {
      const DocId to = new_docs_[p][doc];
      if (to == kNoMoreDocs) continue;
      for (uint64_t i = column->Begin(doc); i < column->End(doc); ++i) {
        if (strings) {
          texts.Add(to, column->String(static_cast<uint64_t>(column->Value(i))));
        } else if (type == index::FieldType::kFloat) {
          numbers.Add(to, index::DoubleFromOrdered(column->AsFloat(i)));
        } else {
          numbers.Add(to, column->Value(i));
        }
      }
    }
  }
  if (!numbers.empty()) RETURN_IF_ERROR(writer_->AddColumn(field, numbers));
  if (!texts.empty()) RETURN_IF_ERROR(writer_->AddColumn(field, texts));
  return OkStatus();
}

bool Merge::AllIsAliasOf(FieldId field) const {
  return std::all_of(parts_.begin(), parts_.end(), [field](const Snapshot::Part& part) {
    return part.segment->SameSections(index::kAllField, field) || !part.segment->file().Has(index::SectionKind::kFieldFacts, index::kAllField);
  });
}

// The field under whose name alone every part has its text; kNoField when there is none.
FieldId Merge::OnlyTextField() const {
  for (FieldId field = index::kSecondViewField + 1; field < schema_.fields.size(); ++field) {
    const bool used = std::any_of(parts_.begin(), parts_.end(),
                                  [field](const Snapshot::Part& part) { return part.segment->SameSections(index::kAllField, field); });
    if (used && AllIsAliasOf(field)) return field;
  }
  return index::kNoField;
}

Result<MergedSegment> Merge::Run(FileSystem& fs, const std::string& folder, uint64_t sequence) {
  ASSIGN_OR_RETURN(writer_, index::SegmentWriter::Create(fs, folder, sequence));
  NumberDocuments();
  RETURN_IF_ERROR(options_.order.empty() ? CopyDocuments() : CopyDocumentsInOrder());
  const FieldId only = OnlyTextField();
  for (FieldId field = 0; field < schema_.fields.size(); ++field) {
    if (field == index::kAllField && only != index::kNoField) continue;
    RETURN_IF_ERROR(MergeField(field));
  }
  if (only != index::kNoField) writer_->Alias(only, index::kAllField);
  for (FieldId field = 0; field < schema_.fields.size(); ++field) RETURN_IF_ERROR(MergeColumn(field));
  ASSIGN_OR_RETURN(index::SegmentEntry entry, writer_->Finish());
  entry.shard = parts_[0].shard;
  return MergedSegment{std::move(entry), std::move(new_docs_)};
}

}  // namespace

Result<MergedSegment> MergeSegments(FileSystem& fs, const std::string& folder, uint64_t sequence, const std::vector<Snapshot::Part>& parts,
                                    const index::Schema& schema, const MergeOptions& options) {
  return Merge(parts, schema, options).Run(fs, folder, sequence);
}

}  // namespace sakuin::indexer
