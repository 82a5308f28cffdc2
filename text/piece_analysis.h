// piece_analysis.h: folds a text stretch by stretch, cuts it into pieces, and
// hands runs of Chinese, Japanese and Korean characters to a RunWriter. What the
// analyzers of these languages do alike stands here.
//
//   KoreanRuns runs(mecab);
//   AnalyzePieces(text, mode, FoldKind::kPlain, runs, out);
//
// A RunWriter belongs to one call.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "text/analyzer.h"
#include "text/code_point_table.h"
#include "text/folded_text.h"
#include "text/piece_writer.h"

namespace sakuin::text {

class RunWriter {
 public:
  virtual ~RunWriter() = default;

  // Called once before the runs of a stretch, for those who look at whole sentences.
  virtual void BeginStretch(std::span<const Unit>, std::span<const Piece>) {}

  // How many characters of the run [begin, end) behind a number are its counter; 0: none.
  virtual uint32_t CounterLength(std::span<const Unit> units, uint32_t begin, uint32_t end) const;

  // Writes the tokens of the units [begin, end), a run of one or several of the
  // scripts, without the counter it may have begun with.
  virtual void WriteRun(std::span<const Unit> units, uint32_t begin, uint32_t end, AnalysisMode mode, PieceWriter& writer, TokenList& out) = 0;
};

// A number and the counter behind it (3월, 2026年) become one token with the
// number beside it; the counter alone is none.
void AnalyzePieces(std::string_view text, AnalysisMode mode, FoldKind fold, RunWriter& runs, TokenList& out);

// A run as UTF-8 with the way back from its bytes to its units.
struct RunText {
  RunText(std::span<const Unit> units, uint32_t begin, uint32_t end);

  std::string utf8;
  std::vector<uint32_t> unit_at;  // by byte, and one past the end
};

}  // namespace sakuin::text
