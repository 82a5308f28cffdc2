// How a word goes on.
//
// The dictionary holds terms, folded and perhaps stemmed; the person types
// letters. So the typed word is folded in every way an analyzer may, and the
// stretches of the dictionary are walked whose terms can have the same keys in
// front. A stem may be shorter than what is typed (comput for computi): a few
// exact lookups find it. What is shown is taken from documents
// (surface_forms.h), and only if it does go on from what was typed. Where an end
// of the typed word is completed, documents must have the whole of it.

#include "searcher/completer.h"

#include <algorithm>
#include <set>

#include "searcher/live_counts.h"
#include "searcher/merged_terms.h"
#include "searcher/spelling.h"
#include "searcher/surface_forms.h"
#include "searcher/written_word.h"
#include "text/utf8.h"

namespace sakuin::searcher {
namespace {

using index::FieldId;

constexpr size_t kMaxTypedBytes = 120;
constexpr size_t kKept = 8 * kMaxCompletions;  // candidates that are not thrown away
constexpr uint64_t kMaxPhrasePostings = 100'000;
constexpr size_t kMaxRead = 4;  // candidates per completion whose documents are looked at

struct Candidate {
  std::string term;
  uint64_t documents = 0;  // of the dictionaries

  auto operator<=>(const Candidate&) const = default;  // NOLINT(modernize-use-nullptr): the tool takes its zero for a pointer
};

// The end of a query that is to be completed.
struct Typed {
  FieldId field = index::kAllField;
  size_t begin = 0;  // in the query
  std::string_view word;
  std::string_view head;  // what stands before it without a blank, when only an end is completed
};

bool IsSeparator(std::string_view text, size_t at) {
  const char32_t c = text::DecodeUtf8(text, at).value;
  if (c < 0x80) return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'' || c == '.' || c == '_');
  return text::CodePointTable::For(text::FoldKind::kPlain).Get(c).word_class == text::WordClass::kOther;
}

// The field that is named right before byte `at`, or the field of all text.
FieldId FieldBefore(std::string_view text, size_t at, const index::Schema& schema) {
  while (at > 0 && (text[at - 1] == '"' || text[at - 1] == '(')) --at;
  if (at == 0 || text[at - 1] != ':') return index::kAllField;
  const size_t blank = text.find_last_of(" \t\n+-(!\"", at - 1);
  const size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
  const FieldId field = schema.IdOf(std::string(text.substr(begin, at - 1 - begin)));
  return field != index::kNoField && schema.fields[field].type == index::FieldType::kText ? field : index::kAllField;
}

Typed LastWord(std::string_view prefix, const index::Schema& schema) {
  size_t begin = prefix.size();
  while (begin > 0) {
    const size_t before = CharacterBefore(prefix, begin);
    if (IsSeparator(prefix, before)) break;
    begin = before;
  }
  return {FieldBefore(prefix, begin, schema), begin, prefix.substr(begin), {}};
}

// What is typed, folded as an analyzer may fold it, by key.
std::set<std::string> Foldings(std::string_view word) {
  std::set<std::string> foldings{std::string(word)};
  for (size_t kind = 0; kind < text::kFoldKinds; ++kind) foldings.insert(Folded(word, static_cast<text::FoldKind>(kind)));
  foldings.erase("");
  return foldings;
}

// Where the last syllable begins, together with letters behind it; the end when there is none.
size_t OpenSyllable(std::string_view word) {
  size_t at = word.size();
  while (at > 0) {
    const size_t before = CharacterBefore(word, at);
    const char32_t c = text::DecodeUtf8(word, before).value;
    const Syllables syllables = SyllablesFrom(c);
    if (syllables.first == syllables.last) break;
    at = before;
    if (c >= syllables.first && c < syllables.last) break;  // a syllable; letters stand before its block
  }
  return at;
}

// Stretches of the dictionary, [from, to), in which words may begin with the keys of `word`.
std::set<std::pair<std::string, std::string>> StretchesOf(const std::string& word) {
  std::set<std::pair<std::string, std::string>> stretches{{word, AfterPrefix(word)}};
  const size_t open = OpenSyllable(word);
  if (open == word.size()) return stretches;
  const Syllables syllables = SyllablesFrom(text::DecodeUtf8(word, open).value);
  std::string from = word.substr(0, open);
  std::string to = from;
  text::AppendUtf8(from, syllables.first);
  text::AppendUtf8(to, syllables.last);
  stretches.emplace(std::move(from), std::move(to));
  return stretches;
}

// Words of a dictionary that may be how a typed word goes on.
class CandidateWalk {
 public:
  CandidateWalk(MergedTerms& terms, std::string_view word, TermBudget& budget) : terms_(terms), foldings_(Foldings(word)), budget_(budget) {
    for (const std::string& folding : foldings_) keys_.insert(TypedKeys(folding));
  }

  // Most documents first.
  Result<std::vector<Candidate>> Run() {
    for (const std::string& folding : foldings_) {
      for (const auto& [from, to] : StretchesOf(folding)) WalkStretch(from, to);
      LookUpStems(folding);
    }
    RETURN_IF_ERROR(terms_.status());
    Trim();
    return std::move(candidates_);
  }

 private:
  void WalkStretch(const std::string& from, const std::string& to) {
    if (!budget_.Take(MergedTerms::kSeekSteps)) return;
    for (terms_.Seek(from); terms_.valid() && terms_.term() < to; terms_.Next()) {
      if (!budget_.Take()) return;
      const std::u32string keys = TypedKeys(terms_.term());
      if (std::none_of(keys_.begin(), keys_.end(), [&](const std::u32string& typed) { return keys.starts_with(typed); })) continue;
      Add();
    }
  }

  // Stems that end before the typed word does: comput for computi, librari for library, hope for hopi.
  void LookUpStems(const std::string& word) {
    if (word.size() < 4 || !std::all_of(word.begin(), word.end(), [](char c) { return static_cast<uint8_t>(c) < 0x80; })) return;
    for (size_t size = word.size() - 1; size >= std::max<size_t>(3, word.size() - std::min<size_t>(word.size(), 5)); --size) {
      for (const std::string_view end : {"", "i", "e"}) {
        const std::string stem = word.substr(0, size) + std::string(end);
        if (stem == word || !budget_.Take(MergedTerms::kSeekSteps)) continue;
        terms_.Seek(stem);
        if (terms_.valid() && terms_.term() == stem) Add();
      }
    }
  }

  void Add() {
    candidates_.push_back({std::string(terms_.term()), terms_.document_frequency()});
    if (candidates_.size() > 4 * kKept) Trim();
  }

  void Trim() {
    std::sort(candidates_.begin(), candidates_.end(),
              [](const Candidate& a, const Candidate& b) { return a.documents != b.documents ? a.documents > b.documents : a.term < b.term; });
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
    if (candidates_.size() > kKept) candidates_.resize(kKept);
  }

  MergedTerms& terms_;
  std::set<std::string> foldings_;
  std::set<std::u32string> keys_;
  TermBudget& budget_;
  std::vector<Candidate> candidates_;
};

// The words that go on from one typed word.
class WordCompleter {
 public:
  WordCompleter(const Searcher& searcher, const Typed& typed, size_t top)
      : searcher_(searcher), typed_(typed), top_(top), forms_(searcher.snapshot(), searcher.analyzers()) {}

  Result<std::vector<Completion>> Run(TermBudget& budget);

 private:
  Status Try(const Candidate& candidate);
  Result<std::string> Written(const std::string& term) const;
  Result<uint64_t> DocumentsOf(const std::string& phrase) const;
  // Whether a term with so many documents comes too late.
  bool IsTooLate(uint64_t documents, const std::string& term) const {
    if (completions_.size() < top_) return false;
    const Completion& last = completions_[top_ - 1];
    return documents != last.documents ? documents < last.documents : term >= last.word;
  }

  const Searcher& searcher_;
  const Typed& typed_;
  size_t top_;
  SurfaceForms forms_;
  std::vector<Completion> completions_;  // sorted
};

// The most frequent form that goes on from what is typed; empty when there is none.
Result<std::string> WordCompleter::Written(const std::string& term) const {
  ASSIGN_OR_RETURN(const std::vector<SurfaceForm> forms, forms_.Find(typed_.field, term));
  const bool small = LowerCase(typed_.word) == typed_.word;
  const std::u32string typed = TypedKeys(Folded(typed_.word, text::FoldKind::kAccents));
  for (const SurfaceForm& form : forms) {
    const std::u32string keys = TypedKeys(Folded(form.text, text::FoldKind::kAccents));
    if (keys.starts_with(typed) && keys.size() > typed.size() && IsPlainWord(form.text)) return small ? LowerCase(form.text) : form.text;
  }
  return std::string();
}

// How many documents have the head and the word side by side; at least so many where they are very frequent.
Result<uint64_t> WordCompleter::DocumentsOf(const std::string& phrase) const {
  SearchRequest request;
  request.query.node = PhraseQuery{phrase, 0};
  if (typed_.field != index::kAllField) request.query.field = searcher_.snapshot().schema().fields[typed_.field].name;
  request.top = 0;
  request.documents = false;
  request.limits.postings = kMaxPhrasePostings;
  ASSIGN_OR_RETURN(const SearchAnswer answer, searcher_.Search(request));
  return answer.total;
}

Status WordCompleter::Try(const Candidate& candidate) {
  ASSIGN_OR_RETURN(const LiveCounts live, CountLive(searcher_.snapshot(), typed_.field, candidate.term));
  uint64_t documents = live.documents;
  if (documents == 0 || IsTooLate(documents, candidate.term)) return OkStatus();
  ASSIGN_OR_RETURN(const std::string written, Written(candidate.term));
  if (written.empty()) return OkStatus();
  if (!typed_.head.empty()) {
    ASSIGN_OR_RETURN(documents, DocumentsOf(std::string(typed_.head) + written));
    if (documents == 0) return OkStatus();
  }
  const auto same = std::find_if(completions_.begin(), completions_.end(), [&](const Completion& completion) { return completion.word == written; });
  if (same == completions_.end()) {
    completions_.push_back({{}, written, documents});
  } else {
    same->documents = std::max(same->documents, documents);
  }
  std::sort(completions_.begin(), completions_.end(),
            [](const Completion& a, const Completion& b) { return a.documents != b.documents ? a.documents > b.documents : a.word < b.word; });
  return OkStatus();
}

Result<std::vector<Completion>> WordCompleter::Run(TermBudget& budget) {
  ASSIGN_OR_RETURN(MergedTerms terms, MergedTerms::Open(searcher_.snapshot(), typed_.field));
  ASSIGN_OR_RETURN(const std::vector<Candidate> candidates, CandidateWalk(terms, typed_.word, budget).Run());
  for (size_t i = 0; i < std::min(candidates.size(), kMaxRead * top_ + 16) && !IsTooLate(candidates[i].documents, candidates[i].term); ++i) {
    RETURN_IF_ERROR(Try(candidates[i]));
  }
  if (completions_.size() > top_) completions_.resize(top_);
  return std::move(completions_);
}

// Where in the typed word another may begin, if it is written without blanks: the longest ends first.
std::vector<size_t> InnerBeginnings(const Typed& typed, const Searcher& searcher) {
  std::set<size_t> beginnings;
  const index::Field& field = searcher.snapshot().schema().fields[typed.field];
  const QueryAnalyzers& analyzers = searcher.analyzers();
  for (const text::Analyzer* analyzer : field.hidden ? analyzers.all() : std::vector<const text::Analyzer*>{&analyzers.Get(field.analyzer)}) {
    text::TokenList tokens;
    analyzer->Analyze(typed.word, text::AnalysisMode::kIndex, tokens);
    for (const text::Token& token : tokens.tokens()) beginnings.insert({token.start, token.end});
  }
  std::vector<size_t> inner;
  for (const size_t at : beginnings) {
    if (at > 0 && at < typed.word.size() && IsRun(typed.word.substr(at))) inner.push_back(at);
  }
  return inner;
}

}  // namespace

Result<std::vector<Completion>> Completer::Complete(std::string_view prefix, size_t top) const {
  const Typed typed = LastWord(prefix, searcher_.snapshot().schema());
  if (typed.word.empty() || typed.word.size() > kMaxTypedBytes || top == 0) return std::vector<Completion>();
  std::vector<size_t> beginnings{0};
  const std::vector<size_t> inner = InnerBeginnings(typed, searcher_);
  beginnings.insert(beginnings.end(), inner.begin(), inner.end());
  TermBudget budget{kMaxCompletionTerms};
  for (const size_t at : beginnings) {
    const Typed end{typed.field, typed.begin + at, typed.word.substr(at), typed.word.substr(0, at)};
    ASSIGN_OR_RETURN(std::vector<Completion> completions, WordCompleter(searcher_, end, std::min(top, kMaxCompletions)).Run(budget));
    if (completions.empty()) continue;
    for (Completion& completion : completions) completion.text = std::string(prefix.substr(0, end.begin)) + completion.word;
    return completions;
  }
  return std::vector<Completion>();
}

}  // namespace sakuin::searcher
