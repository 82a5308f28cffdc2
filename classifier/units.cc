#include "classifier/units.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <string>

#include "classifier/ascii_edges.h"
#include "text/ascii.h"
#include "text/folded_text.h"
#include "text/utf8.h"

// ASCII is read 64 bytes at a time where there is enough of it, else byte by byte with a table of classes; from a byte
// past ASCII on, back to the start of the word it stands in, up to the next blank the careful path folds code points.
// All hash the same bytes of a word, eight at a time, so that a word has one hash whichever way it was read.

namespace sakuin::classifier {
namespace {

using text::WordClass;
namespace ascii = text::ascii;

constexpr uint64_t kSignSeed = 0x5369676E;
constexpr uint64_t kTwiceSeed = 0x5477696365;
constexpr uint64_t kCharacterSeed = 0x43686172;
constexpr size_t kMaxText = UINT32_MAX;
constexpr size_t kLeastStretch = 64;  // bytes of ASCII that are worth reading at once
constexpr size_t kBlocksAtOnce = 8;

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
      if ((c & ascii::kBlank) || bytes_[at] == '\0') {
        ++at;
        continue;
      }
      const size_t end = c & ascii::kHigh ? at : EndOfStretch(at);
      if (end <= at) {
        at = Careful(at);
      } else if (end - at >= kLeastStretch) {
        Stretch(at, end);
        at = end;
      } else {
        at = c & ascii::kWord ? Word(at) : Sign(at);
      }
    }
  }

 private:
  // How far ASCII goes from `at` on, without the word that what follows belongs to: not behind `at` inside that word.
  // Both are looked for once, however many pieces such a word is read in.
  size_t EndOfStretch(size_t at) {
    if (next_high_ > at) return stretch_end_;
    next_high_ = at;
    while (next_high_ + 8 <= size_ && !ascii::HasHigh(bytes_ + next_high_)) next_high_ += 8;
    while (next_high_ < size_ && !(ascii::ClassOf(bytes_[next_high_]) & ascii::kHigh)) ++next_high_;
    stretch_end_ = next_high_;
    while (next_high_ < size_ && stretch_end_ > at && (ascii::ClassOf(bytes_[stretch_end_ - 1]) & ascii::kWord)) --stretch_end_;
    return stretch_end_;
  }

  // The words and signs of ASCII. REQUIRES: none of them goes on behind `end`.
  void Stretch(size_t begin, size_t end) {
    AsciiEdges edges;
    uint32_t starts[AsciiEdges::kBytes * kBlocksAtOnce + 1];
    uint32_t ends[AsciiEdges::kBytes * kBlocksAtOnce + 1];
    size_t started = 0;
    size_t ended = 0;
    for (size_t at = begin; at < end; at += AsciiEdges::kBytes) {
      if (at + AsciiEdges::kBytes <= end) {
        edges.Take(bytes_ + at);
      } else {
        char last[AsciiEdges::kBytes] = {};
        std::memcpy(last, bytes_ + at, end - at);
        edges.Take(last);
      }
      started = AppendBits(edges.starts(), at, starts, started);
      ended = AppendBits(edges.ends(), at, ends, ended);
      const bool full = (at - begin) / AsciiEdges::kBytes % kBlocksAtOnce == kBlocksAtOnce - 1;
      if (!full) continue;
      AddAscii(starts, ends, ended);
      if (started > ended) starts[0] = starts[ended];
      started -= ended;
      ended = 0;
    }
    if (started > ended) ends[ended++] = static_cast<uint32_t>(end);
    AddAscii(starts, ends, ended);
  }

  static size_t AppendBits(uint64_t bits, size_t at, uint32_t* places, size_t count) {
    for (; bits != 0; bits &= bits - 1) places[count++] = static_cast<uint32_t>(at) + static_cast<uint32_t>(std::countr_zero(bits));
    return count;
  }

  void AddAscii(const uint32_t* starts, const uint32_t* ends, size_t count) {
    const size_t first = units_.size();
    units_.resize(first + count);
    // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): both are filled up to `count`.
    for (size_t i = 0; i < count; ++i) units_[first + i] = AsciiUnit(starts[i], ends[i]);
    if (spans_ == nullptr) return;
    for (size_t i = 0; i < count; ++i) spans_->push_back({starts[i], ends[i]});
  }

  // Word or sign is as good as random, so both are hashed by the same steps.
  Unit AsciiUnit(size_t begin, size_t end) const {
    const size_t size = end - begin;
    const char first = bytes_[begin];
    const bool word = (ascii::ClassOf(first) & ascii::kWord) != 0;
    if ((word & (size > 8)) || begin + 8 > size_) return LongOrLast(begin, end, word);
    uint64_t eight;
    std::memcpy(&eight, bytes_ + begin, 8);
    const uint64_t letters = ascii::LowerEight(eight & (~uint64_t{0} >> (8 * (8 - std::min<size_t>(size, 8)))));
    const uint64_t seed = size > 1 ? kTwiceSeed : kSignSeed;
    const uint64_t hash = MixHash(word ? size : static_cast<uint8_t>(first), word ? letters : seed);
    return Tag(hash, word ? UnitKind::kWord : UnitKind::kSign);
  }

  Unit LongOrLast(size_t begin, size_t end, bool word) const {
    if (!word) return SignUnit(static_cast<uint8_t>(bytes_[begin]), end - begin > 1);
    return Tag(HashOfAsciiWord(bytes_ + begin, end - begin, end + 8 <= size_), UnitKind::kWord);
  }

  void Add(Unit unit, size_t begin, size_t end) {
    units_.push_back(unit);
    if (spans_ != nullptr) spans_->push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  }

  // REQUIRES: the word is ASCII to its end.
  size_t Word(size_t begin) {
    size_t end = begin + 1;
    while (end < size_ && (ascii::ClassOf(bytes_[end]) & ascii::kWord)) ++end;
    Add(Tag(HashOfAsciiWord(bytes_ + begin, end - begin, end + 8 <= size_), UnitKind::kWord), begin, end);
    return end;
  }

  static Unit SignUnit(char32_t sign, bool repeated) { return Tag(MixHash(sign, repeated ? kTwiceSeed : kSignSeed), UnitKind::kSign); }

  void AddSign(char32_t sign, bool repeated, size_t begin, size_t end) { Add(SignUnit(sign, repeated), begin, end); }

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
    folded_.reserve(std::min(size_, text::kStretchBytes));
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
  size_t next_high_ = 0;    // the first byte past ASCII from here on, when it is not behind us
  size_t stretch_end_ = 0;  // where the word that it is in begins
  std::vector<Unit>& units_;
  std::vector<UnitSpan>* spans_;
  std::vector<text::Unit> folded_;
  std::string word_;
};

}  // namespace

uint64_t ProcessSeed() {
  static const uint64_t seed = [] {
    std::random_device device;
    return (uint64_t{device()} << 32 | device()) | 1;
  }();
  return seed;
}

void CutUnits(std::string_view text, std::vector<Unit>& units, std::vector<UnitSpan>* spans) {
  units.clear();
  if (spans != nullptr) spans->clear();
  Cutter(text, units, spans).Run();
}

}  // namespace sakuin::classifier
