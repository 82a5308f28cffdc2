#include "classifier/units.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "text/ascii.h"
#include "text/folded_text.h"
#include "text/utf8.h"

// ASCII is read byte by byte with a table of classes; from a byte past ASCII on, back to the start of the
// word it stands in, up to the next blank the careful path folds code points. Both hash the same bytes of a
// word, eight at a time, so that a word has one hash whichever way it was read.

namespace sakuin::classifier {
namespace {

using text::WordClass;
namespace ascii = text::ascii;

constexpr uint64_t kSignSeed = 0x5369676E;
constexpr uint64_t kTwiceSeed = 0x5477696365;
constexpr uint64_t kCharacterSeed = 0x43686172;
constexpr size_t kMaxText = UINT32_MAX;

Unit Tag(uint64_t hash, UnitKind kind) { return (hash & ~uint64_t{3}) | static_cast<uint64_t>(kind); }

// The last bytes of a word, fewer than eight, as a number.
uint64_t LoadTail(const char* from, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) value |= static_cast<uint64_t>(static_cast<uint8_t>(from[i])) << (8 * i);
  return value;
}

// Of `size` bytes in lower case.
uint64_t HashOfWord(const char* from, size_t size) {
  uint64_t hash = size;
  for (; size > 8; from += 8, size -= 8) {
    uint64_t eight;
    std::memcpy(&eight, from, 8);
    hash = MixHash(hash, eight);
  }
  return MixHash(hash, LoadTail(from, size));
}

// Of ASCII letters and digits as they stand; `whole` when 8 bytes may be read from every one of them on.
uint64_t HashOfAsciiWord(const char* from, size_t size, bool whole) {
  uint64_t hash = size;
  for (; size > 8; from += 8, size -= 8) {
    uint64_t eight;
    std::memcpy(&eight, from, 8);
    hash = MixHash(hash, ascii::LowerEight(eight));
  }
  uint64_t tail = 0;
  if (whole) {
    std::memcpy(&tail, from, 8);
    tail &= ~uint64_t{0} >> (8 * (8 - size));  // 1 to 8 bytes are left
  } else {
    tail = LoadTail(from, size);
  }
  return MixHash(hash, ascii::LowerEight(tail));
}

class Cutter {
 public:
  Cutter(std::string_view text, std::vector<Unit>& units, std::vector<UnitSpan>* spans)
      : text_(text.substr(0, kMaxText)), bytes_(text_.data()), size_(text_.size()), units_(units), spans_(spans) {}

  void Run() {
    size_t at = 0;
    while (at < size_) {
      const uint8_t c = ascii::ClassOf(bytes_[at]);
      if (c & ascii::kWord) {
        at = Word(at);
      } else if (c & ascii::kHigh) {
        at = Careful(at);
      } else if ((c & ascii::kBlank) || bytes_[at] == '\0') {
        ++at;
      } else {
        at = Sign(at);
      }
    }
  }

 private:
  void Add(Unit unit, size_t begin, size_t end) {
    units_.push_back(unit);
    if (spans_ != nullptr) spans_->push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  }

  size_t Word(size_t begin) {
    size_t end = begin + 1;
    while (end < size_ && (ascii::ClassOf(bytes_[end]) & ascii::kWord)) ++end;
    if (end < size_ && (ascii::ClassOf(bytes_[end]) & ascii::kHigh)) return Careful(begin);
    Add(Tag(HashOfAsciiWord(bytes_ + begin, end - begin, end + 8 <= size_), UnitKind::kWord), begin, end);
    return end;
  }

  void AddSign(char32_t sign, bool repeated, size_t begin, size_t end) {
    Add(Tag(MixHash(sign, repeated ? kTwiceSeed : kSignSeed), UnitKind::kSign), begin, end);
  }

  size_t Sign(size_t begin) {
    size_t end = begin + 1;
    while (end < size_ && bytes_[end] == bytes_[begin]) ++end;
    AddSign(static_cast<uint8_t>(bytes_[begin]), end - begin > 1, begin, end);
    return end;
  }

  // Up to the next blank, or as far as one stretch goes.
  size_t Careful(size_t begin) {
    const text::CodePointTable& table = text::CodePointTable::For(text::FoldKind::kAccents);
    const size_t limit = std::min(size_, begin + text::kStretchBytes);
    size_t end = begin;
    while (end < limit && !(ascii::ClassOf(bytes_[end]) & ascii::kBlank)) ++end;
    if (end == limit && limit < size_) end = text::StretchEnd(table, text_, begin, text::kStretchBytes);
    folded_.clear();
    text::FoldStretch(table, text_, begin, end, folded_);
    for (size_t i = 0; i < folded_.size();) i = Folded(i);
    const bool blank = end < size_ && (ascii::ClassOf(bytes_[end]) & ascii::kBlank) != 0;
    if (blank && !units_.empty() && KindOf(units_.back()) == UnitKind::kCharacter) AddSign(U' ', false, end, end + 1);
    return end;
  }

  static bool InWord(WordClass c) {
    return c == WordClass::kLetter || c == WordClass::kDigit || c == WordClass::kUnderscore || c == WordClass::kExtend;
  }

  static bool IsCharacter(WordClass c) { return text::IsCjk(c) || c == WordClass::kComplex; }

  // One unit from the folded character `i` on; returns where the next begins.
  size_t Folded(size_t i) {
    const text::Unit& first = folded_[i];
    size_t next = i + 1;
    if (InWord(first.word_class)) {
      while (next < folded_.size() && InWord(folded_[next].word_class)) ++next;
      word_.clear();
      text::AppendUnits(std::span<const text::Unit>(folded_).subspan(i, next - i), word_);
      Add(Tag(HashOfWord(word_.data(), word_.size()), UnitKind::kWord), first.start, folded_[next - 1].end);
    } else if (IsCharacter(first.word_class)) {
      Add(Tag(MixHash(first.code_point, kCharacterSeed), UnitKind::kCharacter), first.start, first.end);
    } else {
      while (next < folded_.size() && folded_[next].code_point == first.code_point) ++next;
      AddSign(first.code_point, next - i > 1, first.start, folded_[next - 1].end);
    }
    return next;
  }

  std::string_view text_;
  const char* bytes_;
  size_t size_;
  std::vector<Unit>& units_;
  std::vector<UnitSpan>* spans_;
  std::vector<text::Unit> folded_;
  std::string word_;
};

}  // namespace

void CutUnits(std::string_view text, std::vector<Unit>& units, std::vector<UnitSpan>* spans) {
  units.clear();
  if (spans != nullptr) spans->clear();
  Cutter(text, units, spans).Run();
}

}  // namespace sakuin::classifier
