#include "text/folded_text.h"

#include <algorithm>
#include <string>

#include "text/utf8.h"

namespace sakuin::text {
namespace {

constexpr char32_t kZwj = 0x200D;
constexpr char32_t kEmojiStyle = 0xFE0F;  // variation selector 16
constexpr char32_t kKeycap = 0x20E3;
constexpr size_t kMaxSequence = 32;      // code points folded together; longer heaps of marks are cut
constexpr size_t kMaxEmojiSequence = 48;

class Folder {
 public:
  Folder(const CodePointTable& table, std::string_view text, size_t to, std::vector<Unit>& out)
      : table_(table), text_(text.substr(0, to)), out_(out) {}

  uint64_t Run(size_t at) {
    if (at >= text_.size()) return 0;
    DecodedCodePoint now = DecodeUtf8(text_, at);
    for (;;) {
      const size_t next_at = at + now.bytes;
      if (!now.valid) invalid_ += now.bytes;
      const DecodedCodePoint next = next_at < text_.size() ? DecodeUtf8(text_, next_at) : DecodedCodePoint{};
      const size_t end = One(now.value, at, next_at, next.value);
      if (end >= text_.size()) return invalid_;
      now = end == next_at ? next : DecodeUtf8(text_, end);
      at = end;
    }
  }

 private:
  // Emits the unit that starts with `c`; returns where it ends.
  size_t One(char32_t c, size_t at, size_t next_at, char32_t next) {
    const CodePointInfo& info = table_.Get(c);
    if (next >= 0x80) {
      if (table_.Get(next).flags & CodePointInfo::kJoinsBackward) return Sequence(c, at, next_at);
      if ((next == kKeycap || next == kEmojiStyle) && table_.kind() != FoldKind::kLowercase && (c == '#' || c == '*' || (c >= '0' && c <= '9'))) {
        return KeycapOr(c, at, next_at);
      }
    }
    if (info.flags & (CodePointInfo::kEmojiStart | CodePointInfo::kRegionalIndicator)) return Emoji(c, info, at, next_at);
    Emit(c, info, at, next_at);
    return next_at;
  }

  void Emit(char32_t c, const CodePointInfo& info, size_t start, size_t end) {
    if (info.fold_length == 1) {
      Add(info.fold, start, end, info.word_class);
      return;
    }
    for (const char32_t folded : table_.Fold(c)) Add(folded, start, end, table_.Get(folded).word_class);
  }

  void Add(char32_t c, size_t start, size_t end, WordClass word_class) {
    out_.push_back({c, static_cast<uint32_t>(start), static_cast<uint32_t>(end), word_class});
  }

  // A character and what normalisation joins with it.
  size_t Sequence(char32_t first, size_t start, size_t at) {
    char32_t sequence[kMaxSequence] = {first};
    size_t length = 1;
    while (at < text_.size() && length < kMaxSequence) {
      const DecodedCodePoint next = DecodeUtf8(text_, at);
      if (!(table_.Get(next.value).flags & CodePointInfo::kJoinsBackward)) break;
      sequence[length++] = next.value;
      at += next.bytes;
    }
    for (const char32_t folded : table_.FoldSequence({sequence, length})) Add(folded, start, at, table_.Get(folded).word_class);
    return at;
  }

  char32_t Peek(size_t at) const { return at < text_.size() ? DecodeUtf8(text_, at).value : 0; }

  size_t KeycapOr(char32_t c, size_t at, size_t next_at) {
    size_t end = next_at;
    if (Peek(end) == kEmojiStyle) end += 3;
    if (Peek(end) == kKeycap) {
      Add(c, at, end + 3, WordClass::kEmoji);
      return end + 3;
    }
    Emit(c, table_.Get(c), at, next_at);
    return next_at;
  }

  // The longest emoji sequence (UTS #51): pairs of regional indicators, or
  // pictographs with selector, skin tone and tags, chained by joiners.
  size_t Emoji(char32_t c, const CodePointInfo& info, size_t start, size_t at) {
    if (info.flags & CodePointInfo::kRegionalIndicator) {
      if (table_.Get(Peek(at)).flags & CodePointInfo::kRegionalIndicator) at += 4;
      Add(c, start, at, WordClass::kEmoji);
      return at;
    }
    for (size_t length = 1; length < kMaxEmojiSequence && at < text_.size(); ++length) {
      const DecodedCodePoint next = DecodeUtf8(text_, at);
      const bool tag = next.value >= 0xE0020 && next.value <= 0xE007F;
      if (next.value == kZwj && (table_.Get(Peek(at + 3)).flags & CodePointInfo::kPictograph)) {
        at += 3;
        at += DecodeUtf8(text_, at).bytes;
      } else if (next.value == kEmojiStyle || next.value == kKeycap || tag || (table_.Get(next.value).flags & CodePointInfo::kEmojiModifier)) {
        at += next.bytes;
      } else {
        break;
      }
    }
    Add(c, start, at, WordClass::kEmoji);
    return at;
  }

  const CodePointTable& table_;
  std::string_view text_;
  std::vector<Unit>& out_;
  uint64_t invalid_ = 0;
};

bool EndsSentence(std::string_view text, size_t at) {
  const std::string_view three = text.substr(at, 3);
  return three == "。" || three == "！" || three == "？" || three == "、" || three == "，";
}

size_t BackToCharacter(std::string_view text, size_t at, size_t from) {
  for (int i = 0; i < 3 && at > from && IsContinuationByte(text[at]); ++i) --at;
  return at;
}

}  // namespace

uint64_t FoldStretch(const CodePointTable& table, std::string_view text, size_t from, size_t to, std::vector<Unit>& out) {
  return Folder(table, text, to, out).Run(from);
}

size_t StretchEnd(const CodePointTable& table, std::string_view text, size_t from, size_t limit) {
  if (text.size() - from <= limit) return text.size();
  const size_t top = from + limit;
  const size_t middle = from + limit / 2;
  for (size_t i = top; i > middle; --i) {
    if (text[i - 1] == '\n') return i;
  }
  for (size_t i = top; i > middle; --i) {
    if (text[i - 1] == ' ' || text[i - 1] == '\t' || text[i - 1] == '\r') return i;
    if (i >= 3 + middle && EndsSentence(text, i - 3)) return i;
  }
  size_t end = BackToCharacter(text, top, from);
  for (size_t tries = 0; tries < 2 * kMaxSequence && end > middle; ++tries) {
    const size_t before = BackToCharacter(text, end - 1, from);
    const char32_t right = DecodeUtf8(text, end).value;
    const char32_t left = DecodeUtf8(text, before).value;
    constexpr uint8_t kInside = CodePointInfo::kJoinsBackward | CodePointInfo::kEmojiModifier | CodePointInfo::kRegionalIndicator;
    if (!(table.Get(right).flags & kInside) && right != kZwj && left != kZwj && right != kEmojiStyle && right != kKeycap) break;
    end = before;
  }
  return end;
}

void AppendUnits(std::span<const Unit> units, std::string& out) {
  for (const Unit& unit : units) AppendUtf8(out, unit.code_point);
}

}  // namespace sakuin::text
