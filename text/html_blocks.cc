#include "text/html_blocks.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "text/ascii.h"
#include "text/html_bytes.h"
#include "text/html_regions.h"

namespace sakuin::text {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHigh = kOnes * 0x80;

// The high bits of the bytes up to 0x20, and of those that are 0x20: exact, as no sum carries.
uint64_t UpToBlank(uint64_t eight) { return ~(((eight & ~kHigh) + kOnes * 0x5F) | eight) & kHigh; }
uint64_t Blanks(uint64_t eight) {
  const uint64_t zero_where_blank = eight ^ (kOnes * ' ');
  return ~(((zero_where_blank & ~kHigh) + kOnes * 0x7F) | zero_where_blank) & kHigh;
}

bool IsAsciiAlphanumeric(char c) { return (ascii::ClassOf(c) & (ascii::kLetter | ascii::kDigit)) != 0; }

}  // namespace

#if defined(__SSE2__)
namespace {

// As TidyHtmlBytes, sixteen at a time, as far as there are so many.
size_t TidySixteens(std::string_view text, bool& blank) {
  const __m128i last_control = _mm_set1_epi8(0x1F);
  const __m128i blank_byte = _mm_set1_epi8(' ');
  size_t at = 0;
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto blanks = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, blank_byte)));
    const auto controls = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes)));
    const uint32_t untidy = controls | (blanks & (blanks << 1 | (blank ? 1u : 0u)));
    if (untidy != 0) {
      const auto tidy = static_cast<uint32_t>(std::countr_zero(untidy));
      if (tidy > 0) blank = (blanks >> (tidy - 1) & 1) != 0;
      return at + tidy;
    }
    blank = (blanks >> 15 & 1) != 0;
  }
  return at;
}

}  // namespace
#endif

size_t TidyHtmlBytes(std::string_view text, bool& blank) {
  static_assert(std::endian::native == std::endian::little);
  size_t at = 0;
#if defined(__SSE2__)
  at = TidySixteens(text, blank);
#endif
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t eight;
    std::memcpy(&eight, text.data() + at, 8);
    const uint64_t blanks = Blanks(eight);
    const uint64_t behind_blanks = blanks << 8 | (blank ? uint64_t{0x80} : uint64_t{0});
    const uint64_t untidy = (UpToBlank(eight) ^ blanks) | (blanks & behind_blanks);
    if (untidy != 0) {
      const size_t tidy = static_cast<size_t>(std::countr_zero(untidy)) / 8;
      if (tidy > 0) blank = text[at + tidy - 1] == ' ';
      return at + tidy;
    }
    blank = (blanks >> 63) != 0;
  }
  for (; at < text.size(); ++at) {
    const bool is_blank = text[at] == ' ';
    if (static_cast<uint8_t>(text[at]) < ' ' || (is_blank && blank)) break;
    blank = is_blank;
  }
  return at;
}

// Where so many bytes can be written; size_ is for the caller.
char* HtmlBlockText::Room(size_t bytes) {
  if (room_ - size_ < bytes) Grow(bytes);
  return text_.get() + size_;
}

void HtmlBlockText::Grow(size_t bytes) {
  constexpr size_t kFirst = 16 << 10;
  room_ = std::max({kFirst, 2 * room_, size_ + bytes});
  auto grown = std::make_unique_for_overwrite<char[]>(room_);
  if (size_ > 0) std::memcpy(grown.get(), text_.get(), size_);
  text_ = std::move(grown);
}

void HtmlBlockText::Put(char c) {
  *Room(1) = c;
  ++size_;
}

void HtmlBlockText::Append(std::string_view text, uint8_t flags) {
  if (text.empty()) return;
  if (std::exchange(link_begins_, false) && size_ > 0 && IsAsciiAlphanumeric(Last()) && IsAsciiAlphanumeric(text.front())) Space();
  if (size_ == begin_) flags_ = flags;
  if ((flags & kRegionVerbatim) != 0) {
    text.copy(Room(text.size()), text.size());
    size_ += text.size();
    gap_ = false;
  } else {
    AppendCollapsed(text);
  }
}

// Runs are copied as they are; what stands between them is a blank, or NUL, which is left out, or another control character.
void HtmlBlockText::AppendCollapsed(std::string_view text) {
  bool blank = gap_ || size_ == begin_ || Last() == '\n';
  if (blank) {  // most pieces are a line break and an indentation between two tags
    while (!text.empty() && IsHtml(text.front(), kHtmlSpace)) text.remove_prefix(1);
    if (text.empty()) return;
  }
  char* const room = Room(text.size());
  char* to = room;
  for (;;) {
    const size_t tidy = TidyHtmlBytes(text, blank);
    std::memcpy(to, text.data(), tidy);
    to += tidy;
    if (tidy == text.size()) break;
    const char c = text[tidy];
    text.remove_prefix(tidy + 1);
    if (c == '\0') continue;
    const bool is_blank = IsHtml(c, kHtmlSpace);
    if (!is_blank || !blank) *to++ = is_blank ? ' ' : c;
    blank = is_blank;
  }
  size_ += static_cast<size_t>(to - room);
  gap_ = size_ > begin_ && Last() == ' ';
}

void HtmlBlockText::Space() {
  if (size_ == begin_ || Last() == ' ' || Last() == '\n') return;
  Put(' ');
  gap_ = true;
}

void HtmlBlockText::CutBlanks() {
  if (gap_) --size_;
  gap_ = false;
  if (link_at_ != kNone) link_at_ = std::min(link_at_, size_);
}

void HtmlBlockText::BreakLine() {
  CutBlanks();
  if (size_ > begin_ && Last() != '\n') Put('\n');
}

void HtmlBlockText::StartLink() {
  link_at_ = size_;
  link_begins_ = true;
}

void HtmlBlockText::EndLink() {
  if (link_at_ != kNone) link_bytes_ += size() - std::min(link_at_, size());
  link_at_ = kNone;
}

void HtmlBlockText::Break() {
  CutBlanks();
  while (size_ > begin_ && Last() == '\n') --size_;
  if (size_ == begin_) {
    if (link_at_ != kNone) link_at_ = begin_;
    return;
  }
  const bool in_link = link_at_ != kNone;
  if (in_link) EndLink();
  link_bytes_ = std::min(link_bytes_, size_ - begin_);
  if (blocks_.size() < kMaxHtmlBlocks) {
    blocks_.push_back({begin_, size_, link_bytes_, flags_});
  } else {
    blocks_.back().end = size_;
    blocks_.back().link_bytes += link_bytes_;
  }
  Put('\n');
  begin_ = size_;
  link_bytes_ = 0;
  if (in_link) link_at_ = begin_;
}

}  // namespace sakuin::text
