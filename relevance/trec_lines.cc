#include "relevance/trec_lines.h"

#include <algorithm>

#include "base/ascii.h"

namespace sakuin::relevance {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kLongestQuote = 80;

}  // namespace

TrecLines::TrecLines(std::string_view text, std::string_view name, Comments comments) : rest_(text), name_(name), comments_(comments) {
  if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
}

bool TrecLines::Next() {
  while (!rest_.empty()) {
    const size_t end = std::min(rest_.find('\n'), rest_.size());
    line_ = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    if (!IsSkipped()) return true;
  }
  return false;
}

bool TrecLines::IsSkipped() const {
  const size_t first = line_.find_first_not_of(kAsciiBlanks);
  if (first == std::string_view::npos) return true;
  return comments_ == Comments::kSkip && line_[first] == '#';
}

Status TrecLines::Error(std::string_view message) const {
  return InvalidArgumentError(name_ + ":" + std::to_string(number_) + ": " + std::string(message));
}

bool IsTrecField(std::string_view field) {
  return !field.empty() && field.find('\0') == std::string_view::npos && field.find_first_of(kAsciiBlanks) == std::string_view::npos;
}

void SplitFields(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  size_t begin = line.find_first_not_of(kAsciiBlanks);
  while (begin != std::string_view::npos) {
    const size_t end = std::min(line.find_first_of(kAsciiBlanks, begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kAsciiBlanks, end);
  }
}

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char byte : text.substr(0, kLongestQuote)) {
    const bool is_control = static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
    quoted += byte == '\t' ? ' ' : is_control ? '?' : byte;
  }
  quoted += text.size() > kLongestQuote ? "...\"" : "\"";
  return quoted;
}

}  // namespace sakuin::relevance
