#include "text/auto_analyzer.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "text/bigram_analyzer.h"
#include "text/code_point_table.h"
#include "text/fingerprint.h"
#include "text/folded_text.h"
#include "text/language_guess.h"
#include "text/snowball_analyzer.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

constexpr char kEnglish[] = "english_plus";
constexpr char kWritten[] = "standard";  // words as they are written, folded

struct Scripts {
  size_t hangul = 0;
  size_t kana = 0;
  size_t han = 0;
  size_t letters = 0;  // of other scripts
};

Scripts CountScripts(std::string_view text) {
  Scripts scripts;
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint decoded = DecodeUtf8(text, at);
    at += decoded.bytes;
    const char32_t c = decoded.value;
    if (c >= 0xAC00 && c <= 0xD7A3) {
      ++scripts.hangul;
    } else if ((c >= 0x3041 && c <= 0x30FF) || (c >= 0xFF66 && c <= 0xFF9F)) {
      ++scripts.kana;
    } else if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x3FFFF)) {
      ++scripts.han;
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c < 0x3000)) {
      ++scripts.letters;
    }
  }
  return scripts;
}

// Drops the tokens from number `second` on that stand where the first analyzer,
// whose tokens begin at number `first`, found a word that says nothing (the, am, 怎么办).
void DropUnwanted(size_t first, size_t second, size_t bytes, std::vector<Token>& tokens) {
  if (first == second) return;
  std::vector<bool> wanted(bytes, false);
  for (size_t i = first; i < second; ++i) std::fill(wanted.begin() + tokens[i].start, wanted.begin() + tokens[i].end, true);
  const auto unwanted = [&](const Token& token) {
    const auto end = wanted.begin() + token.end;
    return std::find(wanted.begin() + token.start, end, true) == end;
  };
  tokens.erase(std::remove_if(tokens.begin() + static_cast<ptrdiff_t>(second), tokens.end(), unwanted), tokens.end());
}

// Drops the tokens from number `first` on that say a word again.
void DropRepeated(size_t first, std::vector<Token>& tokens) {
  std::set<std::pair<uint32_t, std::string_view>> seen;
  const auto repeated = [&](const Token& token) { return !seen.emplace(token.start, token.term).second; };
  tokens.erase(std::remove_if(tokens.begin() + static_cast<ptrdiff_t>(first), tokens.end(), repeated), tokens.end());
}

bool IsInAlphabet(std::string_view term) {
  return CodePointTable::For(FoldKind::kAccents).Get(DecodeUtf8(term, 0).value).word_class == WordClass::kLetter;
}

// Whether one of the tokens at the end, as far as they stand on one position, is this one.
bool IsKnown(const Token& token, size_t first, const std::vector<Token>& tokens) {
  for (size_t i = tokens.size(); i > first && tokens[i - 1].position == token.position; --i) {
    if (tokens[i - 1].term == token.term && tokens[i - 1].start == token.start) return true;
  }
  return false;
}

// Puts beside each word in an alphabet, from token number `first` on, what another analyzer makes of it.
void AddForms(const Analyzer& analyzer, std::string_view text, AnalysisMode mode, size_t first, TokenList& out) {
  std::vector<Token>& all = out.mutable_tokens();
  const std::vector<Token> words(all.begin() + static_cast<ptrdiff_t>(first), all.end());
  all.resize(first);
  TokenList forms;
  for (const Token& word : words) {
    if (!IsKnown(word, first, all)) all.push_back(word);
    if (!IsInAlphabet(word.term)) continue;
    forms.Clear();
    analyzer.Analyze(text.substr(word.start, word.end - word.start), mode, forms);
    for (const Token& form : forms.tokens()) {
      const Token beside{form.term, word.start + form.start, word.start + form.end, word.position, 1};
      if (IsKnown(beside, first, all)) continue;
      all.push_back(beside);
      all.back().term = out.Keep(form.term);
    }
  }
}

std::string Simplified(std::string_view term) {
  std::vector<Unit> units;
  FoldStretch(CodePointTable::For(FoldKind::kSimplified), term, 0, term.size(), units);
  std::string simplified;
  AppendUnits(units, simplified);
  return simplified;
}

// Puts beside each Japanese word, from token number `first` on, how it is
// written in simplified characters, and the Chinese words that begin where it
// does and end where any of them ends.
void AddChinese(const Analyzer& chinese, std::string_view text, AnalysisMode mode, size_t first, TokenList& out) {
  TokenList others;
  chinese.Analyze(text, mode, others);
  std::multimap<uint32_t, Token> at;  // by their beginnings
  for (const Token& other : others.tokens()) at.emplace(other.start, other);
  std::vector<Token>& all = out.mutable_tokens();
  const std::vector<Token> words(all.begin() + static_cast<ptrdiff_t>(first), all.end());
  std::set<uint32_t> ends;
  for (const Token& word : words) ends.insert(word.end);
  all.resize(first);
  const auto add = [&](const Token& token) {
    if (IsKnown(token, first, all)) return;
    all.push_back(token);
    all.back().term = out.Keep(token.term);
  };
  for (size_t i = 0; i < words.size(); ++i) {
    const Token& word = words[i];
    if (!IsKnown(word, first, all)) all.push_back(word);
    const std::string simplified = Simplified(word.term);
    add({CutAtCharacter(simplified, kMaxTermBytes), word.start, word.end, word.position, word.position_length});
    if (i + 1 < words.size() && words[i + 1].start == word.start) continue;
    const auto [begin, end] = at.equal_range(word.start);
    for (auto other = begin; other != end; ++other) {
      if (ends.contains(other->second.end)) add({other->second.term, word.start, other->second.end, word.position, 1});
    }
  }
}

}  // namespace

AutoAnalyzer::AutoAnalyzer() {
  std::vector<std::string> names = SnowballAnalyzer::Languages();
  for (const char* name : {kWritten, kEnglish, "japanese", "korean", "chinese"}) names.emplace_back(name);
  for (const std::string& name : names) {
    Result<std::shared_ptr<const Analyzer>> made = MakeAnalyzer(name);
    if (!made.ok()) continue;
    if (!(*made)->warning().empty()) warning_ += (warning_.empty() ? "" : "; ") + std::string((*made)->warning());
    analyzers_[name] = *std::move(made);
  }
}

bool AutoAnalyzer::IsInEitherHanLanguage(std::string_view text) const {
  const std::string_view head = CutAtCharacter(text, kGuessedFrom);
  const Scripts scripts = CountScripts(head);
  return scripts.han > 0 && scripts.kana == 0 && scripts.hangul == 0 && japanese_.KnowsHanWordsOf(head);
}

// A value with a good part of Hangul or kana is Korean or Japanese, whatever else is in it.
std::string AutoAnalyzer::LanguageOf(std::string_view text) const {
  const std::string_view head = CutAtCharacter(text, kGuessedFrom);
  const Scripts scripts = CountScripts(head);
  const size_t cjk = scripts.hangul + scripts.kana + scripts.han;
  if (cjk * 4 > scripts.letters) {
    if (scripts.hangul * 2 > cjk) return "korean";
    if (scripts.kana * 10 > cjk) return "japanese";
    if (cjk > 0) return IsInEitherHanLanguage(head) ? "japanese" : "chinese";
  }
  const std::string name = SurelyWrittenIn(head);
  if (name == "english" || name.empty()) return kEnglish;
  return analyzers_.contains(name) ? name : kWritten;
}

std::vector<std::string> AutoAnalyzer::PlausibleFor(std::string_view query) const {
  const Scripts scripts = CountScripts(CutAtCharacter(query, kGuessedFrom));
  std::vector<std::string> plausible;
  if (scripts.han > 0 && scripts.kana == 0 && scripts.hangul == 0 && !IsInEitherHanLanguage(query)) plausible.emplace_back("chinese");
  if (scripts.hangul > 0) plausible.emplace_back("korean");
  if (scripts.kana > 0 || (scripts.han > 0 && scripts.hangul == 0)) plausible.emplace_back("japanese");
  if (!plausible.empty()) return plausible;
  plausible.emplace_back(kEnglish);
  for (const std::string& language : PossibleLanguages(query)) {
    if (language != "english" && analyzers_.contains(language)) plausible.push_back(language);
  }
  return plausible;
}

// A word stands in the index as its language has it and, where that is not
// English, as it is written: any query asks for both.
void AutoAnalyzer::AnalyzeValue(std::string_view text, TokenList& out) const {
  const std::string language = LanguageOf(text);
  const size_t first = out.size();
  Named(language).Analyze(text, AnalysisMode::kIndex, out);
  if (language == "japanese" && IsInEitherHanLanguage(text)) AddChinese(Named("chinese"), text, AnalysisMode::kIndex, first, out);
  if (language != kEnglish && language != kWritten) AddForms(Named(kWritten), text, AnalysisMode::kIndex, first, out);
}

void AutoAnalyzer::AnalyzeQuery(std::string_view text, TokenList& out) const {
  const size_t first = out.size();
  size_t second = first;
  const uint32_t start = out.next_position();
  uint32_t furthest = start;
  const std::vector<std::string> plausible = PlausibleFor(text);
  for (const std::string& name : plausible) {
    out.set_next_position(start);
    Named(name).Analyze(text, AnalysisMode::kQuery, out);
    furthest = std::max(furthest, out.next_position());
    if (name == plausible[0]) second = out.size();
  }
  out.set_next_position(furthest);
  DropUnwanted(first, second, text.size(), out.mutable_tokens());
  if (IsInEitherHanLanguage(text)) AddChinese(Named("chinese"), text, AnalysisMode::kQuery, first, out);
  if (plausible[0] != kEnglish) AddForms(Named(kEnglish), text, AnalysisMode::kQuery, first, out);
  AddForms(Named(kWritten), text, AnalysisMode::kQuery, first, out);
  DropRepeated(first, out.mutable_tokens());
}

void AutoAnalyzer::Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const {
  if (mode == AnalysisMode::kIndex) return AnalyzeValue(text, out);
  AnalyzeQuery(text, out);
}

// A document may have been taken for any language of its scripts.
std::vector<const Analyzer*> AutoAnalyzer::ReadingsOf(std::string_view phrase) const {
  const Scripts scripts = CountScripts(CutAtCharacter(phrase, kGuessedFrom));
  std::vector<std::string> names = PlausibleFor(phrase);
  if (scripts.hangul + scripts.kana + scripts.han > 0) names.insert(names.end(), {"japanese", "korean", "chinese"});
  if (scripts.letters > 0 && names[0] != kEnglish) names.emplace_back(kEnglish);
  if (scripts.letters > 0) names.emplace_back(kWritten);
  std::vector<const Analyzer*> readings;
  for (const std::string& name : names) {
    const Analyzer* reading = &Named(name);
    if (std::find(readings.begin(), readings.end(), reading) == readings.end()) readings.push_back(reading);
  }
  return readings;
}

uint64_t AutoAnalyzer::fingerprint() const {
  uint64_t sum = FingerprintOf("auto");
  for (const auto& [name, analyzer] : analyzers_) sum = sum * 31 + analyzer->fingerprint();
  return sum;
}

const Analyzer* AutoAnalyzer::second_view() const { return &SharedBigrams(); }

}  // namespace sakuin::text
