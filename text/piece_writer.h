// piece_writer.h: writes the pieces of folded text as tokens. What all
// analyzers do alike with words, bigrams, emoji and Thai stands here.
//
//   PieceWriter writer(text, units, AnalysisMode::kIndex, out);
//   for (const Piece& piece : pieces) writer.Write(piece);
//
// Each piece starts on out.next_position(). Not thread-safe; short-lived.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "text/analyzer.h"
#include "text/folded_text.h"
#include "text/word_segmenter.h"

namespace sakuin::text {

// Whether istanbul'da gives istanbul beside itself.
enum class ApostropheParts : uint8_t { kYes, kNo };

class PieceWriter {
 public:
  // `text` and `units` must outlive the writer.
  PieceWriter(std::string_view text, std::span<const Unit> units, AnalysisMode mode, TokenList& out, ApostropheParts parts = ApostropheParts::kYes)
      : text_(text), units_(units), mode_(mode), out_(out), parts_(parts) {}

  void Write(const Piece& piece);

  // Overlapping pairs, single characters beside them as AnalysisMode says.
  void WriteBigrams(uint32_t begin, uint32_t end);

  // One token of the units [begin, end), cut to kMaxTermBytes, on `position`.
  void WriteTerm(uint32_t begin, uint32_t end, uint32_t position, uint32_t position_length = 1);

 private:
  void WriteWord(uint32_t begin, uint32_t end);
  void WriteSignedWord(uint32_t begin, uint32_t end);
  void WriteLongWord(uint32_t begin, uint32_t end);
  void WriteComplex(uint32_t begin, uint32_t end);
  void WriteEmoji(uint32_t at);

  std::string_view text_;
  std::span<const Unit> units_;
  AnalysisMode mode_;
  TokenList& out_;
  ApostropheParts parts_;
  std::string scratch_;
};

}  // namespace sakuin::text
