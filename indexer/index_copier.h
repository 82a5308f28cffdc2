// index_copier.h: copies all of an index that is durable, beside a writer or not.
//
//   ASSIGN_OR_RETURN(const CopiedIndex copied, CopyIndex(fs, "my-index", "my-backup"));
//
// The copy is one generation and the journals from its first on: what a writer
// would find that opens `from` after a kill at some moment of the copying. So it
// has every write that was acknowledged before CopyIndex was called, once its
// journals are brought in (RecoverIfNeeded of index_writer.h). It is checked, and
// becomes an index last. Nothing in `from` changes.
#pragma once

#include <cstdint>
#include <string>

#include "base/file.h"
#include "base/status.h"

namespace sakuin::indexer {

struct CopiedIndex {
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t generation = 0;
};

// ALREADY_EXISTS when there is an index in `to`; the folder need not be there.
Result<CopiedIndex> CopyIndex(FileSystem& fs, const std::string& from, const std::string& to);

}  // namespace sakuin::indexer
