#include "text/piece_writer.h"

#include <vector>

#include "text/icu_words.h"
#include "text/utf8.h"

namespace sakuin::text {

void PieceWriter::Write(const Piece& piece) {
  switch (piece.kind) {
    case PieceKind::kWord: return WriteWord(piece.begin, piece.end);
    case PieceKind::kSignedWord: return WriteSignedWord(piece.begin, piece.end);
    case PieceKind::kRun: return WriteBigrams(piece.begin, piece.end);
    case PieceKind::kComplex: return WriteComplex(piece.begin, piece.end);
    case PieceKind::kEmoji: return WriteEmoji(piece.begin);
  }
}

void PieceWriter::WriteTerm(uint32_t begin, uint32_t end, uint32_t position, uint32_t position_length) {
  scratch_.clear();
  AppendUnits(units_.subspan(begin, end - begin), scratch_);
  out_.Add(CutAtCharacter(scratch_, kMaxTermBytes), units_[begin].start, units_[end - 1].end, position, position_length);
}

void PieceWriter::WriteWord(uint32_t begin, uint32_t end) {
  if (end - begin > kMaxTermBytes / kMaxUtf8Bytes) return WriteLongWord(begin, end);
  const uint32_t position = out_.next_position();
  WriteTerm(begin, end, position);
  if (parts_ == ApostropheParts::kNo) return;
  ForEachApostrophePart(
      end - begin, [&](size_t i) { return units_[begin + i].code_point; },
      [&](size_t b, size_t e) { WriteTerm(begin + static_cast<uint32_t>(b), begin + static_cast<uint32_t>(e), position); });
}

// A word that may have too many bytes becomes several.
void PieceWriter::WriteLongWord(uint32_t begin, uint32_t end) {
  char bytes[kMaxUtf8Bytes];
  size_t size = 0;
  uint32_t first = begin;
  for (uint32_t i = begin; i < end; ++i) {
    const size_t more = EncodeUtf8(units_[i].code_point, bytes);
    if (size + more > kMaxTermBytes) {
      WriteTerm(first, i, out_.next_position());
      first = i;
      size = 0;
    }
    size += more;
  }
  WriteTerm(first, end, out_.next_position());
}

void PieceWriter::WriteSignedWord(uint32_t begin, uint32_t end) {
  uint32_t letters = end;
  while (units_[letters - 1].word_class == WordClass::kSign) --letters;
  if (letters - begin > kMaxTermBytes / kMaxUtf8Bytes) return WriteLongWord(begin, letters);
  const uint32_t position = out_.next_position();
  WriteTerm(begin, end, position);
  if (letters - begin >= 2) WriteTerm(begin, letters, position);  // notepad++ is also notepad, but C++ is not C
}

void PieceWriter::WriteBigrams(uint32_t begin, uint32_t end) {
  const uint32_t first = out_.next_position();
  uint32_t position = first;
  uint32_t at = begin;
  const auto next = [&](uint32_t i) {
    ++i;
    while (i < end && units_[i].word_class == WordClass::kExtend) ++i;
    return i;
  };
  while (at < end) {
    const uint32_t after = next(at);
    const bool alone = at == begin && after == end;
    if (mode_ == AnalysisMode::kIndex || alone) WriteTerm(at, after, position);
    if (after < end) WriteTerm(at, next(after), position, 2);
    ++position;
    at = after;
  }
  out_.set_next_position(position);
}

void PieceWriter::WriteComplex(uint32_t begin, uint32_t end) {
  const std::vector<uint32_t> ends = IcuWordEnds(IcuWords::kAnyLanguage, units_, begin, end);
  if (ends.empty()) return WriteBigrams(begin, end);
  uint32_t from = begin;
  for (const uint32_t to : ends) {
    if (from < to) WriteLongWord(from, to);
    from = to;
  }
}

void PieceWriter::WriteEmoji(uint32_t at) {
  constexpr char32_t kEmojiStyle = 0xFE0F;
  const Unit& unit = units_[at];
  std::string whole;
  std::string plain;  // without skin tones
  for (size_t i = unit.start; i < unit.end;) {
    const DecodedCodePoint c = DecodeUtf8(text_, i);
    i += c.bytes;
    if (c.value == kEmojiStyle) continue;
    AppendUtf8(whole, c.value);
    if (c.value < 0x1F3FB || c.value > 0x1F3FF || plain.empty()) AppendUtf8(plain, c.value);
  }
  const uint32_t position = out_.next_position();
  out_.Add(CutAtCharacter(whole, kMaxTermBytes), unit.start, unit.end, position);
  if (mode_ == AnalysisMode::kIndex && plain != whole) out_.Add(CutAtCharacter(plain, kMaxTermBytes), unit.start, unit.end, position);
}

}  // namespace sakuin::text
