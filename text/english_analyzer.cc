#include "text/english_analyzer.h"

#include <string>

#include "text/fingerprint.h"
#include "text/porter_stemmer.h"
#include "text/stop_words.h"
#include "text/uax29_tokenizer.h"
#include "text/utf8.h"

namespace sakuin::text {
namespace {

// The length without 's, ’s or ＇s. Case is lower already.
size_t WithoutPossessive(const char* word, size_t size) {
  if (size >= 2 && word[size - 1] == 's') {
    if (word[size - 2] == '\'') return size - 2;
    const std::string_view before(word, size - 1);
    if (before.ends_with("’") || before.ends_with("＇")) return size - 4;
  }
  return size;
}

// Porter's stemmer counts UTF-16 units, as it does in Lucene.
std::string StemWide(std::string_view word) {
  std::u16string wide;
  for (size_t at = 0; at < word.size();) {
    const DecodedCodePoint c = DecodeUtf8(word, at);
    at += c.bytes;
    if (c.value > 0xFFFF) {
      wide.push_back(static_cast<char16_t>(0xD7C0 + (c.value >> 10)));
      wide.push_back(static_cast<char16_t>(0xDC00 | (c.value & 0x3FF)));
    } else {
      wide.push_back(static_cast<char16_t>(c.value));
    }
  }
  const size_t before = wide.size();
  wide.append(2, u'\0');
  const size_t after = PorterStem(wide.data(), before);
  std::string stem;
  for (size_t i = 0; i < after; ++i) {
    const bool pair = (wide[i] & 0xFC00) == 0xD800 && i + 1 < after && (wide[i + 1] & 0xFC00) == 0xDC00;
    const bool alone = !pair && (wide[i] & 0xF800) == 0xD800;
    AppendUtf8(stem, pair ? (static_cast<char32_t>(wide[i] - 0xD7C0) << 10) | (wide[i + 1] & 0x3FFu) : alone ? kReplacementCharacter : wide[i]);
    if (pair) ++i;
  }
  return stem;
}

struct EnglishSink {
  TokenList& out;
  uint32_t position;

  void Word(char* word, size_t size, bool ascii, uint32_t start, uint32_t end) {
    size = WithoutPossessive(word, size);
    const uint32_t here = position++;
    if (IsLuceneStopWord({word, size})) return;
    if (ascii) {
      out.Add({word, PorterStem(word, size)}, start, end, here);
    } else {
      out.Add(CutAtCharacter(StemWide({word, size}), kMaxTermBytes), start, end, here);
    }
  }
};

}  // namespace

EnglishAnalyzer::EnglishAnalyzer() : fingerprint_(FingerprintOf("english")) {}

void EnglishAnalyzer::Analyze(std::string_view text, AnalysisMode, TokenList& out) const {
  EnglishSink sink{out, out.next_position()};
  out.invalid_bytes += TokenizeUax29(text, sink);
  out.set_next_position(sink.position);
}

}  // namespace sakuin::text
