// live_copier.h: copies a live dictionary, beside a writer or not.
//
//   ASSIGN_OR_RETURN(const CopiedDictionary copied, CopyLiveDictionary(fs, "site.keywords", "backup/site.keywords"));
//
// The copy has every change that was acknowledged before, the versions one may go
// back to, and the counts; it is opened once to see that it is whole. CURRENT comes
// last: before it there is no dictionary in `to`. Nothing in `from` changes.
#pragma once

#include <cstdint>
#include <string>

#include "base/file.h"
#include "base/status.h"

namespace sakuin::keyword_linker {

struct CopiedDictionary {
  uint64_t files = 0;
  uint64_t bytes = 0;
};

// What a copy that ended early left in `to` is written over. NOT_FOUND, DATA_LOSS.
Result<CopiedDictionary> CopyLiveDictionary(FileSystem& fs, const std::string& from, const std::string& to);

}  // namespace sakuin::keyword_linker
