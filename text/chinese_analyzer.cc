#include "text/chinese_analyzer.h"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>
#include <unicode/uvernum.h>

#include <memory>
#include <vector>

#include "text/bigram_analyzer.h"
#include "text/fingerprint.h"
#include "text/piece_analysis.h"

namespace sakuin::text {
namespace {

constexpr uint32_t kLongWord = 3;  // characters; such a word is looked through for shorter ones

icu::BreakIterator* WordBreaker() {
  thread_local const std::unique_ptr<icu::BreakIterator> breaker = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> made(icu::BreakIterator::createWordInstance(icu::Locale::getChinese(), error));
    return U_SUCCESS(error) ? std::move(made) : nullptr;
  }();
  return breaker.get();
}

// Ends of the words of the units [begin, end), as unit numbers.
std::vector<uint32_t> WordEnds(std::span<const Unit> units, uint32_t begin, uint32_t end) {
  icu::UnicodeString text;
  std::vector<uint32_t> unit_at;
  for (uint32_t i = begin; i < end; ++i) {
    text.append(static_cast<UChar32>(units[i].code_point));
    unit_at.resize(static_cast<size_t>(text.length()), i);
  }
  unit_at.push_back(end);
  std::vector<uint32_t> ends;
  icu::BreakIterator* breaker = WordBreaker();
  if (breaker == nullptr) return {end};
  breaker->setText(text);
  for (int32_t at = breaker->first(); (at = breaker->next()) != icu::BreakIterator::DONE;) ends.push_back(unit_at[static_cast<size_t>(at)]);
  return ends;
}

class ChineseRuns : public RunWriter {
 public:
  void WriteRun(std::span<const Unit> units, uint32_t begin, uint32_t end, AnalysisMode, PieceWriter& writer, TokenList& out) override {
    uint32_t from = begin;
    for (const uint32_t to : WordEnds(units, begin, end)) {
      const uint32_t position = out.next_position();
      writer.WriteTerm(from, to, position);
      if (to - from >= kLongWord) WriteInnerWords(units, from, to, position, writer);
      from = to;
    }
  }

 private:
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
};

}  // namespace

void ChineseAnalyzer::Analyze(std::string_view text, AnalysisMode mode, TokenList& out) const {
  ChineseRuns runs;
  AnalyzePieces(text, mode, FoldKind::kSimplified, runs, out);
}

uint64_t ChineseAnalyzer::fingerprint() const { return FingerprintOf("chinese", {U_ICU_VERSION}); }

const Analyzer* ChineseAnalyzer::second_view() const { return &SharedBigrams(); }

}  // namespace sakuin::text
