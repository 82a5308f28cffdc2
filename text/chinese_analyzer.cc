#include "text/chinese_analyzer.h"

#include <memory>
#include <string>
#include <vector>

#include "text/bigram_analyzer.h"
#include "text/fingerprint.h"
#include "text/icu_words.h"
#include "text/piece_analysis.h"
#include "text/weak_words.h"

namespace sakuin::text {
namespace {

constexpr uint32_t kLongWord = 3;  // characters; such a word is looked through for shorter ones

// Ends of the words of the units [begin, end), as unit numbers; all is one word if ICU has no dictionary.
std::vector<uint32_t> WordEnds(std::span<const Unit> units, uint32_t begin, uint32_t end) {
  std::vector<uint32_t> ends = IcuWordEnds(IcuWords::kChinese, units, begin, end);
  if (ends.empty()) ends.push_back(end);
  return ends;
}

class ChineseRuns : public RunWriter {
 public:
  void WriteRun(std::span<const Unit> units, uint32_t begin, uint32_t end, AnalysisMode, PieceWriter& writer, TokenList& out) override {
    uint32_t from = begin;
    std::string before;  // the last word, if it was one that says little
    for (const uint32_t to : WordEnds(units, begin, end)) {
      const uint32_t position = out.next_position();
      const size_t first = out.size();
      writer.WriteTerm(from, to, position);
      if (to - from >= kLongWord) WriteInnerWords(units, from, to, position, writer);
      // 怎么 and 办 are one such word.
      const std::string_view term = out.tokens()[first].term;
      const bool weak = IsChineseFunctionWord(term) || (!before.empty() && IsChineseFunctionWord(before + std::string(term)));
      before = weak ? std::string(term) : "";
      if (weak) MarkFrom(first, out.size());
      from = to;
    }
  }

  void DropWeak(size_t first, TokenList& out) const { weak_.DropFrom(first, out); }

 private:
  void MarkFrom(size_t number, size_t end) {
    for (; number < end; ++number) weak_.Mark(number);
  }

  // The word that begins at every character inside, when it has two or more and ends inside.
  static void WriteInnerWords(std::span<const Unit> units, uint32_t from, uint32_t to, uint32_t position, PieceWriter& writer) {
    constexpr uint32_t kMostCharacters = 16;  // longer "words" are runs that no dictionary knows
    if (to - from > kMostCharacters) return;
    for (uint32_t at = from; at + 2 <= to; ++at) {
      const uint32_t limit = at == from ? to - 1 : to;
      const std::vector<uint32_t> ends = WordEnds(units, at, limit);
      if (!ends.empty() && ends[0] - at >= 2) writer.WriteTerm(at, ends[0], position);
    }
  }

  WeakWords weak_;
};

}  // namespace

void ChineseAnalyzer::Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const {
  const size_t first = out.size();
  ChineseRuns runs;
  AnalyzePieces(text, mode, FoldKind::kSimplified, runs, out);
  if (mode == AnalysisMode::kQuery) runs.DropWeak(first, out);
}

uint64_t ChineseAnalyzer::fingerprint() const { return FingerprintOf("chinese"); }

const Analyzer* ChineseAnalyzer::second_view() const { return &SharedBigrams(); }

}  // namespace sakuin::text
