#include "searcher/near_terms.h"

#include <algorithm>

#include "searcher/spelling.h"
#include "text/utf8.h"

namespace sakuin::searcher {
namespace {

// One walk from a word to another, keeping rows for what a word shares with the one before it.
class Walk {
 public:
  Walk(MergedTerms& terms, std::string_view word, uint32_t limit, TermBudget& budget)
      : terms_(terms), word_(word), units_(SpellingUnits(word)), limit_(limit), budget_(budget), rows_(units_) {}

  // Words in [from, to); `to` empty: to the end.
  void Run(std::string_view from, std::string_view to, std::vector<NearTerm>& near);

 private:
  struct Character {
    size_t bytes_end;  // in the word
    size_t units_end;
  };

  void KeepShared(std::string_view term);
  bool Follow(std::string_view term);
  uint32_t LimitHere() const { return !text_.empty() && !units_.empty() && text_[0] == units_[0] ? limit_ : std::min(limit_, 1U); }

  MergedTerms& terms_;
  std::string_view word_;
  std::u32string units_;
  uint32_t limit_;
  TermBudget& budget_;
  EditRows rows_;
  std::string bytes_;                  // what the rows stand for
  std::u32string text_;                // its units
  std::vector<Character> characters_;  // of bytes_
};

// Takes back the characters that `term` does not begin with.
void Walk::KeepShared(std::string_view term) {
  const size_t shared = static_cast<size_t>(std::mismatch(bytes_.begin(), bytes_.end(), term.begin(), term.end()).first - bytes_.begin());
  while (!characters_.empty() && characters_.back().bytes_end > shared) characters_.pop_back();
  bytes_.resize(characters_.empty() ? 0 : characters_.back().bytes_end);
  text_.resize(characters_.empty() ? 0 : characters_.back().units_end);
  rows_.Truncate(text_.size());
}

// False when no word that begins with bytes_ is near enough.
bool Walk::Follow(std::string_view term) {
  KeepShared(term);
  if (!text_.empty() && rows_.least() > LimitHere()) return false;
  while (bytes_.size() < term.size()) {
    const text::DecodedCodePoint c = text::DecodeUtf8(term, bytes_.size());
    bytes_.append(term.substr(bytes_.size(), c.bytes));
    AppendSpellingUnits(c.value, text_);
    while (rows_.size() < text_.size()) rows_.Push(text_[rows_.size()]);
    characters_.push_back({bytes_.size(), text_.size()});
    if (rows_.least() > LimitHere()) return false;
  }
  return true;
}

void Walk::Run(std::string_view from, std::string_view to, std::vector<NearTerm>& near) {
  if (!budget_.Take(MergedTerms::kSeekSteps)) return;
  terms_.Seek(from);
  while (terms_.valid() && (to.empty() || terms_.term() < to)) {
    if (!Follow(terms_.term())) {
      terms_.SkipPrefix(bytes_, budget_);
      if (budget_.left == 0) return;
      continue;
    }
    if (rows_.distance() <= LimitHere() && terms_.term() != word_) near.push_back({bytes_, rows_.distance(), terms_.document_frequency()});
    if (!budget_.Take()) return;
    terms_.Next();
  }
}

// The words whose first character can have the same first unit: [from, to).
std::pair<std::string, std::string> AlikeFrom(std::string_view word) {
  const text::DecodedCodePoint first = text::DecodeUtf8(word, 0);
  if (first.value < 0xAC00 || first.value > 0xD7A3)
    return {std::string(word.substr(0, first.bytes)), AfterPrefix(std::string(word.substr(0, first.bytes)))};
  const char32_t initial = first.value - (first.value - 0xAC00) % 588;  // 588 syllables begin with the same consonant
  std::string from;
  std::string to;
  text::AppendUtf8(from, initial);
  text::AppendUtf8(to, initial + 588);
  return {from, to};
}

}  // namespace

Result<std::vector<NearTerm>> FindNearTerms(MergedTerms& terms, std::string_view word, uint32_t limit, TermBudget& budget) {
  std::vector<NearTerm> near;
  if (word.empty()) return near;
  Walk walk(terms, word, limit, budget);
  const auto [from, to] = AlikeFrom(word);
  walk.Run(from, to, near);
  if (budget.left > 0) walk.Run("", from, near);
  if (budget.left > 0) walk.Run(to, "", near);
  RETURN_IF_ERROR(terms.status());
  std::sort(near.begin(), near.end(), [](const NearTerm& a, const NearTerm& b) { return a.term < b.term; });
  return near;
}

}  // namespace sakuin::searcher
