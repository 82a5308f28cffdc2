// charset_prescan.h: the encoding that a page itself names near its start.
//
//   PrescanCharset("<meta charset=euc-kr>")                   // EUC-KR
//   PrescanCharset("<?xml version='1.0' encoding='x-sjis'?>")  // Shift_JIS
//   PrescanCharset("<p>meta charset=euc-kr")                   // nullptr
//
// The algorithm "prescan a byte stream to determine its encoding" of the HTML
// standard (section 13.2.3.2), over the first 1024 bytes or as many as are wanted:
// browsers begin anew at a <meta> that comes later. Thread-safe; linear.
#pragma once

#include <cstddef>
#include <string_view>

#include "text/charset_labels.h"

namespace sakuin::text {

inline constexpr size_t kCharsetPrescannedBytes = 1024;

inline constexpr size_t kCharsetLateBytes = 64 << 10;

const Charset* PrescanCharset(std::string_view bytes, size_t limit = kCharsetPrescannedBytes);

// The name in a value such as "text/html; charset=euc-kr", of a meta or a header;
// empty where there is none. Lives in `content`.
std::string_view CharsetInContentType(std::string_view content);

}  // namespace sakuin::text
