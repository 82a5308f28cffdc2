#include "keyword_linker/folded_units.h"

#include "text/fingerprint.h"
#include "text/utf8.h"

namespace sakuin::keyword_linker {
namespace {

constexpr char32_t kAscii = 0x80;
constexpr char32_t kDotAbove = 0x307;
constexpr char32_t kKeycap = 0x20E3;
constexpr char32_t kEmojiStyle = 0xFE0F;  // says only how a character is painted

// Whether a character folds to one, and `next` does not join it.
bool IsSimple(const text::CodePointInfo& info, char32_t next, const text::CodePointInfo& next_info) {
  if (info.fold_length != 1 || info.flags != 0) return false;
  if (next < 0x80) return true;
  // Joiners and the like fold to nothing: with what they make of a digit (a keycap) or an emoji, text/folded_text.h deals.
  return (next_info.flags & text::CodePointInfo::kJoinsBackward) == 0 && next_info.fold_length > 0 && next != kKeycap;
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
    if (!IsSimple(*info, following.value, *following_info)) return at;
    *next++ = FoldedUnit(info->fold, now.bytes, source + at, info->word_class);
    if (end == text.size()) return end;
    at = end;
    now = following;
    info = following_info;
  }
}

}  // namespace

uint64_t FoldingFingerprint() { return text::FingerprintOf("keywords, folding 1"); }

void FoldedUnits::Append(std::string_view text) {
  SourceMap map;
  map.AddVerbatim(text.size(), 0);
  Append(text, 0, map);
}

void FoldedUnits::Append(std::string_view text, uint64_t at, SourceMap& map) {
  for (size_t done = 0; done < text.size();) {
    const std::optional<uint64_t> source = map.VerbatimStart(at + done, text.size() - done);
    if (!source.has_value()) return AppendComplex(text.substr(done), at + done, map);
    done = AppendSimple(text, done, *source - done);
    if (done == text.size()) return;
    const size_t end = EndOfComplex(text, done);
    AppendComplex(text.substr(done, end - done), at + done, map);
    done = end;
  }
}

// From `at` on, characters that fold to one character whatever stands beside
// them: nearly all. Returns where the first other one begins. `source`: where the
// text begins.
size_t FoldedUnits::AppendSimple(std::string_view text, size_t at, uint64_t source) {
  FoldedUnit* next = Room(text.size() - at);
  at = ReadSimple(text, ReadAscii(text, at, source, next), source, next);
  size_ = static_cast<size_t>(next - units_.data());
  return at;
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
  for (size_t i = begin; i < size_; ++i) {
    units_[i].group_begins = i == begin;
    units_[i].group_ends = i + 1 == size_;
  }
}

}  // namespace sakuin::keyword_linker
