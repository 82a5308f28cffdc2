// charset_guess.h: which encoding is it, when nobody says so?
//
//   GuessCharset("caf\xE9 cr\xE8me")      // windows-1252
//   GuessCharset("\xC7\xD1\xB1\xDB ...")  // EUC-KR
//   CharsetOfBom("\xEF\xBB\xBFtext")      // UTF-8, 3 bytes
//
// Answers an encoding of the WHATWG Encoding standard, or one that its zero bytes or
// escapes tell (UTF-32, ISO-2022-KR), never a code page of DOS but IBM866. Looks at the
// first kCharsetGuessedFrom bytes from the first on that is not ASCII (all bytes for
// UTF-8). Never nullptr. Thread-safe; linear.
#pragma once

#include <cstddef>
#include <string_view>

#include "text/charset_labels.h"

namespace sakuin::text {

inline constexpr size_t kCharsetGuessedFrom = 16 << 10;

const Charset* GuessCharset(std::string_view bytes);

struct ByteOrderMark {
  const Charset* charset = nullptr;  // nullptr: there is none
  size_t bytes = 0;
};
ByteOrderMark CharsetOfBom(std::string_view bytes);

}  // namespace sakuin::text
