// Words that a pattern stands for: a walk through the part of the sorted
// dictionary where they can be, testing each.

#include "searcher/term_pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "text/utf8.h"

namespace sakuin::searcher {
namespace {

size_t CharacterEnd(std::string_view text, size_t at) { return at + text::DecodeUtf8(text, at).bytes; }

// Greedy with one point of return: linear in text times stars at worst.
bool WildcardMatches(std::string_view pattern, std::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;
  size_t after_star = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      after_star = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t = CharacterEnd(text, t);
    } else if (const size_t literal = p < pattern.size() && pattern[p] == '\\' ? p + 1 : p; literal < pattern.size() && pattern[literal] == text[t]) {
      p = literal + 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star;
      t = after_star = CharacterEnd(text, after_star);
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string LiteralPrefix(std::string_view pattern) {
  std::string prefix;
  for (size_t i = 0; i < pattern.size() && pattern[i] != '*' && pattern[i] != '?'; ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    prefix.push_back(pattern[i]);
  }
  return prefix;
}

std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  for (size_t i = 0; i < text.size();) {
    const text::DecodedCodePoint c = text::DecodeUtf8(text, i);
    points.push_back(c.value);
    i += c.bytes;
  }
  return points;
}

// Edit distance with neighbouring characters exchanged as one edit, cut off
// above `limit`. Optimal string alignment, three rows.
class FuzzyTest {
 public:
  FuzzyTest(std::string_view word, int limit) : word_(CodePoints(word)), limit_(static_cast<uint32_t>(limit)) {
    for (auto& row : rows_) row.resize(word_.size() + 1);
  }

  bool operator()(std::string_view term) {
    if (term.size() > word_.size() * 4 + 4 * limit_ || term.size() + limit_ < word_.size()) return false;
    const std::u32string other = CodePoints(term);
    if (other.size() > word_.size() + limit_ || word_.size() > other.size() + limit_) return false;
    for (uint32_t j = 0; j <= word_.size(); ++j) rows_[0][j] = j;
    for (uint32_t i = 1; i <= other.size(); ++i) {
      if (FillRow(other, i) > limit_) return false;
    }
    return rows_[other.size() % 3][word_.size()] <= limit_;
  }

 private:
  // The smallest number in the row.
  uint32_t FillRow(const std::u32string& other, uint32_t i) {
    std::vector<uint32_t>& row = rows_[i % 3];
    const std::vector<uint32_t>& before = rows_[(i + 2) % 3];
    const std::vector<uint32_t>& before2 = rows_[(i + 1) % 3];
    row[0] = i;
    uint32_t smallest = i;
    for (uint32_t j = 1; j <= word_.size(); ++j) {
      const uint32_t change = other[i - 1] == word_[j - 1] ? 0 : 1;
      row[j] = std::min({row[j - 1] + 1, before[j] + 1, before[j - 1] + change});
      if (i > 1 && j > 1 && other[i - 1] == word_[j - 2] && other[i - 2] == word_[j - 1]) row[j] = std::min(row[j], before2[j - 2] + 1);
      smallest = std::min(smallest, row[j]);
    }
    return smallest;
  }

  std::u32string word_;
  uint32_t limit_;
  std::array<std::vector<uint32_t>, 3> rows_;
};

struct Enumeration {
  std::string from;    // first word that can match
  std::string prefix;  // every match begins so
  std::string to;      // no match is after this; empty: no such end
  TermTest test;
};

Result<Enumeration> MakeEnumeration(const Query& pattern) {
  Enumeration e;
  if (const auto* prefix = pattern.As<PrefixQuery>()) {
    e.from = e.prefix = prefix->text;
    e.test = [text = prefix->text](std::string_view term) { return term.starts_with(text); };
  } else if (const auto* wildcard = pattern.As<WildcardQuery>()) {
    e.from = e.prefix = LiteralPrefix(wildcard->pattern);
    e.test = [text = wildcard->pattern](std::string_view term) { return WildcardMatches(text, term); };
  } else if (const auto* fuzzy = pattern.As<FuzzyQuery>()) {
    e.test = FuzzyTest(fuzzy->text, fuzzy->max_edits);
  } else if (const auto* regexp = pattern.As<RegexpQuery>()) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(int64_t{8} << 20);
    auto re = std::make_shared<RE2>(regexp->pattern, options);
    if (!re->ok()) return InvalidArgumentError("the regular expression /" + regexp->pattern + "/ cannot be used: " + re->error());
    if (std::string last; re->PossibleMatchRange(&e.from, &last, 100)) e.to = last;
    e.test = [re](std::string_view term) { return RE2::FullMatch(re2::StringPiece(term.data(), term.size()), *re); };
  }
  return e;
}

}  // namespace

Status AddDocumentsOfTerm(const index::FieldReader& field, const index::TermEntry& entry, std::vector<uint64_t>& words) {
  ASSIGN_OR_RETURN(const std::unique_ptr<index::PostingsList> list, index::OpenPostings(field.postings, entry));
  uint32_t docs[index::kDecodeRoom];
  for (uint32_t block = 0; block < list->blocks(); ++block) {
    list->DecodeDocs(block, docs);
    RETURN_IF_ERROR(list->status());
    for (uint32_t i = 0; i < list->SizeOfBlock(block); ++i) {
      if (docs[i] / 64 >= words.size()) return DataLossError("a posting names a document that does not exist; the segment is damaged");
      words[docs[i] / 64] |= uint64_t{1} << docs[i] % 64;
    }
  }
  return OkStatus();
}

Result<TermTest> MakeTermTest(const Query& pattern) {
  ASSIGN_OR_RETURN(const Enumeration e, MakeEnumeration(pattern));
  return e.test;
}

Result<std::vector<uint64_t>> DocumentsOfPattern(const Query& pattern, const index::FieldReader& field, uint32_t documents, Budget* budget) {
  constexpr uint32_t kWordsBetweenLooks = 256;
  std::vector<uint64_t> words((size_t{documents} + 63) / 64);
  ASSIGN_OR_RETURN(const Enumeration e, MakeEnumeration(pattern));
  index::TermsCursor cursor(field.terms);
  uint32_t seen = 0;
  for (cursor.Seek(e.from); cursor.valid(); cursor.Next()) {
    if (budget != nullptr && seen++ % kWordsBetweenLooks == 0 && budget->Spent()) break;
    if (!cursor.term().starts_with(e.prefix)) break;
    if (!e.to.empty() && cursor.term() > e.to) break;
    if (!e.test(cursor.term())) continue;
    RETURN_IF_ERROR(AddDocumentsOfTerm(field, cursor.entry(), words));
    if (budget == nullptr) continue;
    budget->Charge(cursor.entry().document_frequency);
    if (budget->Spent()) break;
  }
  RETURN_IF_ERROR(cursor.status());
  return words;
}

}  // namespace sakuin::searcher
