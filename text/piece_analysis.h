// piece_analysis.h: folds a text stretch by stretch, cuts it into pieces, and
// hands runs of Chinese, Japanese and Korean characters to a RunWriter. What the
// analyzers of these languages do alike stands here.
//
//   AnalyzePieces(text, mode, FoldKind::kPlain, writer, out);
//
// Thread-safe when the writer is.
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
  // Writes the tokens of the units [begin, end), a run of one or several of the scripts.
  virtual void WriteRun(std::span<const Unit> units, uint32_t begin, uint32_t end, AnalysisMode mode, PieceWriter& writer, TokenList& out) const = 0;
};

// A number and the counter behind it (3월, 2026年) become one token with the
// number beside it; the counter alone is none.
void AnalyzePieces(std::string_view text, AnalysisMode mode, FoldKind fold, const RunWriter& writer, TokenList& out);

// A run as UTF-8 with the way back from its bytes to its units.
struct RunText {
  RunText(std::span<const Unit> units, uint32_t begin, uint32_t end);

  std::string utf8;
  std::vector<uint32_t> unit_at;  // by byte, and one past the end
};

}  // namespace sakuin::text
