#include "searcher/query_warnings.h"

#include <algorithm>
#include <utility>

namespace sakuin::searcher {

namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// A line of at most about 72 bytes with the place in it, cut between characters,
// and a caret below its first character.
std::string CaretLines(std::string_view text, size_t byte) {
  constexpr size_t kBefore = 36;
  constexpr size_t kAfter = 36;
  size_t begin = byte > kBefore ? byte - kBefore : 0;
  while (begin > 0 && IsContinuation(text[begin])) --begin;
  size_t end = std::min(text.size(), byte + kAfter);
  while (end < text.size() && IsContinuation(text[end])) ++end;
  std::string line(text.substr(begin, end - begin));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  const std::string_view lead = begin > 0 ? "..." : "";
  const size_t caret = lead.size() + ColumnOf(text.substr(begin), byte - begin) - 1;
  return "\n  " + std::string(lead) + line + (end < text.size() ? "..." : "") + "\n  " + std::string(caret, ' ') + "^";
}

}  // namespace

size_t ColumnOf(std::string_view text, size_t byte) {
  const std::string_view before = text.substr(0, byte);
  return 1 + static_cast<size_t>(std::count_if(before.begin(), before.end(), [](char c) { return !IsContinuation(c); }));
}

void WarningLog::Add(QueryWarning::Kind kind, SourceRange source, std::string_view message) {
  if (warnings_.size() >= kMaxWarnings) {
    ++left_out_;
    return;
  }
  std::string complete = "column " + std::to_string(ColumnOf(text_, source.begin)) + ": " + std::string(message);
  warnings_.push_back({kind, std::move(complete), source});
}

std::vector<QueryWarning> WarningLog::Finish() {
  std::stable_sort(warnings_.begin(), warnings_.end(),
                   [](const QueryWarning& a, const QueryWarning& b) { return a.source.begin < b.source.begin; });
  if (left_out_ != 0) {
    const SourceRange end{static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(text_.size())};
    warnings_.push_back({QueryWarning::Kind::kNotUnderstood, "and " + std::to_string(left_out_) + " more", end});
    left_out_ = 0;
  }
  return std::exchange(warnings_, {});
}

Status StrictStatus(std::string_view text, const std::vector<QueryWarning>& warnings) {
  const auto first = std::find_if(warnings.begin(), warnings.end(), [](const QueryWarning& w) { return w.kind != QueryWarning::Kind::kNote; });
  if (first == warnings.end()) return OkStatus();
  const size_t byte = first->source.begin;
  // What a lenient search would have done instead stands behind the last colon.
  const std::string what = first->message.substr(0, first->message.rfind(": "));
  return InvalidArgumentError("the query is not understood at byte " + std::to_string(byte) + ", " + what + CaretLines(text, byte));
}

}  // namespace sakuin::searcher
