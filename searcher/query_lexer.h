// query_lexer.h: the characters of the query language: what is a blank, a quote,
// an escape, a number. The grammar is in query_parser.cc.
//
//   size_t end = WordEnd("c++ (fox)", 0);        // 3
//   std::string text = Unescape("a\\ b\\:c");   // a b:c
//
// Texts are any bytes; a position is never moved past their end. Thread-safe:
// functions of their arguments. Cost: linear in the bytes looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sakuin::searcher {

// Length in bytes of the blank at `pos`, 0 if none stands there: ASCII white
// space and Unicode's spaces, the ideographic one included.
size_t BlankLength(std::string_view text, size_t pos);

// The first position from `pos` on that is not a blank.
size_t SkipBlanks(std::string_view text, size_t pos);

enum class QuoteKind : uint8_t { kNone, kStraight, kCurly };

// The quotation mark at `pos`: " is straight; “ ” „ are curly.
QuoteKind QuoteAt(std::string_view text, size_t pos);
size_t QuoteLength(QuoteKind kind);

// The closing mark of the same kind that is not escaped, from `pos` on, or npos.
size_t FindQuote(std::string_view text, size_t pos, QuoteKind kind);

// Length of the escape at `pos`: a backslash and ASCII punctuation, a blank or a
// quotation mark; 0 if `pos` is something else ("C:\dir" has no escape in it).
size_t EscapeLength(std::string_view text, size_t pos);

// Where the word that begins at `pos` ends: before a blank, '(' or ')'.
size_t WordEnd(std::string_view text, size_t pos);

// Escapes replaced by what they stand for.
std::string Unescape(std::string_view text);

// The same inside of quotation marks, where only quotation marks and the
// backslash can be escaped.
std::string UnescapeQuoted(std::string_view text);

// The last `wanted` that is not escaped, or npos.
size_t FindLastBare(std::string_view text, char wanted);

// Whether a + or - before `pos` can be meant as an operator: something follows
// that begins a word, a phrase or a group.
bool CanFollowSign(std::string_view text, size_t pos);

// Whether `c` may stand in a field name without an escape.
bool IsFieldNameByte(char c);

bool IsAsciiPunctuation(char c);
bool IsAsciiDigit(char c);
bool IsAsciiLetter(char c);

// AND, OR and NOT.
bool IsOperatorName(std::string_view word);

}  // namespace sakuin::searcher
