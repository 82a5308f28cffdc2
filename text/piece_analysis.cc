#include "text/piece_analysis.h"

#include <algorithm>
#include <vector>

#include "text/utf8.h"
#include "text/word_segmenter.h"

namespace sakuin::text {
namespace {

constexpr std::u32string_view kCounters = U"년월일시분초개명원살회층호번위세차대권年月日時分秒円人個回歳階号枚台件点个岁";

bool IsNumber(std::span<const Unit> units, const Piece& piece) {
  if (piece.kind != PieceKind::kWord) return false;
  return std::all_of(units.begin() + piece.begin, units.begin() + piece.end, [](const Unit& unit) { return unit.word_class == WordClass::kDigit; });
}

// True when the run behind a number begins with a counter that ends a word there.
bool BeginsWithCounter(std::span<const Unit> units, const Piece& number, const Piece& run) {
  return run.kind == PieceKind::kRun && run.begin == number.end && kCounters.find(units[run.begin].code_point) != std::u32string_view::npos;
}

void WritePieces(std::span<const Unit> units, std::vector<Piece>& pieces, AnalysisMode mode, const RunWriter& runs, PieceWriter& writer, TokenList& out) {
  for (size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    if (piece.kind == PieceKind::kRun) {
      if (piece.begin < piece.end) runs.WriteRun(units, piece.begin, piece.end, mode, writer, out);
    } else if (i + 1 < pieces.size() && IsNumber(units, piece) && BeginsWithCounter(units, piece, pieces[i + 1])) {
      const uint32_t position = out.next_position();
      writer.WriteTerm(piece.begin, piece.end + 1, position);
      if (mode == AnalysisMode::kIndex) writer.WriteTerm(piece.begin, piece.end, position);
      ++pieces[i + 1].begin;
    } else {
      writer.Write(piece);
    }
  }
}

}  // namespace

void AnalyzePieces(std::string_view text, AnalysisMode mode, FoldKind fold, const RunWriter& runs, TokenList& out) {
  const CodePointTable& table = CodePointTable::For(fold);
  std::vector<Unit> units;
  std::vector<Piece> pieces;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.size() - at <= kStretchBytes ? text.size() : StretchEnd(table, text, at, kStretchBytes);
    units.clear();
    pieces.clear();
    out.invalid_bytes += FoldStretch(table, text, at, end, units);
    SegmentUnits(units, RunSplit::kNever, pieces);
    PieceWriter writer(text, units, mode, out);
    WritePieces(units, pieces, mode, runs, writer, out);
    at = end;
  }
}

RunText::RunText(std::span<const Unit> units, uint32_t begin, uint32_t end) {
  char bytes[kMaxUtf8Bytes];
  for (uint32_t i = begin; i < end; ++i) {
    const size_t size = EncodeUtf8(units[i].code_point, bytes);
    utf8.append(bytes, size);
    unit_at.insert(unit_at.end(), size, i);
  }
  unit_at.push_back(end);
}

}  // namespace sakuin::text
