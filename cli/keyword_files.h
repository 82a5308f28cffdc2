// keyword_files.h: dictionaries of keywords as commands take them: lines of
// keywords in files and standard input, or a compiled dictionary.
//
//   ASSIGN_OR_RETURN(auto dictionary, LoadDictionary("keywords.tsv"));
#pragma once

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

// Adds the lines of a file, .gz and .zst as they are inside; "-" is standard input.
Status AddKeywords(const std::string& path, keyword_linker::DictionaryBuilder& builder, KeywordCounts& counts);

// A compiled dictionary is opened, lines are compiled in memory.
Result<keyword_linker::DictionaryView> LoadDictionary(const std::string& path);

}  // namespace sakuin::cli
