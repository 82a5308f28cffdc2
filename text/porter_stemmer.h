// porter_stemmer.h: M. F. Porter's stemmer of 1980, with the small departures
// of his own reference program (bli -> ble, logi -> log), word for word as
// Lucene applies it.
//
//   char word[] = "generalizations";
//   size_t length = PorterStem(word, 15);   // "gener", 5
//
// Words have two letters more than they need: step 1b may add an e. Letters
// outside a-z count as consonants. Pure functions: thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace sakuin::text {

// Stems in place, returns the new length (never longer than before).
// Characters are units of UTF-16 or, where all are ASCII, bytes.
size_t PorterStem(char* word, size_t length);
size_t PorterStem(char16_t* word, size_t length);

}  // namespace sakuin::text
