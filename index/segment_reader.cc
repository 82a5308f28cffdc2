#include "index/segment_reader.h"

#include "index/filename.h"
#include "index/format.h"

namespace sakuin::index {

Result<std::unique_ptr<SegmentReader>> SegmentReader::Open(FileSystem& fs, const std::string& folder, const SegmentEntry& entry) {
  std::unique_ptr<SegmentReader> reader(new SegmentReader);
  ASSIGN_OR_RETURN(reader->file_, SegmentFileView::Open(fs, JoinPath(folder, SegmentFile(entry.name))));
  if (reader->file_->checksum() != entry.checksum || reader->file_->bytes() != entry.bytes) {
    return DataLossError(reader->file_->path() + " is not the segment that the manifest names; restore the index from a backup");
  }
  RETURN_IF_ERROR(reader->OpenDocuments());
  if (reader->documents_ != entry.documents) return DataLossError(reader->file_->path() + " does not hold the documents that the manifest counts");
  return reader;
}

Status SegmentReader::OpenDocuments() {
  ASSIGN_OR_RETURN(const std::string_view facts, file_->CheckedSection(SectionKind::kDocuments, kNoField));
  ByteReader in(facts);
  documents_ = in.ReadVarint32();
  const auto read = [this](SectionKind kind, PackedNumbers& numbers) -> Status {
    ASSIGN_OR_RETURN(const std::string_view bytes, file_->CheckedSection(kind, kNoField));
    ByteReader section(bytes);
    if (!PackedNumbers::Read(section, numbers) || numbers.size() != documents_) {
      return DataLossError(file_->path() + ": the keys of the documents cannot be decoded; the segment is damaged");
    }
    return OkStatus();
  };
  if (!in.ok() || documents_ >= kMaxDocsPerSegment) return DataLossError(file_->path() + ": the number of documents cannot be read");
  RETURN_IF_ERROR(read(SectionKind::kKeyOffsets, key_ends_));
  RETURN_IF_ERROR(read(SectionKind::kKeyRanks, key_ranks_));
  RETURN_IF_ERROR(read(SectionKind::kKeyOrder, key_order_));
  if (file_->Has(SectionKind::kVersions, kNoField)) RETURN_IF_ERROR(read(SectionKind::kVersions, versions_));
  ASSIGN_OR_RETURN(keys_, file_->CheckedSection(SectionKind::kKeyBytes, kNoField));
  ASSIGN_OR_RETURN(stored_, StoredReader::Open(*file_));
  return OkStatus();
}

std::string_view SegmentReader::key(DocId doc) const {
  if (doc >= documents_) return {};
  const uint64_t begin = doc == 0 ? 0 : key_ends_[doc - 1];
  const uint64_t end = key_ends_[doc];
  return begin <= end && end <= keys_.size() ? keys_.substr(begin, end - begin) : std::string_view();
}

uint32_t SegmentReader::LowerBoundOfKey(std::string_view wanted) const {
  uint32_t low = 0;
  uint32_t high = documents_;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (key(doc_of_rank(middle)) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

bool SegmentReader::SameSections(FieldId a, FieldId b) const {
  const std::string_view of_a = file_->Section(SectionKind::kFieldFacts, a);
  return !of_a.empty() && of_a.data() == file_->Section(SectionKind::kFieldFacts, b).data();
}

Result<std::unique_ptr<FieldReader>> SegmentReader::ReadField(FieldId field) const {
  ASSIGN_OR_RETURN(const std::string_view facts, file_->CheckedSection(SectionKind::kFieldFacts, field));
  auto reader = std::make_unique<FieldReader>();
  ByteReader in(facts);
  reader->positions = in.ReadU8() != 0;
  reader->statistics.documents = in.ReadVarint();
  reader->statistics.total_length = in.ReadVarint();
  for (uint32_t& minimum : reader->classes.minimum) minimum = in.ReadVarint32();
  ASSIGN_OR_RETURN(const std::string_view lengths, file_->CheckedSection(SectionKind::kLengths, field));
  const size_t width = documents_ == 0 ? 0 : lengths.size() / documents_;
  const bool fits = lengths.size() == width * documents_ && (width <= 2 || width == 4);
  if (!in.ok() || !fits) return DataLossError(file_->path() + ": the facts of a field cannot be decoded");
  reader->lengths = Lengths(lengths.data(), static_cast<uint32_t>(width));
  ASSIGN_OR_RETURN(reader->exists, file_->CheckedSection(SectionKind::kExists, field));
  if (!reader->exists.empty() && reader->exists.size() < (documents_ + 7) / 8) return DataLossError(file_->path() + ": a field's bits are too few");
  ASSIGN_OR_RETURN(reader->terms, TermsReader::Open(*file_, field, reader->positions));
  reader->postings = {file_.get(),
                      file_->Section(SectionKind::kPostings, field),
                      file_->Section(SectionKind::kBlockLastDoc, field),
                      file_->Section(SectionKind::kBlockOffset, field),
                      file_->Section(SectionKind::kBlockFacts, field),
                      file_->Section(SectionKind::kPositionOffset, field),
                      file_->Section(SectionKind::kPositions, field),
                      documents_};
  return reader;
}

template <typename T, typename OpenFunction>
Result<const T*> SegmentReader::OpenOnce(std::map<FieldId, std::unique_ptr<T>>& opened, FieldId field, OpenFunction open) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = opened.find(field); known != opened.end()) return static_cast<const T*>(known->second.get());
  }
  ASSIGN_OR_RETURN(std::unique_ptr<T> fresh, open());  // two threads may do it at once: the first one's stays
  const std::lock_guard lock(mutex_);
  return static_cast<const T*>(opened.try_emplace(field, std::move(fresh)).first->second.get());
}

Result<const FieldReader*> SegmentReader::OpenField(FieldId field) const {
  return OpenOnce(fields_, field, [&]() -> Result<std::unique_ptr<FieldReader>> {
    if (!file_->Has(SectionKind::kFieldFacts, field)) return std::unique_ptr<FieldReader>();
    return ReadField(field);
  });
}

Result<const Column*> SegmentReader::OpenColumn(FieldId field) const {
  return OpenOnce(columns_, field, [&]() -> Result<std::unique_ptr<Column>> {
    ASSIGN_OR_RETURN(Column column, Column::Open(*file_, field));
    if (!column.Fits(documents_)) return DataLossError(file_->path() + ": a column does not fit its documents; the segment is damaged");
    return std::make_unique<Column>(column);
  });
}

}  // namespace sakuin::index
