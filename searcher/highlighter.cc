#include "searcher/highlighter.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "searcher/stored_texts.h"
#include "searcher/term_pattern.h"

namespace sakuin::searcher {
namespace {

constexpr size_t kPassageBytes = 240;
constexpr size_t kMaxHighlightedBytes = size_t{1} << 20;  // of one value

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

size_t CharacterBorder(const std::string& text, size_t at) {
  while (at < text.size() && IsContinuation(text[at])) ++at;
  return std::min(at, text.size());
}

// Overlapping marks become one; what reaches beyond `to` is cut there.
std::vector<std::pair<uint32_t, uint32_t>> Joined(const std::vector<Mark>& marks, size_t from, size_t to) {
  std::vector<std::pair<uint32_t, uint32_t>> ranges;
  for (const Mark& mark : marks) {
    if (mark.begin < from || mark.begin >= to) continue;
    const auto begin = static_cast<uint32_t>(mark.begin - from);
    const auto end = static_cast<uint32_t>(std::min<size_t>(mark.end, to) - from);
    if (!ranges.empty() && begin < ranges.back().second) {
      ranges.back().second = std::max(ranges.back().second, end);
    } else {
      ranges.emplace_back(begin, end);
    }
  }
  return ranges;
}

// Where a passage with the most different words begins; ties: most marks, then the earliest.
size_t BestBegin(const std::vector<Mark>& marks) {
  size_t best = 0;
  std::pair<size_t, size_t> best_value{0, 0};
  for (size_t i = 0; i < marks.size(); ++i) {
    std::set<std::string_view> terms;
    size_t count = 0;
    for (size_t j = i; j < marks.size() && count < 64 && (j == i || marks[j].end <= marks[i].begin + kPassageBytes * 3 / 4); ++j, ++count) {
      terms.insert(marks[j].term);
    }
    const std::pair<size_t, size_t> value{terms.size(), count};
    if (value > best_value) {
      best_value = value;
      best = marks[i].begin;
    }
  }
  return best;
}

// A little before the first mark, at the start of a word or sentence where there is one near.
size_t PassageStart(const std::string& text, size_t mark) {
  if (text.size() <= kPassageBytes || mark < kPassageBytes / 4) return 0;
  const size_t earliest = mark - kPassageBytes / 4;
  for (size_t at = earliest; at < mark; ++at) {
    if (text[at] == ' ' || text[at] == '\n') return at + 1;
    if (text.compare(at, 3, "。") == 0) return at + 3;
  }
  return CharacterBorder(text, earliest);
}

size_t PassageEnd(const std::string& text, size_t start) {
  if (text.size() - start <= kPassageBytes) return text.size();
  const size_t latest = start + kPassageBytes;
  const size_t blank = text.rfind(' ', latest);
  return blank != std::string::npos && blank > latest - 30 ? blank : CharacterBorder(text, latest);
}

}  // namespace

Highlighter::Highlighter(const Query& query, const index::Schema& schema, const QueryAnalyzers& analyzers) : schema_(schema), analyzers_(analyzers) {
  Collect(query);
}

// None for a field that is no text.
std::vector<const text::Analyzer*> Highlighter::AnalyzersOf(const std::string& field) const {
  if (field.empty()) return analyzers_.all();
  const index::Field* described = schema_.Find(field);
  if (described == nullptr || described->type != index::FieldType::kText) return {};
  return {&analyzers_.Get(described->analyzer)};
}

void Highlighter::CollectWords(const std::string& field, const std::string& text) {
  for (const text::Analyzer* analyzer : AnalyzersOf(field)) {
    text::TokenList tokens;
    analyzer->Analyze(text, text::AnalysisMode::kQuery, tokens);
    for (const text::Token& token : tokens.tokens()) wanted_[field].terms.emplace(token.term);
  }
}

// Of a sloppy phrase every word is marked, wherever it stands.
void Highlighter::CollectPhrase(const std::string& field, const PhraseQuery& phrase) {
  for (const text::Analyzer* analyzer : AnalyzersOf(field)) {
    for (const text::Analyzer* reading : analyzer->ReadingsOf(phrase.text)) {
      text::TokenList tokens;
      reading->Analyze(phrase.text, text::AnalysisMode::kQuery, tokens);
      Phrase words;
      for (const text::Token& token : tokens.tokens()) words.emplace_back(token.term, token.position);
      if (words.size() > 1 && phrase.slop == 0) {
        wanted_[field].phrases.push_back(std::move(words));
      } else {
        for (auto& [term, position] : words) wanted_[field].terms.insert(std::move(term));
      }
    }
  }
}

void Highlighter::Collect(const Query& query) {
  if (const auto* boolean = query.As<BooleanQuery>()) {
    for (const Clause& clause : boolean->clauses) {
      if (clause.occur != Occur::kMustNot) Collect(clause.query);
    }
  } else if (const auto* words = query.As<WordsQuery>()) {
    CollectWords(query.field, words->text);
  } else if (const auto* phrase = query.As<PhraseQuery>()) {
    CollectPhrase(query.field, *phrase);
  } else if (Result<TermTest> test = MakeTermTest(query); test.ok() && *test) {
    wanted_[query.field].patterns.push_back(*std::move(test));
  }
}

bool Highlighter::IsWanted(const std::string& field, std::string_view term) const {
  for (const std::string& scope : {std::string(), field}) {
    const auto at = wanted_.find(scope);
    if (at == wanted_.end()) continue;
    if (at->second.terms.contains(term)) return true;
    for (const auto& pattern : at->second.patterns) {
      if (pattern(term)) return true;
    }
  }
  return false;
}

void Highlighter::MarkPhrases(const std::string& field, const text::TokenList& tokens, std::vector<Mark>& marks) const {
  std::map<std::pair<uint32_t, std::string_view>, const text::Token*> at;  // by position and term
  for (const std::string& scope : {std::string(), field}) {
    const auto wanted = wanted_.find(scope);
    if (wanted == wanted_.end()) continue;
    for (const Phrase& phrase : wanted->second.phrases) {
      if (at.empty()) {
        for (const text::Token& token : tokens.tokens()) at.emplace(std::pair(token.position, token.term), &token);
      }
      for (const text::Token& first : tokens.tokens()) {
        if (first.term != phrase[0].first) continue;
        std::vector<Mark> found;
        for (const auto& [term, position] : phrase) {
          const auto token = at.find({first.position + position - phrase[0].second, term});
          if (token != at.end()) found.push_back({token->second->start, token->second->end, token->second->term});
        }
        if (found.size() == phrase.size()) marks.insert(marks.end(), found.begin(), found.end());
      }
    }
  }
}

HighlightedText Highlighter::BestPassage(const std::string& field, const std::string& text, const text::Analyzer& analyzer) const {
  text::TokenList tokens;
  analyzer.Analyze(std::string_view(text).substr(0, kMaxHighlightedBytes), text::AnalysisMode::kIndex, tokens);
  std::vector<Mark> marks;
  for (const text::Token& token : tokens.tokens()) {
    if (IsWanted(field, token.term)) marks.push_back({token.start, token.end, token.term});
  }
  MarkPhrases(field, tokens, marks);
  if (marks.empty()) return {};
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.begin < b.begin; });
  const size_t start = PassageStart(text, BestBegin(marks));
  const size_t end = PassageEnd(text, start);
  return {text.substr(start, end - start), Joined(marks, start, end), 0, static_cast<uint32_t>(start)};
}

std::map<std::string, std::vector<HighlightedText>> Highlighter::Highlight(const std::string& stored) const {
  std::map<std::string, std::vector<HighlightedText>> highlights;
  const nlohmann::json document = nlohmann::json::parse(stored, nullptr, false);
  if (!document.is_object()) return highlights;
  std::map<std::string, uint32_t> values;  // of each field so far
  ForEachText(document, "", [&](const std::string& path, const std::string& text) {
    const index::Field* field = schema_.Find(path);
    if (field == nullptr || field->type != index::FieldType::kText || field->hidden || !field->stored) return;
    HighlightedText passage = BestPassage(path, text, analyzers_.Get(field->analyzer));
    passage.value = values[path]++;
    if (!passage.ranges.empty()) highlights[path].push_back(std::move(passage));
  });
  return highlights;
}

}  // namespace sakuin::searcher
