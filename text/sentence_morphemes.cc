#include "text/sentence_morphemes.h"

#include <algorithm>
#include <string>

#include "text/utf8.h"

namespace sakuin::text {
namespace {

constexpr uint32_t kLongSentence = 512;  // units; what is longer ends at the next border of pieces

bool EndsSentence(const Unit& unit) {
  const char32_t c = unit.code_point;
  return c == '.' || c == '!' || c == '?' || c == '\n' || c == U'。';
}

bool SentenceEndsBetween(std::span<const Unit> units, const Piece& left, const Piece& right) {
  return std::any_of(units.begin() + left.end, units.begin() + right.begin, EndsSentence);
}

bool IsBlank(const Unit& unit) { return unit.code_point <= ' ' || unit.code_point == 0x3000 || unit.word_class == WordClass::kEmoji; }

// A sentence as MeCab wants it, and the way back.
struct SentenceText {
  SentenceText(std::span<const Unit> units, uint32_t begin, uint32_t end) {
    for (uint32_t i = begin; i < end; ++i) {
      AppendUtf8(utf8, IsBlank(units[i]) ? U' ' : units[i].code_point);
      unit_at.resize(utf8.size(), i);
    }
    unit_at.push_back(end);
  }
  std::string utf8;
  std::vector<uint32_t> unit_at;  // by byte, and one past the end
};

}  // namespace

void SentenceMorphemes::Read(std::span<const Unit> units, std::span<const Piece> pieces) {
  found_.clear();
  size_t first = 0;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const bool last =
        i + 1 == pieces.size() || pieces[i].end - pieces[first].begin >= kLongSentence || SentenceEndsBetween(units, pieces[i], pieces[i + 1]);
    if (!last) continue;
    ReadSentence(units, pieces.subspan(first, i + 1 - first));
    first = i + 1;
  }
}

void SentenceMorphemes::ReadSentence(std::span<const Unit> units, std::span<const Piece> pieces) {
  if (std::none_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.kind == PieceKind::kRun; })) return;
  const SentenceText text(units, pieces.front().begin, pieces.back().end);
  std::vector<uint32_t> borders;
  const auto add_border = [&](uint32_t unit) {
    const auto at = std::lower_bound(text.unit_at.begin(), text.unit_at.end(), unit);
    borders.push_back(static_cast<uint32_t>(at - text.unit_at.begin()));
  };
  for (const Piece& piece : pieces) {
    add_border(piece.begin);
    add_border(piece.end);
  }
  for (const Morpheme& morpheme : mecab_.Segment(text.utf8, borders)) {
    found_.push_back({text.unit_at[morpheme.begin], text.unit_at[morpheme.end], morpheme});
  }
}

std::span<const UnitMorpheme> SentenceMorphemes::In(uint32_t begin, uint32_t end) const {
  const auto starts_before = [](const UnitMorpheme& morpheme, uint32_t unit) { return morpheme.begin < unit; };
  const auto from = std::lower_bound(found_.begin(), found_.end(), begin, starts_before);
  const auto to = std::lower_bound(from, found_.end(), end, starts_before);
  return {from, to};
}

}  // namespace sakuin::text
