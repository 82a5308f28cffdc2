// stop_words.h: words that say nothing about what a text is about.
//
//   IsLuceneStopWord("the")               true: one of the 33 of Lucene's EnglishAnalyzer
//   IsEnglishStopWord("would")            true: the longer list behind english_plus
//
// Words are given in lower case. Thread-safe.
#pragma once

#include <string_view>

namespace sakuin::text {

bool IsLuceneStopWord(std::string_view word);
bool IsEnglishStopWord(std::string_view word);

}  // namespace sakuin::text
