#include "text/language_guess.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <cstdio>  // CLD2's header needs it
#include <vector>

#include "base/ascii.h"
#include "text/utf8.h"
#include "text/utf8_repair.h"

namespace sakuin::text {
namespace {

// Valid UTF-8 without control characters, as CLD2 wants it.
std::string CleanSample(std::string_view text, size_t bytes) {
  const std::string_view head = CutAtCharacter(text, std::min(bytes, kGuessedFrom));
  std::string sample;
  if (IsUtf8(head) && head.find("\xEF\xBF\xBD") == std::string_view::npos) {
    sample = head;
    for (char& c : sample) c = (static_cast<uint8_t>(c) < ' ' || c == 0x7F) ? ' ' : c;
    return sample;
  }
  for (size_t at = 0; at < head.size();) {
    const DecodedCodePoint c = DecodeUtf8(head, at);
    at += c.bytes;
    AppendUtf8(sample, c.value < U' ' || c.value == 0x7F || c.value == 0xFFFD ? U' ' : c.value);
  }
  return sample;
}

std::string LowerName(CLD2::Language language) { return LowerAscii(CLD2::LanguageName(language)); }

std::string BestGuess(std::string_view text) {
  const std::string sample = CleanSample(text, kGuessedFrom);
  const CLD2::CLDHints none = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language best[3];
  int percent[3];
  double score[3];
  int bytes = 0;
  bool reliable = false;
  return LowerName(CLD2::ExtDetectLanguageSummary(sample.data(), static_cast<int>(sample.size()), true, &none, CLD2::kCLDFlagBestEffort, best,
                                                  percent, score, nullptr, &bytes, &reliable));
}

struct MarkedLetters {
  std::u32string_view letters;
  std::string_view language;
};

constexpr MarkedLetters kMarkedLetters[] = {
    {U"äöüßÄÖÜ", "german"},
    {U"äöåÄÖÅ", "swedish"},
    {U"äöÄÖ", "finnish"},
    {U"æøåÆØÅ", "danish"},
    {U"æøåÆØÅ", "norwegian"},
    {U"àâçéèêëîïôùûœÀÂÇÉÈÊËÎÏÔÙÛŒ", "french"},
    {U"áéíñóúüÁÉÍÑÓÚÜ", "spanish"},
    {U"àèéìòùÀÈÉÌÒÙ", "italian"},
    {U"ãõáàâçéêíóôúÃÕÁÀÂÇÉÊÍÓÔÚ", "portuguese"},
    {U"àçèéíïòóúüÀÇÈÉÍÏÒÓÚÜ", "catalan"},
    {U"áéíóöőúüűÁÉÍÓÖŐÚÜŰ", "hungarian"},
    {U"ăâîșțşţĂÂÎȘȚŞŢ", "romanian"},
    {U"çğıöşüÇĞİÖŞÜ", "turkish"},
    {U"ąčęėįšųūžĄČĘĖĮŠŲŪŽ", "lithuanian"},
    {U"áéíóúÁÉÍÓÚ", "irish"},
    {U"éëïöüÉËÏÖÜ", "dutch"},
};

}  // namespace

std::string SurelyWrittenIn(std::string_view text, size_t bytes) {
  const std::string sample = CleanSample(text, bytes);
  bool reliable = false;
  const CLD2::Language language = CLD2::DetectLanguage(sample.data(), static_cast<int>(sample.size()), true, &reliable);
  return reliable ? LowerName(language) : std::string();
}

std::set<std::string> PossibleLanguages(std::string_view text) {
  std::set<std::string> languages = {BestGuess(text)};
  std::u32string marked;
  const std::string_view head = CutAtCharacter(text, kGuessedFrom);
  for (size_t at = 0; at < head.size();) {
    const DecodedCodePoint c = DecodeUtf8(head, at);
    at += c.bytes;
    if (c.value >= 0xC0 && c.value < 0x250 && marked.find(c.value) == std::u32string::npos) marked.push_back(c.value);
  }
  if (marked.empty()) return languages;
  for (const MarkedLetters& row : kMarkedLetters) {
    const auto has = [&](char32_t c) { return row.letters.find(c) != std::u32string_view::npos; };
    if (std::all_of(marked.begin(), marked.end(), has)) languages.emplace(row.language);
  }
  return languages;
}

}  // namespace sakuin::text
