#include "indexer/markdown_source.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "text/html_entities.h"

namespace sakuin::indexer {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// Part of a word; every byte of a character past ASCII counts.
bool IsWord(char c) { return IsAsciiLetter(c) || IsDigit(c) || static_cast<uint8_t>(c) >= 0x80; }
bool IsPunctuation(char c) { return c > ' ' && c < 0x7F && !IsWord(c); }

// The next line, without its end; takes it from `text`.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

size_t CountLeading(std::string_view text, char c) { return std::min(text.find_first_not_of(c), text.size()); }

// Only `c` and blanks, and at least `least` of it.
bool IsRule(std::string_view line, std::string_view marks, size_t least) {
  if (line.empty() || marks.find(line[0]) == std::string_view::npos) return false;
  const char mark = line[0];
  const auto count = static_cast<size_t>(std::count(line.begin(), line.end(), mark));
  return count >= least && std::all_of(line.begin(), line.end(), [&](char c) { return c == mark || IsBlank(c); });
}

std::string_view Unquoted(std::string_view text) {
  text = Trim(text);
  if (text.size() >= 2 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0]) return text.substr(1, text.size() - 2);
  return text;
}

// Front matter: reads `key: value` lines up to the closing rule.
class FrontMatter {
 public:
  explicit FrontMatter(PageText& page) : page_(page) {}

  // Takes the front matter from `text`, if it begins with one that is closed.
  void Take(std::string_view& text) {
    std::string_view rest = text;
    if (Trim(TakeLine(rest)) != "---") return;
    std::string_view scan = rest;
    bool closed = false;
    while (!scan.empty() && !closed) {
      const std::string_view line = Trim(TakeLine(scan));
      closed = line == "---" || line == "...";
    }
    if (!closed) return;
    for (;;) {
      const std::string_view line = TakeLine(rest);
      if (Trim(line) == "---" || Trim(line) == "...") break;
      ReadLine(line);
    }
    text = rest;
  }

 private:
  void ReadLine(std::string_view line) {
    const bool indented = !line.empty() && IsBlank(line[0]);
    line = Trim(line);
    if (line.empty() || line[0] == '#') return;
    if (line.starts_with("- ")) {
      if (!key_.empty()) Add(line.substr(2));
      return;
    }
    const size_t colon = line.find(':');
    if (indented || colon == std::string_view::npos || colon == 0) return;  // of a nested map, or folded text
    key_ = Unquoted(line.substr(0, colon));
    std::string_view value = Trim(line.substr(colon + 1));
    if (!value.starts_with('[') || !value.ends_with(']')) return Add(value);
    value = value.substr(1, value.size() - 2);
    while (!value.empty()) {
      const size_t comma = std::min(value.find(','), value.size());
      Add(value.substr(0, comma));
      value.remove_prefix(std::min(comma + 1, value.size()));
    }
  }

  void Add(std::string_view value) {
    value = Unquoted(value);
    if (value.empty() || value == "|" || value == ">" || value == "null" || value == "~") return;
    if (key_ == "title") {
      page_.title = value;
    } else {
      page_.fields.push_back({std::string(key_), std::string(value)});
    }
  }

  PageText& page_;
  std::string_view key_;
};

// Takes the markup from within one line.
class InlineReader {
 public:
  explicit InlineReader(std::string_view line) : line_(line) {}

  std::string Read() {
    while (at_ < line_.size()) ReadNext();
    return WithoutDropped();
  }

 private:
  char CharAt(size_t i) const { return i < line_.size() ? line_[i] : '\0'; }

  void ReadNext() {
    const char c = line_[at_];
    switch (c) {
      case '\\':
        if (IsPunctuation(CharAt(at_ + 1))) ++at_;
        Copy(1);
        return;
      case '`': return ReadCode();
      case '*':
      case '_':
      case '~': return ReadEmphasis(c);
      case '!':
        if (CharAt(at_ + 1) != '[') return Copy(1);
        ++at_;
        [[fallthrough]];
      case '[': open_brackets_.push_back(out_.size()); return Copy(1);
      case ']': return CloseBracket();
      case '<': return ReadTag();
      case '&': return ReadEntities();
      default: {
        const size_t end = std::min(line_.find_first_of("\\`*_~![]<&", at_), line_.size());
        Copy(end - at_);
      }
    }
  }

  void Copy(size_t bytes) {
    out_.append(line_.substr(at_, bytes));
    at_ += bytes;
  }

  // Code between equal runs of backticks stays as it is. A run without a partner is itself; that is
  // remembered per line for the lengths up to 3, longer ones are never looked for.
  void ReadCode() {
    const size_t run = CountLeading(line_.substr(at_), '`');
    if (run <= kLongestCodeRun && !no_code_end_[run]) {
      const std::string_view marks = line_.substr(at_, run);
      for (size_t end = line_.find(marks, at_ + run); end != std::string_view::npos;) {
        const size_t closing = CountLeading(line_.substr(end), '`');
        if (closing == run) {
          out_.append(line_.substr(at_ + run, end - at_ - run));
          at_ = end + run;
          return;
        }
        end = line_.find(marks, end + closing);
      }
      no_code_end_[run] = true;
    }
    Copy(run);
  }

  // A run of * _ or ~ is markup unless blanks stand on both sides, a single ~ always text. Inside a
  // word, _ and a single * are text: snake_case, 5*3.
  void ReadEmphasis(char c) {
    const size_t run = CountLeading(line_.substr(at_), c);
    const char before = at_ > 0 ? line_[at_ - 1] : ' ';
    const char after = at_ + run < line_.size() ? line_[at_ + run] : ' ';
    const bool in_word = IsWord(before) && IsWord(after);
    const bool text = (IsBlank(before) && IsBlank(after)) || (in_word && (c == '_' || run == 1)) || (c == '~' && run == 1);
    if (text) return Copy(run);
    at_ += run;
  }

  // [text](target), [text][reference] and [text] all become their text; brackets that open nothing stay.
  void CloseBracket() {
    const char next = CharAt(at_ + 1);
    const size_t end = next == '(' || next == '[' ? FindEnd(next == '(' ? ')' : ']') : kNone;
    if (open_brackets_.empty() || end == kNone) {
      if (!open_brackets_.empty()) open_brackets_.pop_back();
      return Copy(1);
    }
    dropped_.push_back(open_brackets_.back());
    open_brackets_.pop_back();
    const bool nested = next == '(' && line_.substr(at_ + 2, end - at_ - 2).find('(') != std::string_view::npos;
    at_ = end + (nested && CharAt(end + 1) == ')' ? 2 : 1);
  }

  // The first `c` from at_ on; each is searched once.
  size_t FindEnd(char c) {
    size_t& known = c == ')' ? next_parenthesis_ : next_bracket_;
    const size_t from = at_ + 1;
    if (known == kUnknown || (known != kNone && known < from)) {
      known = line_.find(c, from);
      if (known == std::string_view::npos) known = kNone;
    }
    return known;
  }

  // HTML tags and comments go, <http://...> stays without its brackets.
  void ReadTag() {
    const char next = CharAt(at_ + 1);
    const bool comment = line_.substr(at_, 4) == "<!--";
    const size_t end = IsAsciiLetter(next) || next == '/' || comment ? FindTagEnd() : kNone;
    if (end == kNone) return Copy(1);
    const std::string_view inside = line_.substr(at_ + 1, end - at_ - 1);
    const bool address = !comment && inside.find_first_of(" \t=\"") == std::string_view::npos && inside.find_first_of(":@") != std::string_view::npos;
    if (address) out_.append(inside);
    at_ = end + 1;
  }

  size_t FindTagEnd() {
    if (next_angle_ == kUnknown || (next_angle_ != kNone && next_angle_ < at_)) {
      next_angle_ = line_.find('>', at_);
      if (next_angle_ == std::string_view::npos) next_angle_ = kNone;
    }
    return next_angle_;
  }

  void ReadEntities() {
    constexpr size_t kLongest = 12;
    const size_t end = line_.substr(at_, kLongest).find(';');
    if (end == std::string_view::npos) return Copy(1);
    text::AppendHtmlDecoded(out_, line_.substr(at_, end + 1));
    at_ += end + 1;
  }

  std::string WithoutDropped() {
    if (dropped_.empty()) return std::move(out_);
    std::sort(dropped_.begin(), dropped_.end());
    std::string kept;
    size_t from = 0;
    for (const size_t drop : dropped_) {
      kept.append(out_, from, drop - from);
      from = drop + 1;
    }
    return kept.append(out_, from);
  }

  static constexpr size_t kNone = SIZE_MAX;
  static constexpr size_t kUnknown = SIZE_MAX - 1;
  static constexpr size_t kLongestCodeRun = 3;

  const std::string_view line_;
  size_t at_ = 0;
  std::string out_;
  std::vector<size_t> open_brackets_;  // in out_
  std::vector<size_t> dropped_;        // in out_: brackets of links
  bool no_code_end_[kLongestCodeRun + 1] = {};
  size_t next_parenthesis_ = kUnknown;
  size_t next_bracket_ = kUnknown;
  size_t next_angle_ = kUnknown;
};

class MarkdownReader {
 public:
  PageText Read(std::string_view text) {
    FrontMatter(page_).Take(text);
    while (!text.empty()) {
      const std::string_view line = TakeLine(text);
      if (!ReadFence(line)) ReadLine(line);
    }
    if (page_.title.empty()) page_.title = std::move(heading_);
    while (page_.body.ends_with('\n')) page_.body.pop_back();
    return std::move(page_);
  }

 private:
  // True when the line belongs to fenced code.
  bool ReadFence(std::string_view line) {
    const std::string_view trimmed = Trim(line);
    const char mark = trimmed.empty() ? '\0' : trimmed[0];
    const size_t run = mark == '`' || mark == '~' ? CountLeading(trimmed, mark) : 0;
    if (fence_ > 0) {
      if (mark == fence_mark_ && run >= fence_ && run == trimmed.size()) {
        fence_ = 0;
      } else {
        AddLine(line);
      }
      return true;
    }
    if (run < 3 || (mark == '`' && trimmed.find('`', run) != std::string_view::npos)) return false;
    fence_ = run;
    fence_mark_ = mark;
    return true;
  }

  void ReadLine(std::string_view line) {
    line = WithoutQuotesAndBullets(Trim(line));
    if (line.empty()) return AddLine("");
    const size_t level = CountLeading(line, '#');
    if (level >= 1 && level <= 6 && (level == line.size() || IsBlank(line[level]))) return AddHeading(line.substr(level));
    if (IsRule(line, "=-", 1) && !last_line_.empty()) return Underlined();
    if (IsRule(line, "-*_", 3)) return AddLine("");
    if (line[0] == '[' && line.find("]:") != std::string_view::npos && line.find("]:") == line.find(']')) return;  // where a reference leads
    if (line[0] == '|' || line.find(" | ") != std::string_view::npos) return AddTableRow(line);
    AddLine(InlineReader(line).Read());
    last_line_ = last_added_;
  }

  static std::string_view WithoutQuotesAndBullets(std::string_view line) {
    constexpr int kMaxLevels = 16;  // the rest is text, so that a line of nothing but bullets costs no square of its length
    for (int level = 0; level < kMaxLevels && !line.empty(); ++level) {
      const size_t digits = static_cast<size_t>(std::find_if_not(line.begin(), line.end(), IsDigit) - line.begin());
      const bool bullet = line.size() > 1 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && IsBlank(line[1]) && !IsRule(line, "-*", 3);
      const bool number =
          digits > 0 && digits < 10 && digits + 1 < line.size() && (line[digits] == '.' || line[digits] == ')') && IsBlank(line[digits + 1]);
      if (line[0] == '>') {
        line.remove_prefix(1);
      } else if (bullet || number) {
        line.remove_prefix(bullet ? 2 : digits + 2);
      } else {
        return line;
      }
      while (!line.empty() && IsBlank(line[0])) line.remove_prefix(1);
    }
    return line;
  }

  void AddHeading(std::string_view text) {
    text = Trim(text);
    std::string_view bare = text;
    while (bare.ends_with('#')) bare.remove_suffix(1);
    if (bare.empty() || IsBlank(bare.back())) text = Trim(bare);  // "# Heading ##"
    AddLine(InlineReader(text).Read());
    TakeHeading(last_added_);
  }

  // The line before was a heading.
  void Underlined() {
    TakeHeading(last_line_);
    last_line_.clear();
  }

  void TakeHeading(std::string_view text) {
    if (heading_.empty()) heading_ = FirstLine(text);
  }

  void AddTableRow(std::string_view line) {
    if (line.find_first_not_of("|-: \t") == std::string_view::npos) return;
    std::string cells(line);
    std::replace(cells.begin(), cells.end(), '|', ' ');
    AddLine(InlineReader(Trim(cells)).Read());
  }

  void AddLine(std::string_view line) {
    last_line_.clear();
    last_added_.assign(line);
    if (line.empty() && (page_.body.empty() || page_.body.ends_with("\n\n"))) return;
    page_.body.append(line);
    page_.body.push_back('\n');
  }

  PageText page_;
  std::string heading_;
  std::string last_added_;
  std::string last_line_;  // running text that an underline may make a heading; else empty
  size_t fence_ = 0;       // length of the fence that opened the code; 0 outside
  char fence_mark_ = '`';
};

}  // namespace

PageText ReadMarkdown(std::string_view markdown) { return MarkdownReader().Read(markdown); }

}  // namespace sakuin::indexer
