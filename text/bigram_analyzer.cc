#include "text/bigram_analyzer.h"

#include "text/fingerprint.h"
#include "text/piece_analysis.h"

namespace sakuin::text {
namespace {

class BigramRuns : public RunWriter {
 public:
  void WriteRun(std::span<const Unit>, uint32_t begin, uint32_t end, AnalysisMode, PieceWriter& writer, TokenList& out) override {
    if (end - begin == 1) return writer.WriteTerm(begin, end, out.next_position());
    for (uint32_t i = begin; i + 1 < end; ++i) writer.WriteTerm(i, i + 2, out.next_position());
  }
};

}  // namespace

void BigramAnalyzer::Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const {
  BigramRuns runs;
  AnalyzePieces(text, mode, FoldKind::kPlain, runs, out);
}

uint64_t BigramAnalyzer::fingerprint() const { return FingerprintOf("bigram"); }

const BigramAnalyzer& SharedBigrams() {
  static const BigramAnalyzer bigrams;
  return bigrams;
}

}  // namespace sakuin::text
