// language_guess.h: in which language of an alphabet is a text written?
//
//   SurelyWrittenIn("Der Hund schläft auf dem Sofa und träumt.")   // "german"
//   PossibleLanguages("Häuser am Fluss")   // english, finnish, german, swedish: some say so, ä does
//
// Names are those of analyzers where there is one ("german"), else CLD2's in
// lower case. Looks at the first few kilobytes. Thread-safe.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace sakuin::text {

inline constexpr size_t kGuessedFrom = 4096;  // bytes

// Empty where it cannot tell. Looks at no more than the first `bytes`; the time it takes is theirs.
std::string SurelyWrittenIn(std::string_view text, size_t bytes = kGuessedFrom);

// For queries, too short to be sure: the best guess, and the languages that have
// the letters with marks that are in it.
std::set<std::string> PossibleLanguages(std::string_view text);

}  // namespace sakuin::text
