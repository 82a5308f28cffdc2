#include "text/html_blocks.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "text/ascii.h"
#include "text/html_bytes.h"
#include "text/html_regions.h"

namespace sakuin::text {
namespace {

bool IsAsciiAlphanumeric(char c) { return (ascii::ClassOf(c) & (ascii::kLetter | ascii::kDigit)) != 0; }

}  // namespace

void HtmlBlockText::Append(std::string_view text, uint8_t flags) {
  if (text.empty()) return;
  if (std::exchange(link_begins_, false) && !text_.empty() && IsAsciiAlphanumeric(text_.back()) && IsAsciiAlphanumeric(text.front())) Space();
  if (text.empty()) return;
  if (text_.size() == begin_) flags_ = flags;
  if ((flags & kRegionVerbatim) != 0) {
    text_ += text;
    gap_ = false;
  } else {
    AppendCollapsed(text);
  }
}

namespace {

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHigh = kOnes * 0x80;

// The high bits of the bytes up to 0x20, and of those that are 0x20: exact, as no sum carries.
uint64_t UpToBlank(uint64_t eight) { return ~(((eight & ~kHigh) + kOnes * 0x5F) | eight) & kHigh; }
uint64_t Blanks(uint64_t eight) {
  const uint64_t zero_where_blank = eight ^ (kOnes * ' ');
  return ~(((zero_where_blank & ~kHigh) + kOnes * 0x7F) | zero_where_blank) & kHigh;
}

// Copies while what stands there stays as it is: words with one blank between them.
size_t CopyTidy(std::string_view text, char*& to, bool& blank) {
  static_assert(std::endian::native == std::endian::little);
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t eight;
    std::memcpy(&eight, text.data() + at, 8);
    const uint64_t blanks = Blanks(eight);
    const uint64_t behind_blanks = blanks << 8 | (blank ? uint64_t{0x80} : uint64_t{0});
    if (UpToBlank(eight) != blanks || (blanks & behind_blanks) != 0) break;
    std::memcpy(to, &eight, 8);
    to += 8;
    blank = (blanks >> 63) != 0;
  }
  return at;
}

// Without a branch for each byte: a blank behind a blank is written over.
void CopyCollapsed(std::string_view text, char*& to, bool& blank) {
  for (const char c : text) {
    const bool is_blank = IsHtml(c, kHtmlSpace);
    *to = is_blank ? ' ' : c;
    to += !(is_blank && blank) && c != '\0' ? 1 : 0;
    blank = (blank && c == '\0') || is_blank;
  }
}

}  // namespace

void HtmlBlockText::AppendCollapsed(std::string_view text) {
  const size_t old_size = text_.size();
  text_.resize(old_size + text.size());
  char* to = text_.data() + old_size;
  bool blank = gap_ || old_size == begin_ || text_[old_size - 1] == '\n';
  constexpr size_t kStep = 32;  // of what is not tidy
  while (!text.empty()) {
    text.remove_prefix(CopyTidy(text, to, blank));
    CopyCollapsed(text.substr(0, kStep), to, blank);
    text.remove_prefix(std::min(kStep, text.size()));
  }
  text_.resize(static_cast<size_t>(to - text_.data()));
  gap_ = text_.size() > begin_ && text_.back() == ' ';
}

void HtmlBlockText::Space() {
  if (text_.size() == begin_ || text_.back() == ' ' || text_.back() == '\n') return;
  text_ += ' ';
  gap_ = true;
}

void HtmlBlockText::CutBlanks() {
  if (gap_) text_.pop_back();
  gap_ = false;
  if (link_at_ != kNone) link_at_ = std::min(link_at_, text_.size());
}

void HtmlBlockText::BreakLine() {
  CutBlanks();
  if (text_.size() > begin_ && text_.back() != '\n') text_ += '\n';
}

void HtmlBlockText::StartLink() {
  link_at_ = text_.size();
  link_begins_ = true;
}

void HtmlBlockText::EndLink() {
  if (link_at_ != kNone) link_bytes_ += size() - std::min(link_at_, size());
  link_at_ = kNone;
}

void HtmlBlockText::Break() {
  CutBlanks();
  while (text_.size() > begin_ && text_.back() == '\n') text_.pop_back();
  if (text_.size() == begin_) {
    if (link_at_ != kNone) link_at_ = begin_;
    return;
  }
  const bool in_link = link_at_ != kNone;
  if (in_link) EndLink();
  link_bytes_ = std::min(link_bytes_, text_.size() - begin_);
  if (blocks_.size() < kMaxHtmlBlocks) {
    blocks_.push_back({begin_, text_.size(), link_bytes_, flags_});
  } else {
    blocks_.back().end = text_.size();
    blocks_.back().link_bytes += link_bytes_;
  }
  text_ += '\n';
  begin_ = text_.size();
  link_bytes_ = 0;
  if (in_link) link_at_ = begin_;
}

}  // namespace sakuin::text
