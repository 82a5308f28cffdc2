// uax29_tokenizer.h: words after UAX #29 as Lucene's StandardTokenizer cuts
// them, in lower case: Han and hiragana characters one by one, katakana and
// Hangul in whole words, emoji sequences, words of more than 255 UTF-16 units
// in pieces.
//
//   struct Print { void Word(char* lower, size_t size, bool ascii, uint32_t start, uint32_t end); };
//   Print print;
//   uint64_t invalid = TokenizeUax29("Don't panic", print);   // don't [0,5)  panic [6,11)
//
// The sink gets a buffer it may change, with kWordSlack bytes behind the word.
// Nothing is folded but case. Stateless: thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/ascii.h"
#include "text/folded_text.h"

namespace sakuin::text {

inline constexpr size_t kWordSlack = 16;
inline constexpr size_t kMaxUax29Units = 255;  // of UTF-16, as in Lucene

// A word found among units: [begin, end).
struct UnitRange {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// The words of units folded with FoldKind::kLowercase.
void SegmentUax29(const std::vector<Unit>& units, std::vector<UnitRange>& out);

// The careful path for text[begin, ...) up to a blank: fills the scratch and returns where to go on.
struct Uax29Stretch {
  std::vector<Unit> units;
  std::vector<UnitRange> words;
  std::string term;
  uint64_t invalid = 0;
  size_t Read(std::string_view text, size_t begin);
};
Uax29Stretch& ThreadUax29Stretch();

template <typename Sink>
class Uax29Run {
 public:
  Uax29Run(std::string_view text, Sink& sink) : text_(text), bytes_(text.data()), size_(text.size()), sink_(sink) {}

  uint64_t Run() {
    size_t at = 0;
    while (at < size_) {
      const uint8_t c = ascii::ClassOf(bytes_[at]);
      if (c & ascii::kHigh) {
        at = Careful(at);
      } else if (c & ascii::kWord) {
        at = Word(at);
      } else {
        ++at;
      }
    }
    return invalid_;
  }

 private:
  uint8_t ClassAt(size_t at, size_t limit) const { return at < limit ? ascii::ClassOf(bytes_[at]) : uint8_t{ascii::kOther}; }

  static bool Joins(char c, uint8_t before, uint8_t after) {
    const uint8_t both = before & after;
    if (c == '.' || c == '\'') return (both & (ascii::kLetter | ascii::kDigit)) != 0;
    if (c == ':') return (both & ascii::kLetter) != 0;
    return (c == ',' || c == ';') && (both & ascii::kDigit) != 0;
  }

  size_t Word(size_t begin) {
    const size_t limit = std::min(size_, begin + kMaxUax29Units);
    size_t end = begin;
    uint8_t seen = 0;
    for (;;) {
      while (end < limit && (ascii::ClassOf(bytes_[end]) & ascii::kWord)) seen |= ascii::ClassOf(bytes_[end++]);
      const uint8_t c = ClassAt(end, limit);
      if (c & ascii::kHigh) return Careful(begin);
      if (!(c & ascii::kJoiner)) break;
      const uint8_t after = ClassAt(end + 1, limit);
      if (after & ascii::kHigh) return Careful(begin);
      if (!Joins(bytes_[end], ClassAt(end - 1, limit), after)) break;
      ++end;
    }
    if (seen & (ascii::kLetter | ascii::kDigit)) {
      if (end + 8 <= size_) {
        ascii::CopyLowerOverreading(bytes_ + begin, end - begin, word_);
      } else {
        ascii::CopyLower(bytes_ + begin, end - begin, word_);
      }
      sink_.Word(word_, end - begin, true, static_cast<uint32_t>(begin), static_cast<uint32_t>(end));
    }
    return end;
  }

  size_t Careful(size_t begin) {
    Uax29Stretch& stretch = ThreadUax29Stretch();
    const size_t end = stretch.Read(text_, begin);
    invalid_ += stretch.invalid;
    for (const UnitRange& word : stretch.words) {
      stretch.term.clear();
      AppendUnits(std::span<const Unit>(stretch.units).subspan(word.begin, word.end - word.begin), stretch.term);
      const size_t size = stretch.term.size();
      const bool ascii_only = size == word.end - word.begin;
      stretch.term.append(kWordSlack, '\0');
      sink_.Word(stretch.term.data(), size, ascii_only, stretch.units[word.begin].start, stretch.units[word.end - 1].end);
    }
    return end;
  }

  std::string_view text_;
  const char* bytes_;
  size_t size_;
  Sink& sink_;
  uint64_t invalid_ = 0;
  char word_[kMaxUax29Units + 1 + kWordSlack];
};

template <typename Sink>
uint64_t TokenizeUax29(std::string_view text, Sink& sink) {
  return Uax29Run<Sink>(text, sink).Run();
}

}  // namespace sakuin::text
