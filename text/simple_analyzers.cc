#include "text/simple_analyzers.h"

#include <string>
#include <vector>

#include "text/fingerprint.h"
#include "text/folded_text.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

// As Unicode's White_Space, U+3000 of East Asian text among it.
bool IsBlank(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= '\t' && c <= '\r');
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

}  // namespace

void WhitespaceAnalyzer::Analyze(std::string_view text, AnalysisMode, TokenList& out) const {
  size_t begin = 0;
  const auto write = [&](size_t end) {
    if (begin == end) return;
    const std::string_view term = CutAtCharacter(text.substr(begin, end - begin), kMaxTermBytes);
    out.Add(term, static_cast<uint32_t>(begin), static_cast<uint32_t>(end), out.next_position());
  };
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, at);
    if (IsBlank(c.value)) {
      write(at);
      begin = at + c.bytes;
    }
    at += c.bytes;
  }
  write(text.size());
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
