// What must be in the index of a document that has the text.
//
// The text is cut as the field's analyzer cuts it. Of each token is taken what its
// term and its characters, folded alike, have in common from the left: more than
// the stem of a word, and less where a stem is spelled otherwise. Letters and
// digits beside each other are a piece; characters of scripts without blanks
// stand alone, since words are cut there by what surrounds them. Analyzers that
// take such words apart keep a second view of overlapping pairs, which tells more:
// every pair of the text is a pair of the document.

#include "searcher/containing_text.h"

#include <algorithm>

#include "searcher/term_pattern.h"
#include "text/analyzer.h"
#include "text/folded_text.h"
#include "text/utf8.h"

namespace sakuin::searcher {
namespace {

using text::Unit;
using text::WordClass;

// A word of this length may have been cut.
constexpr size_t kLongTermBytes = text::kMaxTermBytes - text::kMaxUtf8Bytes;

std::vector<Unit> Fold(std::string_view text) {
  std::vector<Unit> units;
  text::FoldStretch(text::CodePointTable::For(text::FoldKind::kAccents), text, 0, text.size(), units);
  return units;
}

// Folding would change nothing.
bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80 && (c < 'A' || c > 'Z'); });
}

std::string Folded(std::string_view text) {
  std::string folded;
  text::AppendUnits(Fold(text), folded);
  return folded;
}

bool IsOfWords(const Unit& unit) { return unit.word_class == WordClass::kLetter || unit.word_class == WordClass::kDigit; }
bool StandsAlone(const Unit& unit) { return text::IsCjk(unit.word_class) || unit.word_class == WordClass::kComplex; }

void AddPiece(std::span<const Unit> units, std::vector<std::string>& pieces) {
  std::string piece;
  text::AppendUnits(units, piece);
  if (std::find(pieces.begin(), pieces.end(), piece) == pieces.end()) pieces.push_back(std::move(piece));
}

// Of the units of a token. `pairs`: characters that stand beside each other do so in the document's token.
void AddPieces(std::span<const Unit> units, bool pairs, std::vector<std::string>& pieces) {
  for (size_t at = 0; at < units.size();) {
    size_t end = at + 1;
    if (IsOfWords(units[at])) {
      while (end < units.size() && IsOfWords(units[end])) ++end;
    } else if (pairs && StandsAlone(units[at])) {
      while (end < units.size() && StandsAlone(units[end])) ++end;
    }
    if (IsOfWords(units[at]) || StandsAlone(units[at])) AddPiece(units.subspan(at, end - at), pieces);
    at = end;
  }
}

std::vector<std::string> PiecesOf(std::string_view text, const text::Analyzer& analyzer, bool pairs) {
  text::TokenList tokens;
  analyzer.Analyze(text, text::AnalysisMode::kQuery, tokens);
  std::vector<std::string> pieces;
  for (const text::Token& token : tokens.tokens()) {
    const std::vector<Unit> term = Fold(token.term);
    const std::vector<Unit> written = Fold(text.substr(token.start, token.end - token.start));
    const auto same = [](const Unit& a, const Unit& b) { return a.code_point == b.code_point; };
    const auto [end, other] = std::mismatch(term.begin(), term.end(), written.begin(), written.end(), same);
    AddPieces({term.begin(), end}, pairs, pieces);
  }
  return pieces;
}

std::vector<uint64_t> AllOf(uint32_t documents) {
  std::vector<uint64_t> words((size_t{documents} + 63) / 64, UINT64_MAX);
  if (documents % 64 != 0) words.back() = (uint64_t{1} << documents % 64) - 1;
  return words;
}

}  // namespace

Result<ContainingText> ContainingText::Make(std::string_view text, const index::Schema& schema, index::FieldId field) {
  ContainingText made;
  if (field == index::kNoField || schema.fields[field].type != index::FieldType::kText || !schema.fields[field].indexed) return made;
  ASSIGN_OR_RETURN(const std::shared_ptr<const text::Analyzer> analyzer, text::MakeAnalyzer(schema.fields[field].analyzer));
  const text::Analyzer* pairs = analyzer->second_view();
  made.field_ = pairs != nullptr ? index::kSecondViewField : field;
  made.pieces_ = PiecesOf(text, pairs != nullptr ? *pairs : *analyzer, pairs != nullptr);
  return made;
}

Result<std::vector<uint64_t>> ContainingText::DocumentsIn(const index::SegmentReader& segment) const {
  std::vector<uint64_t> all = AllOf(segment.documents());
  if (pieces_.empty()) return all;
  ASSIGN_OR_RETURN(const index::FieldReader* field, segment.OpenField(field_));
  if (field == nullptr) return std::vector<uint64_t>(all.size());
  std::vector<std::vector<uint64_t>> found(pieces_.size(), std::vector<uint64_t>(all.size()));
  index::TermsCursor cursor(field->terms);
  for (cursor.Seek({}); cursor.valid(); cursor.Next()) {
    const std::string_view term = cursor.term();
    const std::string folded = IsPlain(term) ? std::string() : Folded(term);
    for (size_t i = 0; i < pieces_.size(); ++i) {
      const bool has = term.find(pieces_[i]) != std::string_view::npos || folded.find(pieces_[i]) != std::string::npos;
      if (has || term.size() >= kLongTermBytes) RETURN_IF_ERROR(AddDocumentsOfTerm(*field, cursor.entry(), found[i]));
    }
  }
  RETURN_IF_ERROR(cursor.status());
  for (const std::vector<uint64_t>& documents : found) {
    for (size_t i = 0; i < all.size(); ++i) all[i] &= documents[i];
  }
  return all;
}

}  // namespace sakuin::searcher
