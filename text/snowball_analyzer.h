// snowball_analyzer.h: an analyzer for every language that Snowball has a stemmer
// for: the words of "standard" without the folding of accents, stemmed.
//
//   "german": "Häuser am Fluss" -> haus, am, fluss
//   "french": "l'été" -> été        "turkish": "İstanbul'da" -> istanbul
//
// Thread-safe: stemmers are kept per thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/analyzer.h"
#include "text/standard_analyzer.h"

namespace sakuin::text {

// "english_plus" is English with Porter's second stemmer, the longer stop list
// and possessives taken off.
class SnowballAnalyzer final : public Analyzer {
 public:
  SnowballAnalyzer(std::string name, std::string language);

  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::string_view name() const override { return name_; }
  uint64_t fingerprint() const override;

  // Languages with a stemmer, sorted; "english" and "porter" are not among them.
  static std::vector<std::string> Languages();

 private:
  std::string name_;
  std::string language_;
  bool english_;
  bool elides_;  // l'été is été
  StandardAnalyzer words_;
};

}  // namespace sakuin::text
