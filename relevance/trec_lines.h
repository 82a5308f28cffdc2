// trec_lines.h: the lines and fields of TREC text files, and errors that name a place.
//
//   TrecLines lines(text, "qrels.txt");
//   while (lines.Next()) {
//     SplitFields(lines.line(), fields);
//     if (fields.size() != 4) return lines.Error("expected 4 fields, found " + ...);   // "qrels.txt:12: expected ..."
//   }
//
// A line ends with LF; a CR before it and a UTF-8 byte order mark at the start
// of the text do not count. Blank lines are passed over, and so are comments
// (first visible byte '#') where the format has them. White space is what
// isspace() calls so in the C locale; all other bytes, also those of UTF-8,
// are part of a field. Views point into the text given. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace sakuin::relevance {

enum class Comments { kSkip, kNone };

class TrecLines {
 public:
  TrecLines(std::string_view text, std::string_view name, Comments comments = Comments::kSkip);

  // Goes to the next line with something on it; false at the end.
  bool Next();

  // The line without its end, and its number from 1. REQUIRES: the last Next() returned true.
  std::string_view line() const { return line_; }
  size_t number() const { return number_; }

  // INVALID_ARGUMENT "name:number: message".
  Status Error(std::string_view message) const;

 private:
  bool IsSkipped() const;

  std::string_view rest_;
  std::string name_;
  Comments comments_;
  std::string_view line_;
  size_t number_ = 0;
};

// True when `field` survives being a field of a TREC line: not empty, no white space, no NUL.
bool IsTrecField(std::string_view field);

// Replaces `fields` by the fields of the line.
void SplitFields(std::string_view line, std::vector<std::string_view>& fields);

// `"text"` for a message: control bytes become '?', long text is cut.
std::string Quote(std::string_view text);

}  // namespace sakuin::relevance
