#include "keyword_linker/keyword_source.h"

#include <array>
#include <charconv>
#include <string>

#include "text/code_point_table.h"
#include "text/utf8.h"

namespace sakuin::keyword_linker {
namespace {

// Of the blank characters that a string begins or ends with, so many bytes are one. 0: none is there.
size_t BlankAtFront(std::string_view text) {
  if (text.empty()) return 0;
  const text::DecodedCodePoint c = text::DecodeUtf8(text, 0);
  const text::CodePointInfo& info = text::CodePointTable::For(text::FoldKind::kPlain).Get(c.value);
  return c.value == ' ' || (info.flags & text::CodePointInfo::kOtherBlank) != 0 ? c.bytes : 0;
}

size_t BlankAtBack(std::string_view text) {
  size_t begin = text.size();
  while (begin > 0 && text::IsContinuationByte(text[begin - 1])) --begin;
  if (begin == 0) return 0;
  const std::string_view last = text.substr(begin - 1);
  return BlankAtFront(last) == last.size() ? last.size() : 0;
}

std::string_view Trim(std::string_view text) {
  while (const size_t bytes = BlankAtFront(text)) text.remove_prefix(bytes);
  while (const size_t bytes = BlankAtBack(text)) text.remove_suffix(bytes);
  return text;
}

Status CheckText(std::string_view line) {
  for (size_t at = 0; at < line.size();) {
    const text::DecodedCodePoint c = text::DecodeUtf8(line, at);
    if (!c.valid) return InvalidArgumentError("not UTF-8 at byte " + std::to_string(at) + " of the line; convert the file");
    if (c.value == 0) return InvalidArgumentError("byte " + std::to_string(at) + " of the line is zero: this is no text; expected UTF-8");
    at += c.bytes;
  }
  return OkStatus();
}

}  // namespace

Result<std::optional<Entry>> ParseKeywordLine(std::string_view line) {
  RETURN_IF_ERROR(CheckText(line));
  std::array<std::string_view, 3> columns;
  size_t count = 0;
  for (size_t begin = 0; begin <= line.size(); ++count) {
    if (count == columns.size()) return InvalidArgumentError("more than three columns; expected keyword<TAB>target<TAB>priority");
    const size_t end = std::min(line.find('\t', begin), line.size());
    columns[count] = Trim(line.substr(begin, end - begin));
    begin = end + 1;
  }
  const auto [keyword, target, priority] = columns;
  if (keyword.empty() && target.empty() && priority.empty()) return std::optional<Entry>();
  Entry entry{keyword, target, 0};
  if (priority.empty()) return std::optional(entry);
  const auto [stop, error] = std::from_chars(priority.data(), priority.data() + priority.size(), entry.priority);
  if (error != std::errc() || stop != priority.data() + priority.size()) {
    return InvalidArgumentError("the priority is '" + std::string(priority.substr(0, 40)) + "'; expected a whole number from -2147483648 to 2147483647");
  }
  return std::optional(entry);
}

}  // namespace sakuin::keyword_linker
