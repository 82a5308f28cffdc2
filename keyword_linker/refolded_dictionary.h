// refolded_dictionary.h: dictionaries that were built with other rules of folding.
//
//   ASSIGN_OR_RETURN(const OpenedBase base, OpenBase(fs, BasePath(folder, 7)));
//   if (base.refolded) ...                           // the file is as it was: a fold writes it anew
//
// The rules are those of a version of ICU. The keywords of a live dictionary are in
// its folder alone: where the rules have changed the same entries are made into a
// dictionary in memory, which takes seconds for a million. Pure: thread-safe.
#pragma once

#include <memory>
#include <string>

#include "base/file.h"
#include "base/status.h"
#include "keyword_linker/dictionary.h"

namespace sakuin::keyword_linker {

struct OpenedBase {
  std::shared_ptr<const Dictionary> dictionary;
  bool refolded = false;  // it is in memory, and not as the file
};

// As Dictionary::Open, but for the rules of folding. Keywords that show nothing or
// are too long by the new rules are left out. FAILED_PRECONDITION for another version.
Result<OpenedBase> OpenBase(FileSystem& fs, const std::string& path);

}  // namespace sakuin::keyword_linker
