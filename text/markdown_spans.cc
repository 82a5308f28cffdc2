#include "text/markdown_spans.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

namespace sakuin::text {
namespace {

constexpr size_t kMostTarget = 2000;  // bytes
constexpr size_t kMostParentheses = 32;
constexpr size_t kMostIndent = 3;  // from four blanks on a line is something else
constexpr size_t kLeastFence = 3;
constexpr std::string_view kBlanks = " \t\r\n";

// Signs with which something may begin or end.
constexpr std::array<bool, 256> kBegins = [] {
  std::array<bool, 256> begins{};
  for (const char c : {'`', '[', ']', '<', '\\'}) begins[static_cast<uint8_t>(c)] = true;
  return begins;
}();

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsBlank(char c) { return kBlanks.find(c) != std::string_view::npos; }

class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text) {}

  std::vector<MarkdownSpan> Run() {
    for (size_t at = 0; at < text_.size();) at = kBegins[static_cast<uint8_t>(text_[at])] ? Take(at) : at + 1;
    return std::move(spans_);
  }

 private:
  // What begins at this sign; returns where to go on.
  size_t Take(size_t at) {
    switch (text_[at]) {
      case '\\': return at + 2;
      case '`': return TakeCode(at);
      case '<': return MarkOr(at, EndOfAddress(at));
      case '[': open_.push_back(at); return at + 1;
      default: return TakeClosing(at);
    }
  }

  size_t MarkOr(size_t begin, size_t end) {
    if (end == 0) return begin + 1;
    Mark(begin, end);
    return end;
  }

  void Mark(size_t begin, size_t end) {
    while (!spans_.empty() && spans_.back().begin >= begin) spans_.pop_back();
    spans_.push_back({begin, end});
  }

  size_t EndOfRun(size_t at) const { return std::min(text_.find_first_not_of('`', at), text_.size()); }

  // Code ends at a run of as many backticks; without one they are text.
  size_t TakeCode(size_t at) {
    const size_t behind = EndOfRun(at);
    const size_t length = behind - at;
    if (unclosed_.contains(length)) return behind;
    for (size_t next = behind; (next = text_.find('`', next)) != std::string_view::npos;) {
      const size_t end = EndOfRun(next);
      if (end - next == length) return MarkOr(at, end);
      next = end;
    }
    unclosed_.insert(length);
    return behind;
  }

  // <https://example.org/york>, <york@example.org>
  size_t EndOfAddress(size_t at) const {
    const std::string_view inside = text_.substr(at + 1, kMostTarget);
    const size_t end = inside.find_first_of("<> \t\r\n");
    if (end == std::string_view::npos || inside[end] != '>' || inside.substr(0, end).find_first_of(":@") == std::string_view::npos) return 0;
    return IsLetter(inside[0]) ? at + 1 + end + 1 : 0;
  }

  size_t TakeClosing(size_t at) {
    if (open_.empty()) return at + 1;
    const size_t open = open_.back();
    open_.pop_back();
    const size_t end = EndOfLink(open, at + 1);
    if (end == 0) return at + 1;
    Mark(open > 0 && text_[open - 1] == '!' ? open - 1 : open, end);
    return end;
  }

  // Of the link of which the brackets are [open, behind); 0: they are text.
  size_t EndOfLink(size_t open, size_t behind) const {
    if (behind == text_.size()) return 0;
    switch (text_[behind]) {
      case '(': return EndOfTarget(behind + 1);
      case '[': return EndOfLabel(behind + 1);
      case ':': return BeginsLine(open) ? std::min(text_.find('\n', behind), text_.size()) : 0;
      default: return 0;
    }
  }

  bool BeginsLine(size_t at) const {
    for (size_t indent = 0; indent <= kMostIndent; ++indent, --at) {
      if (at == 0 || text_[at - 1] == '\n') return true;
      if (text_[at - 1] != ' ') return false;
    }
    return false;
  }

  size_t EndOfLabel(size_t at) const {
    const size_t most = std::min(text_.size(), at + kMostTarget);
    for (; at < most && text_[at] != '['; ++at) {
      if (text_[at] == ']') return at + 1;
      if (text_[at] == '\\') ++at;
    }
    return 0;
  }

  size_t SkipBlanks(size_t at) const { return std::min(text_.find_first_not_of(kBlanks, at), text_.size()); }

  // Behind the first `close` that is not escaped, or 0: none comes, or another `open` before it.
  size_t Behind(char open, char close, size_t at, size_t most) const {
    for (; at < most; ++at) {
      if (text_[at] == close) return at + 1;
      if (text_[at] == open) return 0;
      if (text_[at] == '\\') ++at;
    }
    return 0;
  }

  // Where a target without angle brackets ends: parentheses in it come in pairs. 0: too many are open.
  size_t EndOfPlainTarget(size_t at, size_t most) const {
    size_t depth = 0;
    for (; at < most && !IsBlank(text_[at]); ++at) {
      if (text_[at] == ')' && depth-- == 0) return at;
      if (text_[at] == '(' && ++depth > kMostParentheses) return 0;
      if (text_[at] == '\\') ++at;
    }
    return std::min(at, most);
  }

  // `at`: behind the parenthesis.
  size_t EndOfTarget(size_t at) const {
    const size_t most = std::min(text_.size(), at + kMostTarget);
    at = SkipBlanks(at);
    if (at >= most) return 0;
    at = text_[at] == '<' ? Behind('<', '>', at + 1, most) : EndOfPlainTarget(at, most);
    if (at == 0) return 0;
    at = SkipBlanks(at);
    if (at < most && (text_[at] == '"' || text_[at] == '\'' || text_[at] == '(')) {
      at = Behind(text_[at], text_[at] == '(' ? ')' : text_[at], at + 1, most);
      if (at == 0) return 0;
      at = SkipBlanks(at);
    }
    return at < most && text_[at] == ')' ? at + 1 : 0;
  }

  std::string_view text_;
  std::vector<size_t> open_;   // brackets
  std::set<size_t> unclosed_;  // lengths of runs that none follows of the same length
  std::vector<MarkdownSpan> spans_;
};

}  // namespace

std::vector<MarkdownSpan> MarkdownSpans(std::string_view paragraph) { return Finder(paragraph).Run(); }

size_t FenceLength(std::string_view line, char& mark) {
  const size_t begin = std::min(line.find_first_not_of(' '), line.size());
  if (begin == line.size() || begin > kMostIndent || (line[begin] != '`' && line[begin] != '~')) return 0;
  mark = line[begin];
  const size_t length = std::min(line.find_first_not_of(mark, begin), line.size()) - begin;
  const bool inside_line = mark == '`' && line.find('`', begin + length) != std::string_view::npos;
  return length < kLeastFence || inside_line ? 0 : length;
}

}  // namespace sakuin::text
