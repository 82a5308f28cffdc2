#include "crawler/response_headers.h"

#include <algorithm>

#include "base/ascii.h"

namespace sakuin::crawler {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsLineEnd(char c) { return c == '\r' || c == '\n'; }

// Takes the next line with its end, and what is folded into it, off `rest`.
std::string_view TakeLine(std::string_view& rest) {
  size_t end = 0;
  do {
    end = std::min(rest.find('\n', end), rest.size() - 1) + 1;
  } while (end < rest.size() && IsBlank(rest[end]));
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end);
  return line;
}

std::string_view NameOf(std::string_view line) {
  std::string_view name = line.substr(0, std::min(line.find(':'), line.size()));
  while (!name.empty() && IsBlank(name.back())) name.remove_suffix(1);
  return name;
}

std::string_view ValueOf(std::string_view line) {
  line.remove_prefix(std::min(line.find(':'), line.size() - 1) + 1);
  while (!line.empty() && (IsBlank(line.front()) || IsLineEnd(line.front()))) line.remove_prefix(1);
  while (!line.empty() && (IsBlank(line.back()) || IsLineEnd(line.back()))) line.remove_suffix(1);
  return line;
}

std::string_view WithoutLineEnd(std::string_view line) {
  while (!line.empty() && IsLineEnd(line.back())) line.remove_suffix(1);
  return line;
}

bool TellsOfTransfer(std::string_view name) { return EqualsIgnoringCase(name, "transfer-encoding") || EqualsIgnoringCase(name, "content-length"); }

// "HTTP/2 200 " as "HTTP/1.1 200 ".
std::string ArchivedStatusLine(std::string_view line) {
  const size_t blank = std::min(line.find(' '), line.size());
  return "HTTP/1.1" + std::string(line.substr(blank));
}

}  // namespace

std::string_view ResponseHeaders::status_line() const { return WithoutLineEnd(std::string_view(block_).substr(0, block_.find('\n'))); }

std::string_view ResponseHeaders::Find(std::string_view name) const {
  std::string_view rest = block_;
  if (!rest.empty()) TakeLine(rest);
  while (!rest.empty()) {
    const std::string_view line = TakeLine(rest);
    if (EqualsIgnoringCase(NameOf(line), name)) return ValueOf(line);
  }
  return {};
}

std::vector<std::string_view> ResponseHeaders::FindAll(std::string_view name) const {
  std::vector<std::string_view> values;
  std::string_view rest = block_;
  if (!rest.empty()) TakeLine(rest);
  while (!rest.empty()) {
    const std::string_view line = TakeLine(rest);
    if (EqualsIgnoringCase(NameOf(line), name)) values.push_back(ValueOf(line));
  }
  return values;
}

std::string ResponseHeaders::ForArchive(uint64_t body_size) const {
  std::string archived = ArchivedStatusLine(status_line()) + "\r\n";
  std::string_view rest = block_;
  if (!rest.empty()) TakeLine(rest);
  while (!rest.empty()) {
    const std::string_view line = WithoutLineEnd(TakeLine(rest));
    if (line.empty() || TellsOfTransfer(NameOf(line))) continue;
    archived.append(line).append("\r\n");
  }
  return archived + "Content-Length: " + std::to_string(body_size) + "\r\n\r\n";
}

}  // namespace sakuin::crawler
