#include "searcher/written_word.h"

#include <algorithm>
#include <vector>

#include "text/folded_text.h"
#include "text/utf8.h"

namespace sakuin::searcher {

std::string LowerCase(std::string_view text) {
  const text::CodePointTable& table = text::CodePointTable::For(text::FoldKind::kLowercase);
  std::string lower;
  for (size_t at = 0; at < text.size();) {
    const text::DecodedCodePoint c = text::DecodeUtf8(text, at);
    for (const char32_t folded : table.Fold(c.value)) text::AppendUtf8(lower, folded);
    at += c.bytes;
  }
  return lower;
}

std::string Folded(std::string_view text, text::FoldKind kind) {
  std::vector<text::Unit> units;
  text::FoldStretch(text::CodePointTable::For(kind), text, 0, text.size(), units);
  std::string folded;
  text::AppendUnits(units, folded);
  return folded;
}

bool IsRunCharacter(std::string_view text, size_t at) {
  const char32_t c = text::DecodeUtf8(text, at).value;
  return c == U'ー' || text::IsCjk(text::CodePointTable::For(text::FoldKind::kPlain).Get(c).word_class);
}

bool IsRun(std::string_view text) {
  for (size_t at = 0; at < text.size(); at += text::DecodeUtf8(text, at).bytes) {
    if (!IsRunCharacter(text, at)) return false;
  }
  return true;
}

size_t CharacterBefore(std::string_view text, size_t at) {
  do --at;
  while (at > 0 && text::IsContinuationByte(text[at]));
  return at;
}

bool IsPlainWord(std::string_view word) {
  for (const std::string_view keyword : {"AND", "OR", "NOT", "TO"}) {
    if (word == keyword) return false;
  }
  return std::all_of(word.begin(), word.end(), [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || static_cast<uint8_t>(c) >= 0x80 || c == '\'' || c == '.';
  });
}

}  // namespace sakuin::searcher
