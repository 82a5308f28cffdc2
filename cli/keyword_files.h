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

// "2 broken lines left out; all others count"
std::string LeftOut(const KeywordCounts& counts);

// Gives the keywords of a file, .gz and .zst as they are inside; "-" is standard
// input. INVALID_ARGUMENT of `take` is about the line. `idle` as InputLines has it.
// FAILED_PRECONDITION for what is no list of keywords: files of Sakuin, UTF-16.
Status ReadKeywords(const std::string& path, const std::function<Status(const keyword_linker::Entry&)>& take, const std::function<Status()>& idle,
                    KeywordCounts& counts);
// Adds those of a file to a builder.
Status AddKeywords(const std::string& path, keyword_linker::DictionaryBuilder& builder, KeywordCounts& counts);

// A compiled or live dictionary is opened, lines are compiled in memory. How many lines were
// broken is told on standard error, behind `context`, and added to `broken`, if that is given.
Result<keyword_linker::DictionaryView> LoadDictionary(const std::string& path, const std::string& context = {}, uint64_t* broken = nullptr);

// Whether it is a file of sakuin keywords build.
bool IsCompiled(const std::string& path);

// Gives the keywords of what LoadDictionary takes.
Status ForEachKeyword(const std::string& path, const std::function<Status(const keyword_linker::Entry&)>& take, KeywordCounts& counts);

}  // namespace sakuin::cli
