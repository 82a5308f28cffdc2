// spelling.h: how far apart two spellings are, counted in what a hand does on a
// keyboard.
//
//   SpellingUnits("한국")          // ㅎㅏㄴㄱㅜㄱ: a syllable is two to five keys
//   SpellingUnits("サーバー")      // サバ: a long vowel is no difference
//   EditRows rows(SpellingUnits("search"));
//   for (char32_t unit : SpellingUnits("serch")) rows.Push(unit);
//   rows.distance();               // 1
//
// An edit is one unit put in, left out, replaced, or exchanged with its
// neighbour (optimal string alignment). Pure values; not thread-safe under change.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sakuin::searcher {

// Hangul by key (compound vowels and finals are two keys), hiragana as katakana,
// small kana as large, ー behind kana left out; all else a unit per code point.
std::u32string SpellingUnits(std::string_view text);

// The keys that give `text` so far: Hangul by key, all else a unit per code point.
// "한ㄱ" is a beginning of "한국", and so is "하".
std::u32string TypedKeys(std::string_view text);

// The syllables that come of typing on where `c` is typed: [first, last). 하 may
// become 한 or 핥, 호 also 화; a lone consonant any syllable that begins with it.
// Empty for anything else.
struct Syllables {
  char32_t first = 0;
  char32_t last = 0;
};
Syllables SyllablesFrom(char32_t c);

// Appends the units of one code point to those of what stands before it.
void AppendSpellingUnits(char32_t c, std::u32string& units);

// How many edits a misspelled word may be away from what was meant: 0, 1 or 2 by
// its length; 0 when it has a digit.
uint32_t EditLimit(std::u32string_view units);

// Distances between a word and a text that grows and shrinks at its end.
class EditRows {
 public:
  explicit EditRows(std::u32string word);

  // Cost: linear in the word.
  void Push(char32_t unit);
  // REQUIRES: size <= size().
  void Truncate(size_t size);

  size_t size() const { return text_.size(); }
  // Between the whole word and the whole text.
  uint32_t distance() const { return Row(size())[word_.size()]; }
  // No text that begins with this one is nearer.
  uint32_t least() const { return least_[size()]; }

 private:
  const uint32_t* Row(size_t i) const { return cells_.data() + i * (word_.size() + 1); }
  uint32_t* Row(size_t i) { return cells_.data() + i * (word_.size() + 1); }

  std::u32string word_;
  std::u32string text_;
  std::vector<uint32_t> cells_;  // a row per prefix of the text
  std::vector<uint32_t> least_;  // the smallest number of each row
};

}  // namespace sakuin::searcher
