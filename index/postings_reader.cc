#include "index/postings_reader.h"

#include <algorithm>
#include <bit>

namespace sakuin::index {
namespace {

// Part of a section, or nothing when it lies outside.
bool Slice(std::string_view section, uint64_t offset, uint64_t size, std::string_view& slice) {
  if (offset > section.size() || size > section.size() - offset) return false;
  slice = section.substr(offset, size);
  return true;
}

// Row `first` to `first + count` of a section that is an array of T.
template <typename T>
const T* Rows(std::string_view section, uint64_t first, uint64_t count, std::string_view& bytes) {
  if (first > section.size() / sizeof(T) || !Slice(section, first * sizeof(T), count * sizeof(T), bytes)) return nullptr;
  return reinterpret_cast<const T*>(bytes.data());
}

const uint8_t* Begin(std::string_view bytes) { return reinterpret_cast<const uint8_t*>(bytes.data()); }

// How many of the first n postings have the frequency class "more".
uint32_t HighFrequencies(const uint8_t* impacts, uint32_t n) {
  uint32_t count = 0;
  uint32_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const auto pairs = LoadUnaligned<uint64_t>(impacts + i / 2);
    count += static_cast<uint32_t>(std::popcount(pairs & pairs >> 1 & 0x1111111111111111));
  }
  for (; i < n; ++i) count += (impacts[i / 2] >> i % 2 * 4 & 3) == 3;
  return count;
}

Status OutsideSection() { return DataLossError("a list of postings lies outside its section; the segment is damaged"); }

Status OutsideSegment() { return DataLossError("a list of postings names documents that its segment does not have; the segment is damaged"); }

// One pass that the compiler vectorises.
bool Ascend(const uint32_t* rows, uint32_t n) {
  uint32_t wrong = 0;
  for (uint32_t i = 1; i < n; ++i) wrong |= static_cast<uint32_t>(rows[i - 1] >= rows[i]);
  return wrong == 0;
}

}  // namespace

Result<std::unique_ptr<PostingsList>> OpenPostings(const PostingsSections& sections, const TermEntry& entry) {
  std::unique_ptr<PostingsList> list(new PostingsList);
  list->file_ = sections.file;
  list->entry_ = entry;
  RETURN_IF_ERROR(list->Fits(sections.documents));
  list->blocks_ = entry.blocks();
  if (!Slice(sections.postings, entry.postings_offset, entry.postings_size, list->bytes_)) return OutsideSection();
  if (!Slice(sections.positions, entry.positions_offset, entry.positions_size, list->position_bytes_)) return OutsideSection();
  RETURN_IF_ERROR(sections.file->Check(list->bytes_));
  RETURN_IF_ERROR(list->blocks_ > 1 ? list->OpenBlocks(sections) : list->OpenShort(sections));
  return list;
}

// What the dictionary says can be, in a segment of so many documents.
Status PostingsList::Fits(uint32_t documents) const {
  if (entry_.document_frequency == 0) return DataLossError("a word without postings; the segment is damaged");
  if (entry_.document_frequency > documents) return OutsideSegment();
  const bool one = entry_.document_frequency == 1;
  const bool counted = entry_.total_frequency >= entry_.document_frequency && (!one || entry_.total_frequency <= UINT32_MAX);
  return counted ? OkStatus() : DataLossError("a word does not stand as often as it must; the segment is damaged");
}

Status PostingsList::OpenBlocks(const PostingsSections& sections) {
  std::string_view rows;
  last_doc_ = Rows<uint32_t>(sections.block_last_doc, entry_.first_block, blocks_, rows);
  if (last_doc_ == nullptr) return OutsideSection();
  RETURN_IF_ERROR(sections.file->Check(rows));
  if (!Ascend(last_doc_, blocks_) || last_doc_[blocks_ - 1] >= sections.documents) return OutsideSegment();
  offset_ = Rows<uint32_t>(sections.block_offset, entry_.first_block, blocks_, rows);
  if (offset_ == nullptr) return OutsideSection();
  RETURN_IF_ERROR(sections.file->Check(rows));
  facts_ = Rows<BlockFacts>(sections.block_facts, entry_.first_block, blocks_, rows);
  if (facts_ == nullptr) return OutsideSection();
  RETURN_IF_ERROR(sections.file->Check(rows));
  if (position_bytes_.empty()) return OkStatus();
  position_offset_ = Rows<uint32_t>(sections.position_offset, entry_.first_block, blocks_, rows);
  if (position_offset_ == nullptr) return OutsideSection();
  return sections.file->Check(rows);
}

Status PostingsList::OpenShort(const PostingsSections& sections) {
  short_ = std::make_unique<ShortList>();
  const uint32_t n = entry_.document_frequency;
  if (n == 1) {
    short_->docs[0] = entry_.single_doc;
    short_->frequencies[0] = static_cast<uint32_t>(entry_.total_frequency);
  } else if (bytes_.empty()) {
    return OutsideSection();
  } else if (static_cast<ShortForm>(bytes_[0]) == ShortForm::kVarints) {
    RETURN_IF_ERROR(DecodeShortVarints(bytes_.substr(1)));
  } else {
    RETURN_IF_ERROR(DecodeShortBlock(bytes_.substr(1)));
  }
  last_doc_ = &short_->docs[n - 1];
  return *last_doc_ < sections.documents ? OkStatus() : OutsideSegment();
}

Status PostingsList::DecodeShortBlock(std::string_view bytes) {
  const uint32_t n = entry_.document_frequency;
  const size_t impacts = (n + 1) / 2;
  if (bytes.size() < impacts) return OutsideSection();
  const size_t used = index::DecodeDocs(bytes.data() + impacts, bytes.data() + bytes.size(), n, kBeforeFirst, short_->docs);
  if (used == 0 || !ReadFrequencies(Begin(bytes), bytes.substr(impacts + used), n, short_->frequencies)) {
    return DataLossError("a list of postings cannot be decoded; the segment is damaged");
  }
  return OkStatus();
}

Status PostingsList::DecodeShortVarints(std::string_view bytes) {
  ByteReader reader(bytes);
  uint64_t next = 0;  // the first document that may follow
  bool fits = true;
  for (uint32_t i = 0; i < entry_.document_frequency && fits; ++i) {
    const uint64_t code = reader.ReadVarint();
    const uint64_t doc = next + (code >> 1);
    const uint64_t frequency = (code & 1) != 0 ? uint64_t{reader.ReadVarint32()} + 2 : 1;
    short_->docs[i] = static_cast<uint32_t>(doc);
    short_->frequencies[i] = static_cast<uint32_t>(frequency);
    next = doc + 1;
    fits = reader.ok() && doc < kNoMoreDocs && frequency <= UINT32_MAX;
  }
  return fits ? OkStatus() : DataLossError("a list of postings cannot be decoded; the segment is damaged");
}

// The common case has no frequency above 3: a pass without branches, which the
// compiler vectorises, then one over the exceptions where there are any.
bool PostingsList::ReadFrequencies(const uint8_t* impacts, std::string_view exceptions, uint32_t n, uint32_t* frequencies) {
  uint32_t high = 0;  // bits 0 and 4: some posting's class is 3
  for (uint32_t i = 0; i + 1 < n; i += 2) {
    const uint32_t pair = impacts[i / 2];
    frequencies[i] = (pair & 3) + 1;
    frequencies[i + 1] = (pair >> 4 & 3) + 1;
    high |= pair & pair >> 1;
  }
  if (n % 2 != 0) {
    const uint32_t last = impacts[n / 2];
    frequencies[n - 1] = (last & 3) + 1;
    high |= last & last >> 1;
  }
  if ((high & 0x11) == 0) return true;
  ByteReader reader(exceptions);
  bool wrapped = false;
  for (uint32_t i = 0; i < n; ++i) {
    if (frequencies[i] != 4) continue;
    frequencies[i] += reader.ReadVarint32();
    wrapped |= frequencies[i] < 4;
  }
  return reader.ok() && !wrapped;
}

uint32_t PostingsList::FindBlock(uint32_t from, DocId target) const {
  if (from >= blocks_ || last_doc_[from] >= target) return from;
  uint32_t step = 1;
  while (from + step < blocks_ && last_doc_[from + step] < target) step *= 2;
  const uint32_t* begin = last_doc_ + from + step / 2 + 1;
  const uint32_t* end = last_doc_ + std::min(from + step + 1, blocks_);
  return static_cast<uint32_t>(std::lower_bound(begin, end, target) - last_doc_);
}

std::string_view PostingsList::BlockBytes(uint32_t block) const {
  const uint64_t begin = offset_[block];
  const uint64_t end = block + 1 < blocks_ ? offset_[block + 1] : bytes_.size();
  if (begin > end || end > bytes_.size()) return {};
  return bytes_.substr(begin, end - begin);
}

const uint8_t* PostingsList::Impacts(uint32_t block) const {
  if (short_ != nullptr) return nullptr;
  const std::string_view bytes = BlockBytes(block);
  return bytes.size() < (SizeOfBlock(block) + 1) / 2 ? nullptr : Begin(bytes);
}

void PostingsList::Damage(std::string_view what) {
  if (status_.ok()) status_ = DataLossError(std::string(what) + "; the segment is damaged");
}

void PostingsList::DecodeDocs(uint32_t block, uint32_t* docs) {
  const uint32_t n = SizeOfBlock(block);
  if (short_ != nullptr) {
    std::copy_n(short_->docs, n, docs);
    return;
  }
  const std::string_view bytes = BlockBytes(block);
  const size_t impacts = (n + 1) / 2;
  // The decoder may look past the block, as far as the list goes: cheaper than a copy of the last bytes.
  const char* end = bytes_.data() + bytes_.size();
  const size_t used = bytes.size() <= impacts ? 0 : index::DecodeDocs(bytes.data() + impacts, end, n, DocBefore(block), docs);
  if (used == 0 || docs[n - 1] != last_doc_[block]) {
    std::fill_n(docs, n, kNoMoreDocs);
    Damage("a block of documents cannot be decoded");
    return;
  }
  docs_block_ = block;
  docs_size_ = used;
}

void PostingsList::DecodeFrequencies(uint32_t block, uint32_t* frequencies) {
  const uint32_t n = SizeOfBlock(block);
  if (short_ != nullptr) {
    std::copy_n(short_->frequencies, n, frequencies);
    return;
  }
  std::string_view exceptions;
  if (!FindExceptions(block, exceptions) || !ReadFrequencies(Impacts(block), exceptions, n, frequencies)) {
    std::fill_n(frequencies, n, 1);
    Damage("a block of frequencies cannot be decoded");
  }
}

// They follow the documents, whose size is known once these were decoded.
bool PostingsList::FindExceptions(uint32_t block, std::string_view& bytes) {
  if (docs_block_ != block) {
    uint32_t docs[kDecodeRoom];
    DecodeDocs(block, docs);
  }
  bytes = BlockBytes(block);
  const size_t before = (SizeOfBlock(block) + 1) / 2 + docs_size_;
  if (docs_block_ != block || before > bytes.size()) return false;
  bytes.remove_prefix(before);
  return true;
}

uint32_t PostingsList::DecodeFrequency(uint32_t block, uint32_t place) {
  if (short_ != nullptr) return short_->frequencies[place];
  const uint8_t* impacts = Impacts(block);
  if (impacts == nullptr) return 1;  // DecodeDocs has said so
  const uint32_t frequency_class = impacts[place / 2] >> place % 2 * 4 & 3;
  if (frequency_class < 3) return frequency_class + 1;
  std::string_view exceptions;
  if (FindExceptions(block, exceptions)) {
    ByteReader reader(exceptions);
    reader.SkipVarints(HighFrequencies(impacts, place));
    const uint32_t frequency = 4 + reader.ReadVarint32();
    if (reader.ok() && frequency >= 4) return frequency;
  }
  Damage("a block of frequencies cannot be decoded");
  return 1;
}

std::string_view PostingsList::PositionBytes(uint32_t block, ShortForm& form) const {
  form = ShortForm::kBlock;
  if (short_ != nullptr) {
    if (position_bytes_.empty()) return {};
    form = static_cast<ShortForm>(position_bytes_[0]);
    return position_bytes_.substr(1);
  }
  if (position_offset_ == nullptr) return {};
  const uint64_t begin = position_offset_[block];
  return begin > position_bytes_.size() ? std::string_view() : position_bytes_.substr(begin);
}

}  // namespace sakuin::index
