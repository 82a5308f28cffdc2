// apostrophes.h: what an apostrophe joins to a word, taken off.
//
//   WithoutPossessive("runner's")    runner
//   WithoutElision("l'avion")        avion    French, Italian, Catalan, Irish
//   BeforeApostrophe("istanbul'da")  istanbul
//
// Words are given in lower case; ' and ’ and ＇ are all apostrophes. What is
// returned is a part of the word and never empty unless the word is. Pure
// functions: thread-safe.
#pragma once

#include <string_view>

namespace sakuin::text {

std::string_view WithoutPossessive(std::string_view word);

// Only articles, pronouns and the like are taken off: aujourd'hui is whole.
std::string_view WithoutElision(std::string_view word);

std::string_view BeforeApostrophe(std::string_view word);

}  // namespace sakuin::text
