#include "index/segment_writer.h"

#include <algorithm>
#include <numeric>

#include "base/bytes.h"
#include "index/filename.h"
#include "index/packed_numbers.h"

namespace sakuin::index {
namespace {

// Quartiles of the lengths of documents that have the field.
LengthClasses ClassesOf(const std::vector<uint32_t>& lengths) {
  std::vector<uint32_t> sorted;
  sorted.reserve(lengths.size());
  std::copy_if(lengths.begin(), lengths.end(), std::back_inserter(sorted), [](uint32_t length) { return length > 0; });
  LengthClasses classes;
  if (sorted.empty()) return classes;
  for (size_t quarter = 1; quarter < 4; ++quarter) {
    const auto at = sorted.begin() + static_cast<ptrdiff_t>(sorted.size() * quarter / 4);
    std::nth_element(sorted.begin(), at, sorted.end());
    classes.minimum[quarter] = *at;
  }
  return classes;
}

template <typename T>
std::string PackedBytes(const std::vector<T>& numbers) {
  std::string bytes;
  AppendPacked(std::vector<uint64_t>(numbers.begin(), numbers.end()), bytes);
  return bytes;
}

}  // namespace

SegmentWriter::SegmentWriter(FileSystem& fs, const std::string& folder, uint64_t sequence)
    : fs_(fs), prefix_(JoinPath(folder, "segment-" + Hex(sequence))), stored_(std::make_unique<StoredWriter>(fs, prefix_)) {}

Result<std::unique_ptr<SegmentWriter>> SegmentWriter::Create(FileSystem& fs, const std::string& folder, uint64_t sequence) {
  std::unique_ptr<SegmentWriter> writer(new SegmentWriter(fs, folder, sequence));
  ASSIGN_OR_RETURN(writer->file_, SegmentFileWriter::Create(fs, folder, sequence));
  return writer;
}

Status SegmentWriter::AddDocument(std::string_view key, uint64_t version, std::string_view stored) {
  keys_.append(key);
  key_ends_.push_back(keys_.size());
  versions_.push_back(version);
  has_versions_ |= version != 0;
  return stored_->Add(stored);
}

Status SegmentWriter::WriteDocuments() {
  if (std::exchange(documents_written_, true)) return OkStatus();
  const auto key = [this](uint32_t doc) {
    const uint64_t begin = doc == 0 ? 0 : key_ends_[doc - 1];
    return std::string_view(keys_).substr(begin, key_ends_[doc] - begin);
  };
  std::vector<uint32_t> order(documents());
  std::iota(order.begin(), order.end(), 0);
  // Among equal keys (all but the newest deleted) the newest comes last.
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    const int compared = key(a).compare(key(b));
    return compared != 0 ? compared < 0 : a < b;
  });
  std::vector<uint32_t> ranks(documents());
  for (uint32_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;

  std::string facts;
  AppendVarint(facts, documents());
  RETURN_IF_ERROR(file_->Add(SectionKind::kDocuments, kNoField, facts));
  RETURN_IF_ERROR(file_->Add(SectionKind::kKeyOffsets, kNoField, PackedBytes(key_ends_)));
  RETURN_IF_ERROR(file_->Add(SectionKind::kKeyBytes, kNoField, keys_));
  RETURN_IF_ERROR(file_->Add(SectionKind::kKeyRanks, kNoField, PackedBytes(ranks)));
  RETURN_IF_ERROR(file_->Add(SectionKind::kKeyOrder, kNoField, PackedBytes(order)));
  if (has_versions_) RETURN_IF_ERROR(file_->Add(SectionKind::kVersions, kNoField, PackedBytes(versions_)));
  RETURN_IF_ERROR(stored_->AddSections(*file_));
  stored_.reset();
  keys_ = {};
  versions_ = {};
  return OkStatus();
}

Status SegmentWriter::StartField(FieldId field, bool positions, std::vector<uint32_t> lengths, std::span<const uint64_t> exists) {
  RETURN_IF_ERROR(WriteDocuments());
  field_ = field;
  positions_ = positions;
  lengths_ = std::move(lengths);
  classes_ = ClassesOf(lengths_);
  const std::string prefix = prefix_ + "-" + std::to_string(field);
  terms_.emplace(fs_, prefix, positions);
  postings_.emplace(fs_, prefix, lengths_, classes_, positions);
  if (exists.empty()) return OkStatus();
  return file_->Add(SectionKind::kExists, field, {reinterpret_cast<const char*>(exists.data()), exists.size_bytes()});
}

Status SegmentWriter::StartTerm(std::string_view term) {
  term_ = term;
  postings_->StartTerm();
  return OkStatus();
}

Status SegmentWriter::FinishTerm() {
  ASSIGN_OR_RETURN(const TermEntry entry, postings_->FinishTerm());
  return terms_->Add(term_, entry);
}

// Lengths are read for every scored posting: 1, 2 or 4 bytes each, by the longest.
Status SegmentWriter::WriteLengths() {
  const uint32_t longest = lengths_.empty() ? 0 : *std::max_element(lengths_.begin(), lengths_.end());
  const size_t width = longest < 256 ? 1 : longest < 65536 ? 2 : 4;
  std::string bytes(lengths_.size() * width, '\0');
  for (size_t doc = 0; doc < lengths_.size(); ++doc) std::memcpy(bytes.data() + doc * width, &lengths_[doc], width);
  return file_->Add(SectionKind::kLengths, field_, bytes);
}

Status SegmentWriter::FinishField() {
  FieldStatistics statistics;
  for (const uint32_t length : lengths_) {
    statistics.documents += length > 0 ? 1 : 0;
    statistics.total_length += length;
  }
  std::string facts;
  AppendU8(facts, positions_ ? 1 : 0);
  AppendVarint(facts, statistics.documents);
  AppendVarint(facts, statistics.total_length);
  for (const uint32_t minimum : classes_.minimum) AppendVarint(facts, minimum);
  RETURN_IF_ERROR(file_->Add(SectionKind::kFieldFacts, field_, facts));
  RETURN_IF_ERROR(WriteLengths());
  RETURN_IF_ERROR(terms_->AddSections(*file_, field_));
  RETURN_IF_ERROR(postings_->AddSections(*file_, field_));
  terms_.reset();
  postings_.reset();
  if (statistics_.size() <= field_) statistics_.resize(field_ + 1);
  statistics_[field_] = statistics;
  return OkStatus();
}

void SegmentWriter::Alias(FieldId field, FieldId alias) {
  file_->Alias(field, alias);
  if (statistics_.size() <= alias) statistics_.resize(alias + 1);
  statistics_[alias] = statistics_[field];
}

Result<SegmentEntry> SegmentWriter::Finish() {
  RETURN_IF_ERROR(WriteDocuments());
  ASSIGN_OR_RETURN(const SegmentFileInfo info, file_->Finish());
  SegmentEntry entry;
  entry.name = info.name;
  entry.bytes = info.bytes;
  entry.checksum = info.checksum;
  entry.documents = documents();
  entry.statistics = statistics_;
  return entry;
}

}  // namespace sakuin::index
