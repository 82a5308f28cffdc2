#include "keyword_linker/folded_units.h"

#include <utility>

#include "text/fingerprint.h"
#include "text/utf8.h"

namespace sakuin::keyword_linker {
namespace {

constexpr char32_t kAscii = 0x80;
constexpr char32_t kDotAbove = 0x307;
constexpr char32_t kKeycap = 0x20E3;
constexpr char32_t kEmojiStyle = 0xFE0F;  // says only how a character is painted

constexpr char32_t kParagraphSeparator = 0x2029;

bool IsBlank(char32_t c, const text::CodePointInfo& info) { return c == ' ' || (info.flags & text::CodePointInfo::kOtherBlank) != 0; }

// Whether a space and another follow each other (or nothing, which is 0): what is a blank otherwise has a flag.
constexpr bool AreSpaces(char32_t c, char32_t next) { return (c | next) == ' '; }

// Whether `next` does not join the character before it.
bool StandsAlone(char32_t next, const text::CodePointInfo& next_info) {
  if (next < 0x80) return true;
  // Joiners and the like fold to nothing: with what they make of a digit (a keycap) or an emoji, text/folded_text.h deals.
  return (next_info.flags & text::CodePointInfo::kJoinsBackward) == 0 && next_info.fold_length > 0 && next != kKeycap;
}

// Whether a character folds to one, and `next` does not join it.
bool IsSimple(const text::CodePointInfo& info, char32_t next, const text::CodePointInfo& next_info) {
  return info.fold_length == 1 && info.flags == 0 && StandsAlone(next, next_info);
}

// The end of the text is 0.
text::DecodedCodePoint Decode(std::string_view text, size_t at) { return at < text.size() ? text::DecodeUtf8(text, at) : text::DecodedCodePoint{}; }

// Behind what begins at `at`, where nothing before decides about what follows:
// between two characters of ASCII, of which the first is no mark.
size_t EndOfComplex(std::string_view text, size_t at) {
  for (size_t end = at + 1; end < text.size(); ++end) {
    if (static_cast<uint8_t>(text[end - 1]) < 0x80 && static_cast<uint8_t>(text[end]) < 0x80) return end;
  }
  return text.size();
}

// Those of ASCII that have another one behind them. Returns where the others begin.
size_t ReadAscii(std::string_view text, size_t at, uint64_t source, FoldedUnit*& next) {
  const text::CodePointTable& table = text::CodePointTable::For(text::FoldKind::kPlain);
  for (; at + 1 < text.size() && static_cast<uint8_t>(text[at + 1]) < kAscii; ++at) {
    const uint8_t c = static_cast<uint8_t>(text[at]);
    const text::CodePointInfo& info = table.Get(c);
    if (c >= kAscii || info.fold_length != 1 || info.flags != 0) break;
    if (AreSpaces(c, static_cast<uint8_t>(text[at + 1]))) break;
    *next++ = FoldedUnit(info.fold, 1, source + at, info.word_class);
  }
  return at;
}

// Those that fold to one character whatever stands beside them. Returns where the first other one begins.
size_t ReadSimple(std::string_view text, size_t at, uint64_t source, FoldedUnit*& next) {
  const text::CodePointTable& table = text::CodePointTable::For(text::FoldKind::kPlain);
  text::DecodedCodePoint now = Decode(text, at);
  const text::CodePointInfo* info = &table.Get(now.value);
  for (;;) {
    const size_t end = at + now.bytes;
    const text::DecodedCodePoint following = Decode(text, end);
    const text::CodePointInfo* following_info = &table.Get(following.value);
    if (!IsSimple(*info, following.value, *following_info) || AreSpaces(now.value, following.value)) return at;
    *next++ = FoldedUnit(info->fold, now.bytes, source + at, info->word_class);
    if (end == text.size()) return end;
    at = end;
    now = following;
    info = following_info;
  }
}

}  // namespace

uint64_t FoldingFingerprint() { return text::FingerprintOf("keywords, folding 2"); }

void FoldedUnits::Append(std::string_view text) {
  SourceMap map;
  map.AddVerbatim(text.size(), 0);
  Append(text, 0, map);
}

void FoldedUnits::Append(std::string_view text, uint64_t at, SourceMap& map) {
  for (size_t done = 0; done < text.size();) {
    const std::optional<uint64_t> source = map.VerbatimStart(at + done, text.size() - done);
    if (!source.has_value()) return AppendComplex(text.substr(done), at + done, map);
    done = AppendVerbatim(text, done, *source - done);
    if (done == text.size()) return;
    const size_t end = EndOfComplex(text, done);
    AppendComplex(text.substr(done, end - done), at + done, map);
    done = end;
  }
}

// All but what folds with what stands beside it. Returns where the first of that begins. `source`: where the text begins.
size_t FoldedUnits::AppendVerbatim(std::string_view text, size_t at, uint64_t source) {
  if (EndsInBlank()) at = AppendBlanks(text, at, source);
  while (at < text.size()) {
    const size_t simple = AppendSimple(text, at, source);
    at = AppendBlanks(text, simple, source);
    if (at == simple) break;
  }
  return at;
}

// From `at` on, characters that fold to one character whatever stands beside
// them: nearly all. Returns where the first other one begins.
size_t FoldedUnits::AppendSimple(std::string_view text, size_t at, uint64_t source) {
  if (at == text.size()) return at;
  FoldedUnit* next = Room(text.size() - at);
  at = ReadSimple(text, ReadAscii(text, at, source, next), source, next);
  size_ = static_cast<size_t>(next - units_.data());
  return at;
}

// White space that nothing joins. Returns where it ends.
size_t FoldedUnits::AppendBlanks(std::string_view text, size_t at, uint64_t source) {
  const text::CodePointTable& table = text::CodePointTable::For(text::FoldKind::kPlain);
  while (at < text.size()) {
    const text::DecodedCodePoint now = Decode(text, at);
    const text::CodePointInfo& info = table.Get(now.value);
    const text::DecodedCodePoint following = Decode(text, at + now.bytes);
    if (!IsBlank(now.value, info) || !StandsAlone(following.value, table.Get(following.value))) return at;
    AddBlank(source + at, source + at + now.bytes, info.fold);
    at += now.bytes;
  }
  return at;
}

bool FoldedUnits::EndsInBlank() const {
  if (size_ == 0) return false;
  const FoldedUnit& last = units_[size_ - 1];
  return (last.code_point == ' ' || last.code_point == kParagraphBreak) && last.group_begins && last.group_ends;
}

// One more unit, or a part of the last one.
void FoldedUnits::AddBlank(uint64_t start, uint64_t end, char32_t c) {
  if (!EndsInBlank() || end - units_[size_ - 1].start > kMostBlankBytes) {
    *Room(1) = FoldedUnit(' ', 0, start, text::WordClass::kOther);
    ++size_;
  }
  FoldedUnit& blank = units_[size_ - 1];
  blank.bytes = static_cast<uint32_t>(end - blank.start);
  const bool second_feed = c == '\n' && std::exchange(one_feed_, uint64_t{blank.start}) == blank.start;
  if (paragraphs_ == Paragraphs::kCount && (second_feed || c == kParagraphSeparator)) blank.code_point = kParagraphBreak;
}

void FoldedUnits::AppendSeam(uint64_t start) {
  if (size_ > 0 && units_[size_ - 1].IsSeam()) return;
  *Room(1) = FoldedUnit(kSeam, 0, start, text::WordClass::kExtend);
  ++size_;
}

void FoldedUnits::DoNotLinkFrom(size_t first) {
  for (size_t i = first; i < size_; ++i) units_[i].code_point |= kNotLinked;
}

// Where so many units can be written behind those there are.
FoldedUnit* FoldedUnits::Room(size_t count) {
  if (units_.size() - size_ < count) units_.resize(std::max(2 * units_.size(), size_ + count));
  return units_.data() + size_;
}

void FoldedUnits::AppendComplex(std::string_view text, uint64_t at, SourceMap& map) {
  scratch_.clear();
  text::FoldStretch(text::CodePointTable::For(text::FoldKind::kPlain), text, 0, text.size(), scratch_);
  uint64_t start = scratch_.empty() ? 0 : map.StartOf(at + scratch_[0].start);
  for (size_t first = 0; first < scratch_.size();) {
    size_t last = first;
    uint64_t next_start = start;
    uint64_t end = 0;
    while (next_start == start) {  // a reference may stand for several characters
      end = map.EndOf(at + scratch_[last].end);
      if (++last == scratch_.size()) break;
      if (scratch_[last].start != scratch_[last - 1].start) next_start = map.StartOf(at + scratch_[last].start);  // look-ups go forward
    }
    FoldedUnit group;
    group.start = start;
    group.bytes = static_cast<uint32_t>(end - start);
    AppendGroup(text, first, last, group);
    first = last;
    start = next_start;
  }
}

// The units scratch_[first, last) come from the bytes of `group`.
void FoldedUnits::AppendGroup(std::string_view text, size_t first, size_t last, const FoldedUnit& group) {
  const size_t begin = size_;
  const auto add = [&](char32_t c, text::WordClass word_class) {
    FoldedUnit& unit = *Room(1) = group;
    unit.code_point = c;
    unit.word_class = word_class;
    ++size_;
  };
  for (size_t i = first; i < last; ++i) {
    const text::Unit& unit = scratch_[i];
    if (unit.word_class == text::WordClass::kEmoji) {
      for (size_t at = unit.start; at < unit.end;) {
        const text::DecodedCodePoint c = text::DecodeUtf8(text, at);
        at += c.bytes;
        if (c.value != kEmojiStyle) add(c.value, unit.word_class);
      }
    } else if (unit.code_point != kDotAbove || size_ == begin || units_[size_ - 1].code_point != U'i') {
      add(unit.code_point, unit.word_class);
    }
  }
  const char32_t first_folded = size_ - begin == 1 ? units_[begin].code_point : 0;
  if (IsBlank(first_folded, text::CodePointTable::For(text::FoldKind::kPlain).Get(first_folded))) {
    --size_;
    return AddBlank(group.start, group.end(), first_folded);
  }
  for (size_t i = begin; i < size_; ++i) {
    units_[i].group_begins = i == begin;
    units_[i].group_ends = i + 1 == size_;
  }
}

}  // namespace sakuin::keyword_linker
