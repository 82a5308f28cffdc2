#include "text/charset_guess.h"

#include <uchardet/uchardet.h>

#include <algorithm>
#include <memory>

#include "text/html_bytes.h"
#include "text/utf8.h"
#include "text/utf8_repair.h"

namespace sakuin::text {
namespace {

const Charset* Utf8() {
  static const Charset* const utf8 = FindCharset("utf-8");
  return utf8;
}

bool HasHigh(std::string_view bytes) { return std::any_of(bytes.begin(), bytes.end(), IsHighByte); }

// Without a character that the end cuts.
std::string_view WithoutBrokenEnd(std::string_view bytes) {
  size_t end = bytes.size();
  while (end > 0 && bytes.size() - end < kMaxUtf8Bytes - 1 && IsContinuationByte(bytes[end - 1])) --end;
  const bool starts = end > 0 && static_cast<uint8_t>(bytes[end - 1]) >= 0xC2;
  return starts ? bytes.substr(0, end - 1) : bytes;
}

bool IsSoundUtf8(std::string_view bytes) {
  if (IsUtf8(bytes)) return true;
  const std::string_view without = WithoutBrokenEnd(bytes);
  return without.size() < bytes.size() && IsUtf8(without) && HasHigh(without);
}

// UTF-8 in which something went wrong: nine of ten of its characters outside ASCII are sound.
bool IsNearlyUtf8(std::string_view sample) {
  size_t sound = 0;
  size_t broken = 0;
  for (size_t at = 0; at < sample.size();) {
    const DecodedCodePoint c = DecodeUtf8(sample, at);
    sound += c.valid && c.bytes > 1 ? 1 : 0;
    broken += c.valid ? 0 : 1;
    at += c.bytes;
  }
  return sound > 9 * broken;
}

constexpr size_t kFewestZeros = 3;  // fewer may be an accident

// Texts in 8 bits have no zeros; those in 16 and 32 have them in the upper bytes of their blanks, digits and tags.
const Charset* GuessByZeros(std::string_view bytes) {
  const std::string_view sample = bytes.substr(0, kCharsetGuessedFrom);
  size_t zeros[4] = {};
  for (size_t i = 0; i < sample.size(); ++i) zeros[i % 4] += sample[i] == '\0' ? 1 : 0;
  const size_t quads = sample.size() / 4;
  const size_t even = zeros[0] + zeros[2];
  const size_t odd = zeros[1] + zeros[3];
  if (even + odd == 0 || quads == 0) return nullptr;
  if (zeros[0] >= quads && zeros[1] >= quads - quads / 16 && zeros[3] == 0) return FindCharset("utf-32be");
  if (zeros[3] >= quads && zeros[2] >= quads - quads / 16 && zeros[0] == 0) return FindCharset("utf-32le");
  const bool enough = std::max(even, odd) >= kFewestZeros && std::max(even, odd) * 25 >= sample.size() / 2;
  if (enough && even > 8 * odd) return FindCharset("utf-16be");
  if (enough && odd > 8 * even) return FindCharset("utf-16le");
  return nullptr;
}

// ISO-2022-JP and its kin are ASCII with escapes such as ESC $ B.
bool HasEscapes(std::string_view bytes) {
  for (size_t at = bytes.find('\x1B'); at != std::string_view::npos; at = bytes.find('\x1B', at + 1)) {
    if (at + 1 < bytes.size() && (bytes[at + 1] == '$' || bytes[at + 1] == '(')) return true;
  }
  return false;
}

struct FreeDetector {
  void operator()(uchardet_t detector) const { uchardet_delete(detector); }
};

// nullptr: it has no opinion, or one that the web does not know. Of a text with a letter or two outside ASCII it likes to
// say IBM852.
const Charset* AskDetector(std::string_view sample) {
  const std::unique_ptr<uchardet, FreeDetector> detector(uchardet_new());
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return nullptr;
  uchardet_data_end(detector.get());
  const Charset* const answer = FindCharset(uchardet_get_charset(detector.get()));
  return answer != nullptr && answer->may_be_guessed() ? answer : nullptr;
}

// At 0xA4 nobody means the currency sign, but the euro, which is elsewhere in windows-1252.
const Charset* WithEuro(const Charset* charset, std::string_view sample) {
  const auto is_of_windows = [](char c) { return static_cast<uint8_t>(c) >= 0x80 && static_cast<uint8_t>(c) < 0xA0; };
  if (charset->name != "windows-1252" || sample.find('\xA4') == std::string_view::npos) return charset;
  return std::any_of(sample.begin(), sample.end(), is_of_windows) ? charset : FindCharset("iso-8859-15");
}

std::string_view FromFirstHigh(std::string_view bytes) {
  const auto* const high = std::find_if(bytes.begin(), bytes.end(), IsHighByte);
  const size_t at = high == bytes.end() ? 0 : static_cast<size_t>(high - bytes.begin());
  constexpr size_t kBefore = 256;
  return bytes.substr(at - std::min(at, kBefore), kCharsetGuessedFrom);
}

}  // namespace

const Charset* GuessCharset(std::string_view bytes) {
  if (const Charset* wide = GuessByZeros(bytes); wide != nullptr) return wide;
  const bool sound = IsSoundUtf8(bytes);
  const std::string_view sample = FromFirstHigh(bytes);
  const bool escaped = sound && HasEscapes(sample);
  if ((sound || IsNearlyUtf8(sample)) && !escaped) return Utf8();
  const Charset* const asked = AskDetector(sample);
  if (asked == nullptr || asked == Utf8()) return escaped ? Utf8() : FindCharset("windows-1252");
  return WithEuro(asked, sample);
}

ByteOrderMark CharsetOfBom(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xEF\xBB\xBF")) return {Utf8(), 3};
  if (bytes.starts_with("\xFF\xFE\0\0"sv)) return {FindCharset("utf-32le"), 4};
  if (bytes.starts_with("\0\0\xFE\xFF"sv)) return {FindCharset("utf-32be"), 4};
  if (bytes.starts_with("\xFF\xFE")) return {FindCharset("utf-16le"), 2};
  if (bytes.starts_with("\xFE\xFF")) return {FindCharset("utf-16be"), 2};
  return {};
}

}  // namespace sakuin::text
