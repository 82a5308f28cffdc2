#include "keyword_linker/keyword_source.h"

#include <array>
#include <charconv>
#include <string>

namespace sakuin::keyword_linker {
namespace {

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<std::optional<Entry>> ParseKeywordLine(std::string_view line) {
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
    return InvalidArgumentError("the priority is '" + std::string(priority.substr(0, 40)) + "'; expected a whole number");
  }
  return std::optional(entry);
}

}  // namespace sakuin::keyword_linker
