#include "text/piece_analysis.h"

#include <algorithm>
#include <vector>

#include "text/utf8.h"
#include "text/word_segmenter.h"

namespace sakuin::text {
namespace {

constexpr std::u32string_view kCounters = U"년월일시분초개명원살회층호번위세차대권年月日時分秒円人個回歳階号枚台件点个岁";

// Looked for first: 10개월 is not 10개.
constexpr std::u32string_view kLongCounters[] = {U"개월", U"분기", U"시간", U"주년", U"학년", U"時間", U"週間", U"ヶ月", U"か月", U"年代", U"世紀"};

bool IsNumber(std::span<const Unit> units, const Piece& piece) {
  if (piece.kind != PieceKind::kWord) return false;
  return std::all_of(units.begin() + piece.begin, units.begin() + piece.end, [](const Unit& unit) { return unit.word_class == WordClass::kDigit; });
}

void WritePieces(std::span<const Unit> units, std::vector<Piece>& pieces, AnalysisMode mode, RunWriter& runs, PieceWriter& writer, TokenList& out) {
  for (size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    if (piece.kind == PieceKind::kRun) {
      if (piece.begin < piece.end) runs.WriteRun(units, piece.begin, piece.end, mode, writer, out);
      continue;
    }
    const bool number = IsNumber(units, piece) && i + 1 < pieces.size() && pieces[i + 1].kind == PieceKind::kRun && pieces[i + 1].begin == piece.end;
    const uint32_t counter = number ? runs.CounterLength(units, pieces[i + 1].begin, pieces[i + 1].end) : 0;
    if (counter == 0) {
      writer.Write(piece);
      continue;
    }
    const uint32_t position = out.next_position();
    writer.WriteTerm(piece.begin, piece.end + counter, position);
    if (mode == AnalysisMode::kIndex) writer.WriteTerm(piece.begin, piece.end, position);
    pieces[i + 1].begin += counter;
  }
}

}  // namespace

uint32_t RunWriter::CounterLength(std::span<const Unit> units, uint32_t begin, uint32_t end) const {
  for (const std::u32string_view counter : kLongCounters) {
    if (begin + 2 <= end && units[begin].code_point == counter[0] && units[begin + 1].code_point == counter[1]) return 2;
  }
  return kCounters.find(units[begin].code_point) != std::u32string_view::npos ? 1 : 0;
}

void AnalyzePieces(std::string_view text, AnalysisMode mode, FoldKind fold, RunWriter& runs, TokenList& out) {
  const CodePointTable& table = CodePointTable::For(fold);
  std::vector<Unit> units;
  std::vector<Piece> pieces;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.size() - at <= kStretchBytes ? text.size() : StretchEnd(table, text, at, kStretchBytes);
    units.clear();
    pieces.clear();
    out.invalid_bytes += FoldStretch(table, text, at, end, units);
    SegmentUnits(units, RunSplit::kNever, pieces);
    runs.BeginStretch(units, pieces);
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
