#include "text/simple_analyzers.h"

#include <string>
#include <vector>

#include "text/fingerprint.h"
#include "text/folded_text.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

void WhitespaceAnalyzer::Analyze(std::string_view text, AnalysisMode, TokenList& out) const {
  for (size_t at = 0; at < text.size();) {
    if (IsBlank(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() && !IsBlank(text[end])) ++end;
    const std::string_view term = CutAtCharacter(text.substr(at, end - at), kMaxTermBytes);
    out.Add(term, static_cast<uint32_t>(at), static_cast<uint32_t>(end), out.next_position());
    at = end;
  }
}

uint64_t WhitespaceAnalyzer::fingerprint() const { return FingerprintOf("whitespace"); }

void KeywordAnalyzer::Analyze(std::string_view text, AnalysisMode, TokenList& out) const {
  const std::string_view head = CutAtCharacter(text, 4 * kMaxTermBytes);
  std::vector<Unit> units;
  out.invalid_bytes += FoldStretch(CodePointTable::For(FoldKind::kPlain), text, 0, head.size(), units);
  std::string folded;
  AppendUnits(units, folded);
  if (!folded.empty()) out.Add(CutAtCharacter(folded, kMaxTermBytes), 0, static_cast<uint32_t>(text.size()), out.next_position());
}

uint64_t KeywordAnalyzer::fingerprint() const { return FingerprintOf("keyword"); }

}  // namespace sakuin::text
