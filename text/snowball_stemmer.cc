#include "text/snowball_stemmer.h"

#include <libstemmer.h>

#include <algorithm>
#include <map>
#include <memory>

namespace sakuin::text {
namespace {

struct DeleteStemmer {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

sb_stemmer* StemmerOfThread(const std::string& language) {
  thread_local std::map<std::string, std::unique_ptr<sb_stemmer, DeleteStemmer>> stemmers;
  std::unique_ptr<sb_stemmer, DeleteStemmer>& stemmer = stemmers[language];
  if (stemmer == nullptr) stemmer.reset(sb_stemmer_new(language.c_str(), "UTF_8"));
  return stemmer.get();
}

}  // namespace

std::vector<std::string> SnowballLanguages() {
  std::vector<std::string> languages;
  for (const char** name = sb_stemmer_list(); *name != nullptr; ++name) languages.emplace_back(*name);
  std::sort(languages.begin(), languages.end());
  return languages;
}

bool HasSnowballStemmer(std::string_view language) {
  static const std::vector<std::string>& languages = *new std::vector<std::string>(SnowballLanguages());
  return std::binary_search(languages.begin(), languages.end(), language);
}

SnowballStemmer::SnowballStemmer(const std::string& language) : stemmer_(StemmerOfThread(language)) {}

std::string_view SnowballStemmer::Stem(std::string_view word, TokenList& keeper) const {
  auto* stemmer = static_cast<sb_stemmer*>(stemmer_);
  const sb_symbol* stem = sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
  const auto size = static_cast<size_t>(sb_stemmer_length(stemmer));
  if (stem == nullptr || size == 0) return word;
  return keeper.Keep({reinterpret_cast<const char*>(stem), size});
}

}  // namespace sakuin::text
