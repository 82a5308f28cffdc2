// index_copier.h: copies all of an index that is durable, beside a writer or not.
//
//   ASSIGN_OR_RETURN(const CopiedIndex copied, CopyIndex(fs, "my-index", "my-backup"));
//
// The copy is one generation and the journals from its first on: what a writer
// would find that opens `from` after a kill at some moment of the copying. So it
// has every write that was acknowledged before CopyIndex was called, once its
// journals are brought in (RecoverIfNeeded of index_writer.h). It is checked, and
// becomes an index last. Nothing in `from` changes.
//
// What the index needs beside its own files, whoever knows it copies in `more`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/file.h"
#include "base/status.h"
#include "index/schema.h"

namespace sakuin::indexer {

struct CopiedIndex {
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t generation = 0;
};

// Called with the schema that the copy will have, before the folder holds an index.
using CopyMore = std::function<Status(index::Schema& schema, CopiedIndex& copied)>;

// ALREADY_EXISTS when there is an index in `to`; the folder need not be there.
Result<CopiedIndex> CopyIndex(FileSystem& fs, const std::string& from, const std::string& to, const CopyMore& more = {});

}  // namespace sakuin::indexer
