// deletes.h: which documents of a segment are deleted as of one generation.
//
//   DeletedDocs deleted(documents);
//   deleted.Add(7);
//   ASSIGN_OR_RETURN(uint64_t checksum, deleted.Write(fs, path));
//
// A segment never changes; its deletes are a small file of their own beside it,
// written anew for every generation that deletes. Const use is thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/types.h"

namespace sakuin::index {

class DeletedDocs {
 public:
  DeletedDocs() = default;  // of an empty segment
  explicit DeletedDocs(uint32_t documents) : documents_(documents), words_((size_t{documents} + 63) / 64) {}

  bool Has(DocId doc) const { return (words_[doc / 64] >> doc % 64 & 1) != 0; }
  // False when it was deleted already.
  bool Add(DocId doc);
  uint32_t count() const { return count_; }
  uint32_t documents() const { return documents_; }
  const std::vector<uint64_t>& words() const { return words_; }  // bit per document, low bits first
  std::vector<DocId> Sorted() const;

  // Durable when OK; returns the checksum that Read expects.
  Result<uint64_t> Write(FileSystem& fs, const std::string& path) const;
  static Result<DeletedDocs> Read(FileSystem& fs, const std::string& path, uint32_t documents, uint64_t checksum);

 private:
  uint32_t documents_ = 0;
  uint32_t count_ = 0;
  std::vector<uint64_t> words_;
};

}  // namespace sakuin::index
