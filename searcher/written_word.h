// written_word.h: words as people type them: their letters, and where they end.
//
//   LowerCase("COFFEE")                              // coffee
//   Folded("Café", text::FoldKind::kAccents)         // cafe
//   IsRun("検索エンジン")                            // true: nothing shows where its words begin
//   IsPlainWord("foo:bar")                           // false: a query would understand the colon
//
// Pure functions; any bytes are survived. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "text/code_point_table.h"

namespace sakuin::searcher {

// In small letters, as far as one letter is one letter ("STRASSE" but not "ß").
std::string LowerCase(std::string_view text);

// As analyzers fold text before they cut it.
std::string Folded(std::string_view text, text::FoldKind kind);

// Whether the character at byte `at` is of Korean, Japanese or Chinese.
bool IsRunCharacter(std::string_view text, size_t at);

// Only such characters.
bool IsRun(std::string_view text);

// Where the character that ends at byte `at` begins. REQUIRES: at > 0.
size_t CharacterBefore(std::string_view text, size_t at);

// Whether a word can stand in a query without a meaning of its own.
bool IsPlainWord(std::string_view word);

}  // namespace sakuin::searcher
