#include "searcher/spelling.h"

#include <algorithm>
#include <array>

#include "text/utf8.h"

namespace sakuin::searcher {
namespace {

constexpr char32_t kFirstSyllable = 0xAC00;
constexpr char32_t kLastSyllable = 0xD7A3;
constexpr char32_t kFirstLetter = 0x3131;  // of the letters that stand alone, ㄱ
constexpr char32_t kLastConsonant = 0x314E;
constexpr char32_t kFirstVowel = 0x314F;
constexpr char32_t kLastVowel = 0x3163;

// Initial and final consonants of syllables, in the order of the code points.
constexpr std::u32string_view kInitials = U"ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
constexpr std::u32string_view kFinals = U"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

struct Compound {
  char32_t letter;
  char32_t first;
  char32_t second;
};

// Letters that are typed as two.
constexpr std::array<Compound, 18> kCompounds = {{{U'ㄳ', U'ㄱ', U'ㅅ'},
                                                  {U'ㄵ', U'ㄴ', U'ㅈ'},
                                                  {U'ㄶ', U'ㄴ', U'ㅎ'},
                                                  {U'ㄺ', U'ㄹ', U'ㄱ'},
                                                  {U'ㄻ', U'ㄹ', U'ㅁ'},
                                                  {U'ㄼ', U'ㄹ', U'ㅂ'},
                                                  {U'ㄽ', U'ㄹ', U'ㅅ'},
                                                  {U'ㄾ', U'ㄹ', U'ㅌ'},
                                                  {U'ㄿ', U'ㄹ', U'ㅍ'},
                                                  {U'ㅀ', U'ㄹ', U'ㅎ'},
                                                  {U'ㅄ', U'ㅂ', U'ㅅ'},
                                                  {U'ㅘ', U'ㅗ', U'ㅏ'},
                                                  {U'ㅙ', U'ㅗ', U'ㅐ'},
                                                  {U'ㅚ', U'ㅗ', U'ㅣ'},
                                                  {U'ㅝ', U'ㅜ', U'ㅓ'},
                                                  {U'ㅞ', U'ㅜ', U'ㅔ'},
                                                  {U'ㅟ', U'ㅜ', U'ㅣ'},
                                                  {U'ㅢ', U'ㅡ', U'ㅣ'}}};

void AppendKeys(char32_t letter, std::u32string& units) {
  const auto at = std::find_if(kCompounds.begin(), kCompounds.end(), [&](const Compound& compound) { return compound.letter == letter; });
  if (at == kCompounds.end()) {
    units.push_back(letter);
  } else {
    units.push_back(at->first);
    units.push_back(at->second);
  }
}

void AppendSyllable(char32_t c, std::u32string& units) {
  const uint32_t index = c - kFirstSyllable;
  units.push_back(kInitials[index / 588]);
  AppendKeys(kFirstVowel + index % 588 / 28, units);
  if (index % 28 != 0) AppendKeys(kFinals[index % 28 - 1], units);
}

// The letter that a conjoining one (U+1100 on) shows; 0 for anything else.
char32_t LetterOfConjoining(char32_t c) {
  if (c >= 0x1100 && c < 0x1100 + kInitials.size()) return kInitials[c - 0x1100];
  if (c >= 0x1161 && c <= 0x1175) return kFirstVowel + (c - 0x1161);
  if (c >= 0x11A8 && c < 0x11A8 + kFinals.size()) return kFinals[c - 0x11A8];
  return 0;
}

bool IsKatakana(char32_t c) { return c >= 0x30A1 && c <= 0x30FA; }

char32_t LargeKana(char32_t c) {
  constexpr std::u32string_view kOneBefore = U"ァィゥェォッャュョヮ";
  if (kOneBefore.find(c) != std::u32string_view::npos) return c + 1;
  if (c == U'ヵ') return U'カ';
  return c == U'ヶ' ? U'ケ' : c;
}

bool IsHangulLetter(char32_t unit) { return unit >= kFirstLetter && unit <= kLastVowel; }

bool IsHan(char32_t unit) { return (unit >= 0x3400 && unit <= 0x9FFF) || (unit >= 0xF900 && unit <= 0xFAFF) || (unit >= 0x20000 && unit <= 0x3FFFF); }

// False, and nothing is appended, when `c` is not Hangul.
bool AppendHangul(char32_t c, std::u32string& units) {
  const bool letter = (c >= kFirstLetter && c <= kLastConsonant) || (c >= kFirstVowel && c <= kLastVowel);
  const char32_t conjoining = LetterOfConjoining(c);
  if (c >= kFirstSyllable && c <= kLastSyllable) {
    AppendSyllable(c, units);
  } else if (letter || conjoining != 0) {
    AppendKeys(letter ? c : conjoining, units);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void AppendSpellingUnits(char32_t c, std::u32string& units) {
  if (AppendHangul(c, units)) return;
  if (c >= 0x3041 && c <= 0x3096) c += 0x60;  // hiragana
  if (c == U'ー' && !units.empty() && IsKatakana(units.back())) return;
  units.push_back(IsKatakana(c) ? LargeKana(c) : c);
}

std::u32string SpellingUnits(std::string_view text) {
  std::u32string units;
  for (size_t at = 0; at < text.size();) {
    const text::DecodedCodePoint c = text::DecodeUtf8(text, at);
    AppendSpellingUnits(c.value, units);
    at += c.bytes;
  }
  return units;
}

std::u32string TypedKeys(std::string_view text) {
  std::u32string keys;
  for (size_t at = 0; at < text.size();) {
    const text::DecodedCodePoint c = text::DecodeUtf8(text, at);
    if (!AppendHangul(c.value, keys)) keys.push_back(c.value);
    at += c.bytes;
  }
  return keys;
}

Syllables SyllablesFrom(char32_t c) {
  constexpr uint32_t kPerVowel = 28;
  constexpr uint32_t kPerInitial = 588;
  if (c >= kFirstSyllable && c <= kLastSyllable) {
    const uint32_t index = c - kFirstSyllable;
    const uint32_t vowel = index % kPerInitial / kPerVowel;
    uint32_t vowels = 1;
    if (index % kPerVowel == 0) vowels = vowel == 8 || vowel == 13 ? 4 : vowel == 18 ? 2 : 1;  // ㅗ ㅜ ㅡ begin compound vowels
    const char32_t first = c - index % kPerVowel;
    return {first, first + vowels * kPerVowel};
  }
  std::u32string keys;
  if (!AppendHangul(c, keys)) return {};
  const size_t initial = kInitials.find(keys[0]);
  if (initial == std::u32string_view::npos) return {};
  const char32_t first = kFirstSyllable + static_cast<char32_t>(initial) * kPerInitial;
  return {first, first + kPerInitial};
}

uint32_t EditLimit(std::u32string_view units) {
  const auto any = [&](auto test) { return std::any_of(units.begin(), units.end(), test); };
  if (any([](char32_t unit) { return unit >= '0' && unit <= '9'; })) return 0;
  size_t one = 4;
  size_t two = 7;
  if (any(IsHangulLetter)) {
    two = 9;
  } else if (any(IsHan)) {
    one = 3;
    two = 6;
  }
  return units.size() >= two ? 2 : units.size() >= one ? 1 : 0;
}

EditRows::EditRows(std::u32string word) : word_(std::move(word)), cells_(word_.size() + 1), least_{0} {
  for (uint32_t j = 0; j <= word_.size(); ++j) cells_[j] = j;
}

void EditRows::Push(char32_t unit) {
  text_.push_back(unit);
  const size_t i = text_.size();
  cells_.resize((i + 1) * (word_.size() + 1));
  uint32_t* row = Row(i);
  const uint32_t* before = Row(i - 1);
  uint32_t smallest = row[0] = static_cast<uint32_t>(i);
  for (size_t j = 1; j <= word_.size(); ++j) {
    row[j] = std::min({row[j - 1] + 1, before[j] + 1, before[j - 1] + (word_[j - 1] == unit ? 0U : 1U)});
    if (i > 1 && j > 1 && unit == word_[j - 2] && text_[i - 2] == word_[j - 1]) row[j] = std::min(row[j], Row(i - 2)[j - 2] + 1);
    smallest = std::min(smallest, row[j]);
  }
  least_.push_back(smallest);
}

void EditRows::Truncate(size_t size) {
  text_.resize(size);
  least_.resize(size + 1);
}

}  // namespace sakuin::searcher
