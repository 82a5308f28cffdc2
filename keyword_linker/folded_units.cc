#include "keyword_linker/folded_units.h"

#include "text/fingerprint.h"
#include "text/utf8.h"

namespace sakuin::keyword_linker {
namespace {

constexpr char32_t kDotAbove = 0x307;
constexpr char32_t kEmojiStyle = 0xFE0F;  // says only how a character is painted

}  // namespace

uint64_t FoldingFingerprint() { return text::FingerprintOf("keywords, folding 1"); }

void FoldedUnits::Append(std::string_view text) {
  SourceMap map;
  map.AddVerbatim(text.size(), 0);
  Append(text, 0, map);
}

void FoldedUnits::Append(std::string_view text, uint64_t at, SourceMap& map) {
  scratch_.clear();
  text::FoldStretch(text::CodePointTable::For(text::FoldKind::kPlain), text, 0, text.size(), scratch_);
  units_.reserve(units_.size() + scratch_.size());
  for (size_t first = 0; first < scratch_.size();) {
    size_t last = first + 1;
    while (last < scratch_.size() && scratch_[last].start == scratch_[first].start) ++last;
    FoldedUnit group;
    group.start = map.StartOf(at + scratch_[first].start);
    group.bytes = static_cast<uint32_t>(map.EndOf(at + scratch_[first].end) - group.start);
    AppendGroup(text, first, last, group);
    first = last;
  }
}

// The units scratch_[first, last) come from the bytes of `group`.
void FoldedUnits::AppendGroup(std::string_view text, size_t first, size_t last, const FoldedUnit& group) {
  const size_t begin = units_.size();
  const auto add = [&](char32_t c, text::WordClass word_class) {
    units_.push_back(group);
    units_.back().code_point = c;
    units_.back().word_class = word_class;
  };
  for (size_t i = first; i < last; ++i) {
    const text::Unit& unit = scratch_[i];
    if (unit.word_class == text::WordClass::kEmoji) {
      for (size_t at = unit.start; at < unit.end;) {
        const text::DecodedCodePoint c = text::DecodeUtf8(text, at);
        at += c.bytes;
        if (c.value != kEmojiStyle) add(c.value, unit.word_class);
      }
    } else if (unit.code_point != kDotAbove || i == first || scratch_[i - 1].code_point != U'i') {
      add(unit.code_point, unit.word_class);
    }
  }
  for (size_t i = begin; i < units_.size(); ++i) {
    units_[i].group_begins = i == begin;
    units_[i].group_ends = i + 1 == units_.size();
  }
}

}  // namespace sakuin::keyword_linker
