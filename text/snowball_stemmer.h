// snowball_stemmer.h: Snowball's stemmers by the names of their languages.
//
//   SnowballStemmer stemmer("german");
//   stemmer.Stem("häuser", tokens)   // haus
//
// Words are given in lower case. A stemmer belongs to the thread that made it,
// which is cheap: what the library wants is kept per thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/token.h"

namespace sakuin::text {

// Sorted, "english" (Porter's second stemmer) and "porter" among them.
std::vector<std::string> SnowballLanguages();

bool HasSnowballStemmer(std::string_view language);

// Stems words of one language in one thread.
class SnowballStemmer {
 public:
  // REQUIRES: HasSnowballStemmer(language).
  explicit SnowballStemmer(const std::string& language);

  // Kept in `keeper`; the word itself where there is nothing to take off.
  std::string_view Stem(std::string_view word, TokenList& keeper) const;

 private:
  void* stemmer_;  // of this thread
};

}  // namespace sakuin::text
