// keyword_files.h: dictionaries of keywords as commands take them: lines of
// keywords in files and standard input, a compiled dictionary, or the folder of a
// live one.
//
//   ASSIGN_OR_RETURN(auto dictionary, LoadDictionary("keywords.tsv"));
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "keyword_linker/dictionary_builder.h"
#include "keyword_linker/dictionary_view.h"

namespace sakuin::cli {

struct KeywordCounts {
  uint64_t lines = 0;
  uint64_t broken = 0;  // told on standard error, the first of them, and left out
};

// Gives the keywords of a file, .gz and .zst as they are inside; "-" is standard
// input. INVALID_ARGUMENT of `take` is about the line. `idle` as InputLines has it.
Status ReadKeywords(const std::string& path, const std::function<Status(const keyword_linker::Entry&)>& take, const std::function<Status()>& idle,
                    KeywordCounts& counts);
// Adds those of a file to a builder.
Status AddKeywords(const std::string& path, keyword_linker::DictionaryBuilder& builder, KeywordCounts& counts);

// A compiled or live dictionary is opened, lines are compiled in memory.
Result<keyword_linker::DictionaryView> LoadDictionary(const std::string& path);

}  // namespace sakuin::cli
