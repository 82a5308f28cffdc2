#include "text/word_segmenter.h"

namespace sakuin::text {
namespace {

bool IsWordStart(WordClass c) { return c == WordClass::kLetter || c == WordClass::kDigit || c == WordClass::kUnderscore; }

class Segmenter {
 public:
  Segmenter(std::span<const Unit> units, RunSplit split, std::vector<Piece>& out) : units_(units), split_(split), out_(out) {}

  void Run() {
    uint32_t at = 0;
    while (at < units_.size()) {
      const WordClass c = ClassAt(at);
      if (IsWordStart(c)) {
        at = Word(at);
      } else if (IsCjk(c)) {
        at = CjkRun(at);
      } else if (c == WordClass::kComplex) {
        at = SameClass(at, WordClass::kComplex, PieceKind::kComplex);
      } else if (c == WordClass::kEmoji) {
        out_.push_back({PieceKind::kEmoji, at, at + 1});
        ++at;
      } else {
        ++at;
      }
    }
  }

 private:
  WordClass ClassAt(size_t at) const { return at < units_.size() ? units_[at].word_class : WordClass::kOther; }

  // Does units_[at], a mark of punctuation, join what is on both its sides?
  bool Joins(size_t at, WordClass before) const {
    const WordClass c = ClassAt(at);
    const WordClass after = ClassAt(at + 1);
    if (before != after) return false;
    if (before == WordClass::kLetter) return c == WordClass::kMidLetter || c == WordClass::kMidBoth;
    return before == WordClass::kDigit && (c == WordClass::kMidNumber || c == WordClass::kMidBoth);
  }

  uint32_t Word(uint32_t begin) {
    uint32_t end = begin;
    bool only_letters = true;
    for (WordClass last = WordClass::kOther; end < units_.size(); ++end) {
      const WordClass c = ClassAt(end);
      if (c == WordClass::kExtend) continue;
      if (!IsWordStart(c) && !Joins(end, last)) break;
      only_letters = only_letters && c == WordClass::kLetter;
      last = c;
    }
    const uint32_t signs = only_letters ? SignsAt(end, end - begin) : 0;
    Emit(signs > 0 ? PieceKind::kSignedWord : PieceKind::kWord, begin, end + signs);
    return end + signs;
  }

  uint32_t SignsAt(uint32_t at, size_t letters) const {
    if (ClassAt(at) != WordClass::kSign) return 0;
    uint32_t end = at;
    while (ClassAt(end) == WordClass::kSign && units_[end].code_point == units_[at].code_point) ++end;
    const WordClass next = ClassAt(end);
    return SignsOfWord(letters, static_cast<char>(units_[at].code_point), end - at, next == WordClass::kLetter || next == WordClass::kDigit);
  }

  void Emit(PieceKind kind, uint32_t begin, uint32_t end) {
    while (begin < end && ClassAt(begin) == WordClass::kUnderscore) ++begin;
    while (begin < end && ClassAt(end - 1) == WordClass::kUnderscore) --end;
    if (begin < end) out_.push_back({kind, begin, end});
  }

  // The prolonged sound mark is written in hiragana words too.
  static bool SameScript(WordClass run, const Unit& unit) {
    return unit.word_class == run || (unit.code_point == 0x30FC && run == WordClass::kHiragana);
  }

  uint32_t CjkRun(uint32_t begin) {
    const WordClass run = ClassAt(begin);
    uint32_t end = begin + 1;
    while (end < units_.size()) {
      const Unit& unit = units_[end];
      const bool goes_on = split_ == RunSplit::kNever ? IsCjk(unit.word_class) : SameScript(run, unit);
      if (!goes_on && unit.word_class != WordClass::kExtend) break;
      ++end;
    }
    out_.push_back({PieceKind::kRun, begin, end});
    return end;
  }

  uint32_t SameClass(uint32_t begin, WordClass c, PieceKind kind) {
    uint32_t end = begin + 1;
    while (ClassAt(end) == c || ClassAt(end) == WordClass::kExtend) ++end;
    out_.push_back({kind, begin, end});
    return end;
  }

  std::span<const Unit> units_;
  RunSplit split_;
  std::vector<Piece>& out_;
};

}  // namespace

void SegmentUnits(std::span<const Unit> units, RunSplit split, std::vector<Piece>& out) { Segmenter(units, split, out).Run(); }

}  // namespace sakuin::text
