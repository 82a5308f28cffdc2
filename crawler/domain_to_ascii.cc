#include "crawler/domain_to_ascii.h"

#include <unicode/uidna.h>

#include <algorithm>
#include <iterator>

#include "crawler/url_host.h"
#include "text/utf8.h"

namespace sakuin::crawler {

namespace {

constexpr uint32_t kLengths = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG;
constexpr uint32_t kHyphens = UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

// Where Unicode 17's table of UTS #46 differs from that of Unicode 15, which ICU 72 has, for characters that ICU 72
// knows. A character of `first` to `last` becomes the one as far from `to`; 0: it is left out.
struct Mended {
  char32_t first;
  char32_t last;
  char32_t to;
};
constexpr Mended kMended[] = {
    {0x04C0, 0x04C0, 0x04CF},    // Cyrillic palochka: small now
    {0x10A0, 0x10C5, 0x2D00},    // Georgian capitals: small now
    {0x115F, 0x1160, 0},         // Hangul fillers
    {0x17B4, 0x17B5, 0},         // Khmer inherent vowels
    {0x180E, 0x180E, 0},         // Mongolian vowel separator
    {0x1E9E, 0x1E9E, 0x00DF},    // capital sharp s: not "ss" any more
    {0x2061, 0x2063, 0},         // invisible operators
    {0x206A, 0x206F, 0},         // deprecated format characters
    {0x2132, 0x2132, 0x214E},    // turned F
    {0x2183, 0x2183, 0x2184},    // Roman numeral reversed hundred
    {0x3164, 0x3164, 0},         // Hangul filler
    {0xA7CB, 0xA7CB, 0x0264},    // capital rams horn
    {0xA7DC, 0xA7DC, 0x019B},    // capital lambda with stroke
    {0xA7F1, 0xA7F1, 's'},       // modifier capital s
    {0xFFA0, 0xFFA0, 0},         // half-width Hangul filler
    {0x1CCD6, 0x1CCEF, 'a'},     // outlined Latin capitals
    {0x1CCF0, 0x1CCF9, '0'},     // outlined digits
    {0x1D173, 0x1D17A, 0},       // musical format characters
    {0x2F868, 0x2F868, 0x36FC},  // five compatibility ideographs
    {0x2F874, 0x2F874, 0x5F53}, {0x2F91F, 0x2F91F, 0x243AB}, {0x2F95F, 0x2F95F, 0x7AEE}, {0x2F9BF, 0x2F9BF, 0x45D7},
};

// As Unicode 17 maps what ICU 72 does not; the rest is left to ICU.
std::string Mend(std::string_view domain) {
  std::string out;
  out.reserve(domain.size());
  for (size_t at = 0; at < domain.size();) {
    const text::DecodedCodePoint c = text::DecodeUtf8(domain, at);
    at += c.bytes;
    const auto covers = [&](const Mended& m) { return c.value >= m.first && c.value <= m.last; };
    const auto mended = std::find_if(std::begin(kMended), std::end(kMended), covers);
    if (mended == std::end(kMended)) {
      text::AppendUtf8(out, c.value);
    } else if (mended->to != 0) {
      text::AppendUtf8(out, mended->to + (c.value - mended->first));
    }
  }
  return out;
}

// Lives as long as the process. nullptr: ICU's data are not there, and no domain but ASCII is known.
const UIDNA* Uts46() {
  static const UIDNA* const idna = [] {
    UErrorCode error = U_ZERO_ERROR;
    constexpr uint32_t kNontransitional = UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE;
    const UIDNA* opened = uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | kNontransitional, &error);
    return U_SUCCESS(error) ? opened : nullptr;
  }();
  return idna;
}

std::optional<std::string> Uts46ToAscii(std::string_view domain) {
  const UIDNA* idna = Uts46();
  if (idna == nullptr) return std::nullopt;
  std::string out(domain.size() * 2 + 64, '\0');
  for (;;) {
    UErrorCode error = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    const int32_t size =
        uidna_nameToASCII_UTF8(idna, domain.data(), static_cast<int32_t>(domain.size()), out.data(), static_cast<int32_t>(out.size()), &info, &error);
    if (error == U_BUFFER_OVERFLOW_ERROR) {
      out.resize(static_cast<size_t>(size));
      continue;
    }
    if (U_FAILURE(error) || (info.errors & ~(kLengths | kHyphens)) != 0) return std::nullopt;
    out.resize(static_cast<size_t>(size));
    return out;
  }
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
}

void LowerCase(std::string& text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

}  // namespace

std::optional<std::string> DomainToAscii(std::string_view domain) {
  constexpr size_t kMaxDomainBytes = 1 << 12;  // none that resolves has more than 253, and punycode is quadratic
  std::optional<std::string> ascii;
  if (IsAscii(domain)) {
    ascii = std::string(domain);
    LowerCase(*ascii);
  } else if (domain.size() <= kMaxDomainBytes) {
    ascii = Uts46ToAscii(Mend(domain));
  }
  if (!ascii || ascii->empty() || std::any_of(ascii->begin(), ascii->end(), IsForbiddenInDomain)) return std::nullopt;
  return ascii;
}

}  // namespace sakuin::crawler
