// Words of a query that the index does not have, and what else they could be.
//
// A leaf of the query (words or a phrase) is analysed as the search does it. Its
// tokens give the words; for a doubtful one the dictionary is walked for near
// terms. A term is not yet a word: surface_forms.h finds how documents write it,
// and the form nearest to what the person typed is taken. As a last check the
// leaf is analysed again with the new word in place: it must now ask for the
// term, which documents have.

#include "searcher/suggester.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "searcher/live_counts.h"
#include "searcher/merged_terms.h"
#include "searcher/near_terms.h"
#include "searcher/spelling.h"
#include "searcher/surface_forms.h"
#include "searcher/written_word.h"
#include "text/code_point_table.h"
#include "text/utf8.h"

namespace sakuin::searcher {
namespace {

using index::FieldId;

constexpr double kWeightOfEdit = 4;
constexpr size_t kMaxTried = 5;       // candidates whose documents are looked at
constexpr size_t kMaxNeighbours = 3;  // borders to either side of a doubtful word
constexpr size_t kMaxWordBytes = 120;
constexpr size_t kMaxLeafBytes = 1000;  // longer texts are pasted, not typed

// Words or a phrase of the query.
struct Leaf {
  FieldId field = index::kAllField;
  std::string text;
  uint32_t begin = 0;  // of the text in the query
  std::vector<const text::Analyzer*> analyzers;
};

// A stretch of a leaf's text, and what would be looked up for it.
struct Word {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string term;
  uint64_t documents = 0;
  bool operator==(const Word&) const = default;
};

struct Candidate {
  Word word;  // what it would replace
  NearTerm near;
  double weight = 0;
};

struct Replacement {
  Word word;
  std::string written;
  uint64_t documents = 0;
};

// A character beside a replaced word, without a blank between them.
struct Neighbour {
  bool matters = false;
  uint32_t byte = 0;
  bool searched = false;  // a term stands for it
  bool known = false;     // one that documents have
};

// A keyboard of Chinese or Japanese offers another word that sounds alike, of as many characters.
bool HasHan(std::u32string_view units) {
  return std::any_of(units.begin(), units.end(),
                     [](char32_t c) { return text::CodePointTable::For(text::FoldKind::kPlain).Get(c).word_class == text::WordClass::kHan; });
}

uint32_t EditsBetween(std::string_view a, std::string_view b) {
  EditRows rows(SpellingUnits(a));
  for (const char32_t unit : SpellingUnits(b)) rows.Push(unit);
  return rows.distance();
}

// The corrections of one leaf.
class LeafCorrector {
 public:
  LeafCorrector(const Searcher& searcher, const Leaf& leaf, bool rare_too, TermBudget& budget)
      : searcher_(searcher), leaf_(leaf), rare_too_(rare_too), budget_(budget), forms_(searcher.snapshot(), searcher.analyzers()) {}

  Result<std::vector<Replacement>> Correct(size_t& doubtful_left);

 private:
  Status ReadWords();
  bool IsDoubtful(const Word& word) const;
  std::vector<Word> Windows(const Word& word) const;
  Status AddCandidates(const Word& window, const Word& doubtful, std::vector<Candidate>& candidates);
  Result<std::optional<Replacement>> Replace(const Word& doubtful);
  Result<std::optional<Replacement>> Try(const Candidate& candidate, const Word& doubtful);
  Result<std::string> Written(const Candidate& candidate);
  Result<bool> Fits(const Word& replaced, const std::string& written, const std::string& term) const;

  const Searcher& searcher_;
  const Leaf& leaf_;
  bool rare_too_;
  TermBudget& budget_;
  SurfaceForms forms_;
  std::vector<Word> words_;        // in order of their beginnings
  std::vector<bool> known_bytes_;  // of words that documents have
  std::vector<uint32_t> borders_;  // of words, sorted
};

Status LeafCorrector::ReadWords() {
  known_bytes_.assign(leaf_.text.size(), false);
  for (const text::Analyzer* analyzer : leaf_.analyzers) {
    text::TokenList tokens;
    analyzer->Analyze(leaf_.text, text::AnalysisMode::kQuery, tokens);
    for (const text::Token& token : tokens.tokens()) {
      if (token.end <= token.start || token.end > leaf_.text.size()) continue;
      Word word{token.start, token.end, std::string(token.term), 0};
      ASSIGN_OR_RETURN(const LiveCounts live, CountLive(searcher_.snapshot(), leaf_.field, word.term));
      word.documents = live.documents;
      if (word.documents > 0) std::fill(known_bytes_.begin() + word.begin, known_bytes_.begin() + word.end, true);
      borders_.insert(borders_.end(), {word.begin, word.end});
      words_.push_back(std::move(word));
    }
  }
  std::stable_sort(words_.begin(), words_.end(), [](const Word& a, const Word& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
  std::sort(borders_.begin(), borders_.end());
  borders_.erase(std::unique(borders_.begin(), borders_.end()), borders_.end());
  return OkStatus();
}

bool LeafCorrector::IsDoubtful(const Word& word) const {
  if (word.documents > 0) return rare_too_;
  return std::any_of(known_bytes_.begin() + word.begin, known_bytes_.begin() + word.end, [](bool known) { return !known; });
}

// The word itself, and in a run of characters without blanks the stretches around it.
std::vector<Word> LeafCorrector::Windows(const Word& word) const {
  std::vector<Word> windows{word};
  const std::string_view text = leaf_.text;
  if (word.documents > 0 || !IsRun(text.substr(word.begin, word.end - word.begin))) return windows;
  const auto at = [&](uint32_t border) { return std::find(borders_.begin(), borders_.end(), border) - borders_.begin(); };
  const auto first = std::max<ptrdiff_t>(at(word.begin) - static_cast<ptrdiff_t>(kMaxNeighbours), 0);
  const auto last = std::min<ptrdiff_t>(at(word.end) + static_cast<ptrdiff_t>(kMaxNeighbours), static_cast<ptrdiff_t>(borders_.size()) - 1);
  for (ptrdiff_t i = first; i <= at(word.begin); ++i) {
    for (ptrdiff_t j = at(word.end); j <= last; ++j) {
      const uint32_t begin = borders_[static_cast<size_t>(i)];
      const uint32_t end = borders_[static_cast<size_t>(j)];
      const std::string_view bytes = text.substr(begin, end - begin);
      if (bytes.size() > kMaxWordBytes || !IsRun(bytes)) continue;
      Word window{begin, end, Folded(bytes, text::FoldKind::kPlain), 0};
      if (std::find(windows.begin(), windows.end(), window) == windows.end()) windows.push_back(std::move(window));
    }
  }
  return windows;
}

Status LeafCorrector::AddCandidates(const Word& window, const Word& doubtful, std::vector<Candidate>& candidates) {
  const std::u32string units = SpellingUnits(window.term);
  uint32_t limit = EditLimit(units);
  if (limit == 0 && (units.size() < 2 || !IsRun(window.term))) return OkStatus();
  if (doubtful.documents > 0) limit = std::min(limit, 1U);
  ASSIGN_OR_RETURN(MergedTerms terms, MergedTerms::Open(searcher_.snapshot(), leaf_.field));
  ASSIGN_OR_RETURN(const std::vector<NearTerm> near, FindNearTerms(terms, window.term, limit, budget_));
  const double longer = static_cast<double>(units.size()) - static_cast<double>(SpellingUnits(doubtful.term).size());
  const bool same_length = HasHan(units);
  for (const NearTerm& term : near) {
    if (same_length && SpellingUnits(term.term).size() != units.size()) continue;
    if (doubtful.documents > 0 && term.document_frequency < kMuchRarer * doubtful.documents) continue;
    const double weight = std::log(static_cast<double>(term.document_frequency)) - kWeightOfEdit * term.edits + longer;
    candidates.push_back({window, term, weight});
  }
  return OkStatus();
}

// The form nearest to what was typed; empty when there is none that a query can hold.
Result<std::string> LeafCorrector::Written(const Candidate& candidate) {
  const std::string typed = leaf_.text.substr(candidate.word.begin, candidate.word.end - candidate.word.begin);
  const std::string lower = LowerCase(typed);
  ASSIGN_OR_RETURN(std::vector<SurfaceForm> forms, forms_.Find(leaf_.field, candidate.near.term));
  if (forms.empty()) forms.push_back({candidate.near.term, 0});
  std::string best;
  uint32_t best_edits = UINT32_MAX;
  for (const SurfaceForm& form : forms) {
    if (!IsPlainWord(form.text) || LowerCase(form.text) == lower) continue;
    const uint32_t edits = EditsBetween(LowerCase(form.text), lower);
    if (edits >= best_edits) continue;
    best_edits = edits;
    best = form.text;
  }
  return typed == lower ? LowerCase(best) : best;
}

// Whether the leaf with the new word asks for `term`, or for parts that make it up, and leaves no piece of a
// word beside it that no document has.
Result<bool> LeafCorrector::Fits(const Word& replaced, const std::string& written, const std::string& term) const {
  const std::string text = leaf_.text.substr(0, replaced.begin) + written + leaf_.text.substr(replaced.end);
  const uint32_t end = replaced.begin + static_cast<uint32_t>(written.size());
  Neighbour before;
  Neighbour behind;
  before.matters = replaced.begin > 0 && IsRun(written) && IsRunCharacter(text, CharacterBefore(text, replaced.begin));
  before.byte = replaced.begin - 1;
  behind.matters = end < text.size() && IsRun(written) && IsRunCharacter(text, end);
  behind.byte = end;
  bool asks = false;
  std::vector<bool> known(written.size(), false);  // bytes of the new word that a known part of it covers
  for (const text::Analyzer* analyzer : leaf_.analyzers) {
    text::TokenList tokens;
    analyzer->Analyze(text, text::AnalysisMode::kQuery, tokens);
    for (const text::Token& token : tokens.tokens()) {
      asks = asks || token.term == term;
      if (token.start >= replaced.begin && token.end <= end) {
        ASSIGN_OR_RETURN(const LiveCounts live, CountLive(searcher_.snapshot(), leaf_.field, std::string(token.term)));
        if (live.documents > 0) std::fill(known.begin() + (token.start - replaced.begin), known.begin() + (token.end - replaced.begin), true);
      }
      for (Neighbour* neighbour : {&before, &behind}) {
        if (!neighbour->matters || token.start > neighbour->byte || token.end <= neighbour->byte) continue;
        ASSIGN_OR_RETURN(const LiveCounts live, CountLive(searcher_.snapshot(), leaf_.field, std::string(token.term)));
        neighbour->searched = true;
        neighbour->known = neighbour->known || live.documents > 0;
      }
    }
  }
  asks = asks || std::find(known.begin(), known.end(), false) == known.end();
  return asks && (before.known || !before.searched) && (behind.known || !behind.searched);
}

Result<std::optional<Replacement>> LeafCorrector::Try(const Candidate& candidate, const Word& doubtful) {
  ASSIGN_OR_RETURN(const LiveCounts live, CountLive(searcher_.snapshot(), leaf_.field, candidate.near.term));
  const uint64_t documents = live.documents;
  if (documents == 0 || documents < kMuchRarer * doubtful.documents) return std::optional<Replacement>();
  ASSIGN_OR_RETURN(std::string written, Written(candidate));
  if (written.empty()) return std::optional<Replacement>();
  ASSIGN_OR_RETURN(const bool fits, Fits(candidate.word, written, candidate.near.term));
  if (!fits) return std::optional<Replacement>();
  return std::optional<Replacement>({candidate.word, std::move(written), documents});
}

Result<std::optional<Replacement>> LeafCorrector::Replace(const Word& doubtful) {
  std::vector<Candidate> candidates;
  for (const Word& window : Windows(doubtful)) RETURN_IF_ERROR(AddCandidates(window, doubtful, candidates));
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.weight != b.weight ? a.weight > b.weight : a.near.term < b.near.term; });
  for (size_t i = 0; i < std::min(candidates.size(), kMaxTried); ++i) {
    ASSIGN_OR_RETURN(std::optional<Replacement> replacement, Try(candidates[i], doubtful));
    if (replacement.has_value()) return replacement;
  }
  return std::optional<Replacement>();
}

Result<std::vector<Replacement>> LeafCorrector::Correct(size_t& doubtful_left) {
  std::vector<Replacement> replacements;
  RETURN_IF_ERROR(ReadWords());
  uint32_t done = 0;  // end of the last replacement
  for (const Word& word : words_) {
    if (word.begin < done || !IsDoubtful(word)) continue;
    if (doubtful_left == 0) break;
    --doubtful_left;
    ASSIGN_OR_RETURN(std::optional<Replacement> replacement, Replace(word));
    if (!replacement.has_value() || replacement->word.begin < done) continue;
    done = replacement->word.end;
    replacements.push_back(*std::move(replacement));
  }
  return replacements;
}

// The leaves of a query that a document may have, each with its place in the text.
class LeafCollector {
 public:
  LeafCollector(const Searcher& searcher, std::string_view text) : searcher_(searcher), text_(text) {}

  void Collect(const Query& query) {
    if (const auto* boolean = query.As<BooleanQuery>()) {
      for (const Clause& clause : boolean->clauses) {
        if (clause.occur != Occur::kMustNot) Collect(clause.query);
      }
    } else if (const auto* words = query.As<WordsQuery>()) {
      Add(query, words->text);
    } else if (const auto* phrase = query.As<PhraseQuery>()) {
      Add(query, phrase->text);
    }
  }

  const std::vector<Leaf>& leaves() const { return leaves_; }

 private:
  // A text that is not in the query byte by byte (escapes) is left alone.
  void Add(const Query& query, const std::string& text) {
    Leaf leaf;
    const index::Schema& schema = searcher_.snapshot().schema();
    if (!query.field.empty()) leaf.field = schema.IdOf(query.field);
    if (leaf.field == index::kNoField || query.source.end > text_.size() || query.source.begin > query.source.end) return;
    const index::Field& field = schema.fields[leaf.field];
    if (field.type != index::FieldType::kText) return;
    std::string_view source = text_.substr(query.source.begin, query.source.end - query.source.begin);
    const size_t name = !query.field.empty() && source.starts_with(query.field + ":") ? query.field.size() + 1 : 0;
    const size_t at = source.find(text, name);
    if (at == std::string_view::npos) return;
    leaf.text = text;
    leaf.begin = static_cast<uint32_t>(query.source.begin + at);
    leaf.analyzers = field.hidden ? searcher_.analyzers().all() : std::vector<const text::Analyzer*>{&searcher_.analyzers().Get(field.analyzer)};
    leaves_.push_back(std::move(leaf));
  }

  const Searcher& searcher_;
  std::string_view text_;
  std::vector<Leaf> leaves_;
};

}  // namespace

Result<std::optional<Suggestion>> Suggester::Suggest(std::string_view text, const Query& query, bool rare_too) const {
  LeafCollector collector(searcher_, text);
  collector.Collect(query);
  Suggestion suggestion;
  TermBudget budget{kMaxSuggestTerms};
  size_t doubtful_left = kMaxDoubtful;
  uint32_t done = 0;
  for (const Leaf& leaf : collector.leaves()) {
    if (leaf.begin < done || leaf.text.size() > kMaxLeafBytes) continue;
    if (doubtful_left == 0 || budget.left == 0) break;
    ASSIGN_OR_RETURN(const std::vector<Replacement> replacements, LeafCorrector(searcher_, leaf, rare_too, budget).Correct(doubtful_left));
    for (const Replacement& replacement : replacements) {
      const SourceRange source{leaf.begin + replacement.word.begin, leaf.begin + replacement.word.end};
      suggestion.query += std::string(text.substr(done, source.begin - done)) + replacement.written;
      suggestion.corrections.push_back({source, replacement.written, replacement.documents});
      done = source.end;
    }
  }
  if (suggestion.corrections.empty()) return std::optional<Suggestion>();
  suggestion.query += text.substr(done);
  return std::optional<Suggestion>(std::move(suggestion));
}

}  // namespace sakuin::searcher
