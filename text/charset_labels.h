// charset_labels.h: the names under which pages know their encodings.
//
//   FindCharset(" KS_C_5601-1987 ")->name        // "EUC-KR", as the Encoding standard calls it
//   FindCharset("latin1")->name                  // "windows-1252": what is meant by it on the web
//   FindCharset("klingon")                       // nullptr
//
// Every label of the WHATWG Encoding standard is known, and a few more that
// old files are called by. Thread-safe: constants and a pure function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sakuin::text {

enum class CharsetDecoder : uint8_t {
  kUtf8,
  kIcu,
  kIconv,  // what ICU lacks
};

struct Charset {
  std::string_view name;  // "UTF-8", "windows-1252", "Shift_JIS", ...
  CharsetDecoder decoder;
  const char* converter;    // what the decoder calls it
  std::string_view labels;  // in lower case, a blank between them, `name` not repeated
  bool is_of_web = true;    // of the Encoding standard

  bool wide() const { return name.starts_with("UTF-16") || name.starts_with("UTF-32"); }
  bool shifts() const { return name.starts_with("ISO-2022") || name.starts_with("HZ"); }  // ASCII may mean something else
  // Others are believed where they are named, but pages are not in them: a detector that says so is wrong.
  bool may_be_guessed() const { return is_of_web || wide() || shifts(); }
};

inline constexpr size_t kMaxCharsetLabelBytes = 64;

// Looks at letters without regard to case, and not at blanks around them.
// nullptr: nobody knows it. What it gives lives forever.
const Charset* FindCharset(std::string_view label);

}  // namespace sakuin::text
