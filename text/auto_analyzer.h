// auto_analyzer.h: "auto": looks at each value and analyses it as what it is:
// Korean, Japanese, Chinese, English, another Snowball language, or standard.
//
// A query is too short to be sure: it gives the terms of every analyzer that is
// plausible for its scripts and, in an alphabet, its letters, and its words as
// they are written; each term once. Texts that are not English hold their words
// so beside the stems, so that what is written is found.
//
//   kIndex, in German: "viele Häuser am Fluss" -> viel, viele, haus, hauser, am, fluss
//   kQuery:            "Häuser"                -> hauser, häuser, haus, häus
//
// A text of Han characters may be Japanese or Chinese. Where the Japanese
// dictionary knows all its words, it has those, and of the Chinese ones those
// that begin and end where they do:
//
//   "東京都" -> 東京, 东京, 都     and never 京都
//
// Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/analyzer.h"
#include "text/japanese_analyzer.h"

namespace sakuin::text {

class AutoAnalyzer final : public Analyzer {
 public:
  AutoAnalyzer();

  void Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const override;
  std::vector<const Analyzer*> ReadingsOf(std::string_view phrase) const override;
  std::string_view name() const override { return "auto"; }
  uint64_t fingerprint() const override;
  const Analyzer* second_view() const override;
  std::string_view warning() const override { return warning_; }

 private:
  void AnalyzeValue(std::string_view text, TokenList& out) const;
  void AnalyzeQuery(std::string_view text, TokenList& out) const;
  const Analyzer& Named(const std::string& name) const { return *analyzers_.at(name); }
  bool IsInEitherHanLanguage(std::string_view text) const;
  std::string LanguageOf(std::string_view text) const;
  std::vector<std::string> PlausibleFor(std::string_view query) const;

  JapaneseAnalyzer japanese_;
  std::map<std::string, std::shared_ptr<const Analyzer>> analyzers_;
  std::string warning_;
};

}  // namespace sakuin::text
