#include "text/snowball_analyzer.h"

#include <libstemmer.h>

#include <algorithm>
#include <map>

#include "text/fingerprint.h"
#include "text/stop_words.h"

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

std::string_view WithoutPossessive(std::string_view word) {
  return word.size() > 2 && word.ends_with("'s") ? word.substr(0, word.size() - 2) : word;
}

}  // namespace

SnowballAnalyzer::SnowballAnalyzer(std::string name, std::string language)
    : name_(std::move(name)),
      language_(std::move(language)),
      english_(language_ == "english"),
      words_("standard", {english_ ? FoldKind::kAccents : language_ == "turkish" ? FoldKind::kTurkish : FoldKind::kPlain, RunSplit::kAtScripts, ApostropheParts::kNo}) {}

std::vector<std::string> SnowballAnalyzer::Languages() {
  std::vector<std::string> languages;
  for (const char** name = sb_stemmer_list(); *name != nullptr; ++name) {
    const std::string language = *name;
    if (language != "english" && language != "porter") languages.push_back(language);
  }
  std::sort(languages.begin(), languages.end());
  return languages;
}

void SnowballAnalyzer::Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const {
  const size_t first = out.size();
  words_.Analyze(text, mode, out);
  sb_stemmer* stemmer = StemmerOfThread(language_);
  std::vector<Token>& tokens = out.mutable_tokens();
  size_t kept = first;
  for (size_t i = first; i < tokens.size(); ++i) {
    Token token = tokens[i];
    if (english_) {
      token.term = WithoutPossessive(token.term);
      if (IsEnglishStopWord(token.term)) continue;
    }
    const sb_symbol* stem = sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(token.term.data()), static_cast<int>(token.term.size()));
    if (stem != nullptr && sb_stemmer_length(stemmer) > 0) {
      token.term = out.Keep({reinterpret_cast<const char*>(stem), static_cast<size_t>(sb_stemmer_length(stemmer))});
    }
    tokens[kept++] = token;
  }
  tokens.resize(kept);
}

uint64_t SnowballAnalyzer::fingerprint() const { return FingerprintOf("snowball", {name_, language_}); }

}  // namespace sakuin::text
