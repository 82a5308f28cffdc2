#include "text/charset.h"

#include <iconv.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include <algorithm>
#include <array>
#include <memory>

#include "text/charset_guess.h"
#include "text/charset_prescan.h"
#include "text/html_bytes.h"
#include "text/utf8.h"
#include "text/utf8_repair.h"

namespace sakuin::text {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct CloseIcu {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using IcuConverter = std::unique_ptr<UConverter, CloseIcu>;

// Some converters of ICU would write U+001A.
void WriteReplacement(const void* context, UConverterToUnicodeArgs* arguments, const char* /*bytes*/, int32_t /*length*/,
                      UConverterCallbackReason reason, UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) return;
  *error = U_ZERO_ERROR;
  const UChar replacement = 0xFFFD;
  ucnv_cbToUWriteUChars(arguments, &replacement, 1, 0, error);
  ++**static_cast<size_t* const*>(context);
}

IcuConverter OpenIcu(const char* name) {
  UErrorCode error = U_ZERO_ERROR;
  IcuConverter converter(ucnv_open(name, &error));
  return U_FAILURE(error) ? nullptr : std::move(converter);
}

size_t AppendByIcu(std::string& out, std::string_view bytes, const char* name) {
  const IcuConverter from = OpenIcu(name);
  const IcuConverter to = OpenIcu("UTF-8");
  if (from == nullptr || to == nullptr) return 0;
  size_t replaced = 0;
  size_t* const counter = &replaced;
  UErrorCode error = U_ZERO_ERROR;
  ucnv_setToUCallBack(from.get(), WriteReplacement, static_cast<const void*>(&counter), nullptr, nullptr, &error);
  std::array<UChar, 4096> pivot;
  std::array<char, 16384> chunk;
  UChar* pivot_read = pivot.data();
  UChar* pivot_write = pivot.data();
  const char* source = bytes.data();
  do {
    error = U_ZERO_ERROR;
    char* target = chunk.data();
    ucnv_convertEx(to.get(), from.get(), &target, chunk.data() + chunk.size(), &source, bytes.data() + bytes.size(), pivot.data(), &pivot_read,
                   &pivot_write, pivot.data() + pivot.size(), false, true, &error);
    out.append(chunk.data(), target);
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  return replaced;
}

struct CloseIconv {
  void operator()(void* descriptor) const { iconv_close(descriptor); }
};

// A byte that has no meaning is skipped.
size_t AppendByIconv(std::string& out, std::string_view bytes, const char* name) {
  const iconv_t opened = iconv_open("UTF-8", name);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): POSIX's word for it
  if (opened == reinterpret_cast<iconv_t>(-1)) return AppendByIcu(out, bytes, "ibm-5348_P100-1997");
  const std::unique_ptr<void, CloseIconv> descriptor(opened);
  size_t replaced = 0;
  std::array<char, 4096> chunk;
  char* source = const_cast<char*>(bytes.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast): iconv does not write there
  size_t left = bytes.size();
  while (left > 0) {
    char* target = chunk.data();
    size_t room = chunk.size();
    const bool stopped = iconv(opened, &source, &left, &target, &room) == static_cast<size_t>(-1) && room > kMaxUtf8Bytes;
    out.append(chunk.data(), target);
    if (!stopped || left == 0) continue;
    out += kReplacement;
    ++replaced;
    ++source;
    --left;
  }
  return replaced;
}

size_t AppendUtf8Repaired(std::string& out, std::string_view bytes) {
  std::string copy(bytes);
  const size_t replaced = RepairUtf8(copy);
  out += copy;
  return replaced;
}

// ASCII means itself under every charset that neither shifts nor is wide.
bool IsPlainAscii(std::string_view bytes, const Charset& charset) {
  return !charset.wide() && !charset.shifts() && std::none_of(bytes.begin(), bytes.end(), IsHighByte);
}

bool IsUtf8Charset(const Charset& charset) { return charset.decoder == CharsetDecoder::kUtf8; }

// Most of what is not ASCII is no UTF-8: the name must be wrong. `text`: as repaired.
bool IsBelied(std::string_view text, size_t replaced) {
  if (replaced < kFewestBroken) return false;
  const auto sequences = std::count_if(text.begin(), text.end(), [](char c) { return IsHighByte(c) && !IsContinuationByte(c); });
  return replaced > static_cast<size_t>(sequences) / 2;
}

// Those in 16 bits do not begin with <, as every page does.
bool CannotBe(std::string_view bytes, const Charset& charset) {
  return charset.wide() && bytes.find('\0') == std::string_view::npos && IsUtf8(bytes);
}

struct Choice {
  const Charset* charset;
  CharsetSource source;
};

Choice Choose(std::string_view bytes, const CharsetHints& hints) {
  const Charset* named = FindCharset(hints.label);
  if (named != nullptr && !CannotBe(bytes, *named)) return {named, CharsetSource::kLabel};
  if (hints.markup) {
    named = PrescanCharset(bytes);
    if (named == nullptr && !IsUtf8(bytes)) named = PrescanCharset(bytes, kCharsetLateBytes);
    if (named != nullptr) return {named, CharsetSource::kMeta};
  }
  return {GuessCharset(bytes), CharsetSource::kDetected};
}

}  // namespace

std::string_view CharsetSourceName(CharsetSource source) {
  switch (source) {
    case CharsetSource::kBom: return "bom";
    case CharsetSource::kLabel: return "header";
    case CharsetSource::kMeta: return "meta";
    case CharsetSource::kDetected: break;
  }
  return "detected";
}

size_t AppendDecoded(std::string& out, std::string_view bytes, const Charset& charset) {
  switch (charset.decoder) {
    case CharsetDecoder::kUtf8: return AppendUtf8Repaired(out, bytes);
    case CharsetDecoder::kIcu: return AppendByIcu(out, bytes, charset.converter);
    case CharsetDecoder::kIconv: break;
  }
  return AppendByIconv(out, bytes, charset.converter);
}

DecodedText DecodeText(std::string_view bytes, const CharsetHints& hints, std::string& buffer) {
  const ByteOrderMark bom = CharsetOfBom(bytes);
  bytes.remove_prefix(bom.bytes);
  const Choice choice = bom.charset != nullptr ? Choice{bom.charset, CharsetSource::kBom} : Choose(bytes, hints);
  DecodedText result{.text = bytes, .charset = choice.charset, .source = choice.source};
  if (IsUtf8Charset(*choice.charset) ? IsUtf8(bytes) : IsPlainAscii(bytes, *choice.charset)) return result;
  buffer.clear();
  result.replaced = AppendDecoded(buffer, bytes, *result.charset);
  const bool named = choice.source == CharsetSource::kLabel || choice.source == CharsetSource::kMeta;
  if (named && IsUtf8Charset(*choice.charset) && IsBelied(buffer, result.replaced)) {
    result.charset = GuessCharset(bytes);
    result.source = CharsetSource::kDetected;
    buffer.clear();
    result.replaced = AppendDecoded(buffer, bytes, *result.charset);
  }
  result.text = buffer;
  return result;
}

}  // namespace sakuin::text
