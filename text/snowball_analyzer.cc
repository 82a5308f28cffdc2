#include "text/snowball_analyzer.h"

#include <algorithm>

#include "text/apostrophes.h"
#include "text/fingerprint.h"
#include "text/snowball_stemmer.h"
#include "text/stop_words.h"

namespace sakuin::text {
namespace {

bool Elides(std::string_view language) { return language == "french" || language == "italian" || language == "catalan" || language == "irish"; }
}  // namespace

SnowballAnalyzer::SnowballAnalyzer(std::string name, std::string language)
    : name_(std::move(name)),
      language_(std::move(language)),
      english_(language_ == "english"),
      elides_(Elides(language_)),
      words_("standard", {english_                 ? FoldKind::kAccents
                          : language_ == "turkish" ? FoldKind::kTurkish
                                                   : FoldKind::kPlain,
                          RunSplit::kAtScripts, ApostropheParts::kNo}) {}

std::vector<std::string> SnowballAnalyzer::Languages() {
  std::vector<std::string> languages = SnowballLanguages();
  std::erase_if(languages, [](const std::string& language) { return language == "english" || language == "porter"; });
  return languages;
}

void SnowballAnalyzer::Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const {
  const size_t first = out.size();
  words_.Analyze(text, mode, out);
  const SnowballStemmer stemmer(language_);
  std::vector<Token>& tokens = out.mutable_tokens();
  size_t kept = first;
  for (size_t i = first; i < tokens.size(); ++i) {
    Token token = tokens[i];
    if (english_) {
      token.term = WithoutPossessive(token.term);
      if (IsEnglishStopWord(token.term)) continue;
    }
    if (elides_) token.term = WithoutElision(token.term);
    if (language_ == "turkish") token.term = BeforeApostrophe(token.term);
    token.term = stemmer.Stem(token.term, out);
    tokens[kept++] = token;
  }
  tokens.resize(kept);
}

uint64_t SnowballAnalyzer::fingerprint() const { return FingerprintOf("snowball", {name_, language_}); }

}  // namespace sakuin::text
