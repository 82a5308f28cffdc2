#include "index/deletes.h"

#include <bit>

#include "base/bytes.h"
#include "base/checksum.h"
#include "index/format.h"

namespace sakuin::index {

bool DeletedDocs::Add(DocId doc) {
  uint64_t& word = words_[doc / 64];
  const uint64_t bit = uint64_t{1} << doc % 64;
  if ((word & bit) != 0) return false;
  word |= bit;
  ++count_;
  return true;
}

std::vector<DocId> DeletedDocs::Sorted() const {
  std::vector<DocId> docs;
  docs.reserve(count_);
  for (size_t w = 0; w < words_.size(); ++w) {
    for (uint64_t bits = words_[w]; bits != 0; bits &= bits - 1) {
      docs.push_back(static_cast<DocId>(w * 64 + static_cast<size_t>(std::countr_zero(bits))));
    }
  }
  return docs;
}

Result<uint64_t> DeletedDocs::Write(FileSystem& fs, const std::string& path) const {
  std::string bytes(kDeletesMagic, kMagicBytes);
  AppendU32(bytes, kFormatVersion);
  AppendU32(bytes, documents_);
  for (const uint64_t word : words_) AppendU64(bytes, word);
  const uint64_t checksum = Checksum(bytes);
  RETURN_IF_ERROR(WriteFileAtomically(fs, path, bytes));
  return checksum;
}

Result<DeletedDocs> DeletedDocs::Read(FileSystem& fs, const std::string& path, uint32_t documents, uint64_t checksum) {
  ASSIGN_OR_RETURN(const std::string bytes, fs.ReadAll(path));
  DeletedDocs deleted(documents);
  if (Checksum(bytes) != checksum || bytes.size() != kMagicBytes + 8 + deleted.words_.size() * 8) {
    return DataLossError(path + " is damaged: its checksum does not fit; restore it from a backup");
  }
  for (size_t w = 0; w < deleted.words_.size(); ++w) {
    deleted.words_[w] = LoadUnaligned<uint64_t>(bytes.data() + kMagicBytes + 8 + w * 8);
    deleted.count_ += static_cast<uint32_t>(std::popcount(deleted.words_[w]));
  }
  if (documents % 64 != 0 && deleted.words_.back() >> documents % 64 != 0) {
    return DataLossError(path + " deletes documents that its segment does not have; restore it from a backup");
  }
  return deleted;
}

}  // namespace sakuin::index
