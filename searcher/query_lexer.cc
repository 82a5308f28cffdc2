#include "searcher/query_lexer.h"

#include <algorithm>

namespace sakuin::searcher {

namespace {

constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";

bool IsAsciiBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// U+2000 to U+200A, U+2028, U+2029, U+202F and U+205F; U+200B to U+200F are
// joiners and marks that belong to words.
bool IsGeneralPunctuationBlank(unsigned char second, unsigned char third) {
  if (second == 0x81) return third == 0x9F;
  return second == 0x80 && ((third >= 0x80 && third <= 0x8A) || third == 0xA8 || third == 0xA9 || third == 0xAF);
}

// Whether an escape may stand before what is at `pos` in quotes.
size_t QuotedEscapeLength(std::string_view text, size_t pos) {
  if (text[pos] != '\\' || pos + 1 >= text.size()) return 0;
  if (text[pos + 1] == '\\') return 2;
  const QuoteKind kind = QuoteAt(text, pos + 1);
  return kind == QuoteKind::kNone ? 0 : 1 + QuoteLength(kind);
}

template <typename LengthOfEscape>
std::string UnescapeWith(std::string_view text, LengthOfEscape length_of_escape) {
  std::string out;
  out.reserve(text.size());
  for (size_t pos = 0; pos < text.size();) {
    const size_t length = length_of_escape(text, pos);
    if (length == 0) {
      out += text[pos++];
    } else {
      out += text.substr(pos + 1, length - 1);
      pos += length;
    }
  }
  return out;
}

}  // namespace

bool IsAsciiPunctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

size_t BlankLength(std::string_view text, size_t pos) {
  if (pos >= text.size()) return 0;
  const char first = text[pos];
  if (static_cast<unsigned char>(first) < 0x80) return IsAsciiBlank(first) ? 1 : 0;
  const std::string_view rest = text.substr(pos, 3);
  if (rest.starts_with("\xC2\xA0") || rest.starts_with("\xC2\x85")) return 2;
  if (rest.size() < 3) return 0;
  if (rest == kIdeographicSpace || rest == "\xE1\x9A\x80") return 3;
  if (rest[0] != '\xE2') return 0;
  return IsGeneralPunctuationBlank(static_cast<unsigned char>(rest[1]), static_cast<unsigned char>(rest[2])) ? 3 : 0;
}

size_t SkipBlanks(std::string_view text, size_t pos) {
  while (const size_t length = BlankLength(text, pos)) pos += length;
  return pos;
}

QuoteKind QuoteAt(std::string_view text, size_t pos) {
  if (pos >= text.size()) return QuoteKind::kNone;
  if (text[pos] == '"') return QuoteKind::kStraight;
  const std::string_view three = text.substr(pos, 3);
  const bool curly = three == "\xE2\x80\x9C" || three == "\xE2\x80\x9D" || three == "\xE2\x80\x9E";
  return curly ? QuoteKind::kCurly : QuoteKind::kNone;
}

size_t QuoteLength(QuoteKind kind) { return kind == QuoteKind::kCurly ? 3 : (kind == QuoteKind::kStraight ? 1 : 0); }

size_t FindQuote(std::string_view text, size_t pos, QuoteKind kind) {
  while (pos < text.size()) {
    const size_t escape = QuotedEscapeLength(text, pos);
    if (escape == 0 && QuoteAt(text, pos) == kind) return pos;
    pos += std::max<size_t>(escape, 1);
  }
  return std::string_view::npos;
}

size_t EscapeLength(std::string_view text, size_t pos) {
  if (text[pos] != '\\' || pos + 1 >= text.size()) return 0;
  if (IsAsciiPunctuation(text[pos + 1])) return 2;
  if (const size_t blank = BlankLength(text, pos + 1)) return 1 + blank;
  const size_t quote = QuoteLength(QuoteAt(text, pos + 1));
  return quote == 0 ? 0 : 1 + quote;
}

size_t WordEnd(std::string_view text, size_t pos) {
  while (pos < text.size() && text[pos] != '(' && text[pos] != ')' && BlankLength(text, pos) == 0) {
    pos += std::max<size_t>(EscapeLength(text, pos), 1);
  }
  return std::min(pos, text.size());
}

std::string Unescape(std::string_view text) { return UnescapeWith(text, EscapeLength); }

std::string UnescapeQuoted(std::string_view text) { return UnescapeWith(text, QuotedEscapeLength); }

size_t FindLastBare(std::string_view text, char wanted) {
  size_t found = std::string_view::npos;
  for (size_t pos = 0; pos < text.size();) {
    const size_t escape = EscapeLength(text, pos);
    if (escape == 0 && text[pos] == wanted) found = pos;
    pos += std::max<size_t>(escape, 1);
  }
  return found;
}

bool CanFollowSign(std::string_view text, size_t pos) {
  if (pos >= text.size() || BlankLength(text, pos) != 0) return false;
  constexpr std::string_view kBeginsSomething = "_\"(*?\\/[{.#@$";
  return !IsAsciiPunctuation(text[pos]) || kBeginsSomething.find(text[pos]) != std::string_view::npos;
}

bool IsFieldNameByte(char c) {
  const bool other = c == '_' || c == '.' || c == '-' || c == '@' || c == '$';
  return IsAsciiLetter(c) || IsAsciiDigit(c) || other || static_cast<unsigned char>(c) >= 0x80;
}

bool IsOperatorName(std::string_view word) { return word == "AND" || word == "OR" || word == "NOT"; }

}  // namespace sakuin::searcher
