#include "text/uax29_tokenizer.h"

#include "text/code_point_table.h"

namespace sakuin::text {
namespace {

bool IsAttached(WordClass c) { return c == WordClass::kExtend || c == WordClass::kZwj; }
bool IsALetter(WordClass c) { return c == WordClass::kLetter || c == WordClass::kHebrew || c == WordClass::kHangul; }
bool IsWordClass(WordClass c) { return IsALetter(c) || c == WordClass::kDigit || c == WordClass::kKatakana || c == WordClass::kUnderscore; }

// Rules WB5 to WB13 between two neighbours (marks between them left out).
bool Adjoin(WordClass before, WordClass after) {
  if (before == WordClass::kUnderscore || after == WordClass::kUnderscore) return IsWordClass(before) && IsWordClass(after);
  if (before == WordClass::kKatakana || after == WordClass::kKatakana) return before == after;
  return IsWordClass(before) && IsWordClass(after);
}

bool JoinsAcross(WordClass before, WordClass middle, WordClass after) {
  const bool both = middle == WordClass::kMidBoth || middle == WordClass::kSingleQuote;
  if (IsALetter(before) && IsALetter(after)) {
    return both || middle == WordClass::kMidLetter ||
           (middle == WordClass::kDoubleQuote && before == WordClass::kHebrew && after == WordClass::kHebrew);
  }
  return before == WordClass::kDigit && after == WordClass::kDigit && (both || middle == WordClass::kMidNumber);
}

class Segmenter {
 public:
  Segmenter(const std::vector<Unit>& units, std::vector<UnitRange>& out) : units_(units), out_(out) {}

  void Run() {
    uint32_t at = 0;
    while (at < units_.size()) {
      const uint32_t end = One(at);
      at = end;
    }
  }

 private:
  WordClass ClassAt(uint32_t at) const { return at < limit_ ? units_[at].word_class : WordClass::kOther; }

  uint32_t SkipAttached(uint32_t at) const {
    while (at < limit_ && IsAttached(units_[at].word_class)) ++at;
    return at;
  }

  // Where kMaxUax29Units units of UTF-16 after `begin` end.
  uint32_t LimitFrom(uint32_t begin) const {
    size_t utf16 = 0;
    uint32_t end = begin;
    while (end < units_.size()) {
      utf16 += units_[end].code_point > 0xFFFF ? 2 : 1;
      if (utf16 > kMaxUax29Units) break;
      ++end;
    }
    return end;
  }

  uint32_t One(uint32_t at) {
    limit_ = LimitFrom(at);
    const WordClass c = ClassAt(at);
    if (IsWordClass(c)) return Word(at);
    switch (c) {
      case WordClass::kHan:
      case WordClass::kHiragana: return Emit(at, SkipAttached(at + 1));
      case WordClass::kComplex: return ComplexRun(at);
      case WordClass::kRegional: {
        const uint32_t second = SkipAttached(at + 1);
        return ClassAt(second) == WordClass::kRegional ? Emit(at, SkipAttached(second + 1)) : at + 1;
      }
      case WordClass::kPictographic: return Pictographs(at);
      default: return at + 1;
    }
  }

  uint32_t Emit(uint32_t begin, uint32_t end) {
    out_.push_back({begin, end});
    return end;
  }

  uint32_t Word(uint32_t begin) {
    WordClass last = ClassAt(begin);
    bool real = last != WordClass::kUnderscore;
    uint32_t end = SkipAttached(begin + 1);
    for (;;) {
      const WordClass c = ClassAt(end);
      if (Adjoin(last, c)) {
        end = SkipAttached(end + 1);
        last = c;
      } else {
        const uint32_t beyond = SkipAttached(end + 1);
        const WordClass after = ClassAt(beyond);
        if (JoinsAcross(last, c, after)) {
          end = SkipAttached(beyond + 1);
          last = after;
        } else {
          if (last == WordClass::kHebrew && c == WordClass::kSingleQuote) end = beyond;
          break;
        }
      }
      real = real || last != WordClass::kUnderscore;
    }
    return real ? Emit(begin, end) : end;
  }

  uint32_t ComplexRun(uint32_t begin) {
    uint32_t end = SkipAttached(begin + 1);
    while (ClassAt(end) == WordClass::kComplex) end = SkipAttached(end + 1);
    return Emit(begin, end);
  }

  uint32_t Pictographs(uint32_t begin) {
    uint32_t end = SkipAttached(begin + 1);
    while (ClassAt(end) == WordClass::kPictographic && ClassAt(end - 1) == WordClass::kZwj) end = SkipAttached(end + 1);
    return Emit(begin, end);
  }

  const std::vector<Unit>& units_;
  std::vector<UnitRange>& out_;
  uint32_t limit_ = 0;
};

}  // namespace

void SegmentUax29(const std::vector<Unit>& units, std::vector<UnitRange>& out) { Segmenter(units, out).Run(); }

size_t Uax29Stretch::Read(std::string_view text, size_t begin) {
  const CodePointTable& table = CodePointTable::For(FoldKind::kLowercase);
  const size_t furthest = std::min(text.size(), begin + kStretchBytes);
  size_t end = begin;
  while (end < furthest && !(ascii::ClassOf(text[end]) & ascii::kBlank)) ++end;
  if (end == furthest) end = StretchEnd(table, text, begin, kStretchBytes);
  units.clear();
  words.clear();
  invalid = FoldStretch(table, text, begin, end, units);
  SegmentUax29(units, words);
  return end;
}

Uax29Stretch& ThreadUax29Stretch() {
  thread_local Uax29Stretch stretch;
  return stretch;
}

}  // namespace sakuin::text
