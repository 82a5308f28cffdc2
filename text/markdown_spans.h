// markdown_spans.h: what of a paragraph is a link or code already, as Markdown
// writes it.
//
//   MarkdownSpans("See [York](/y) and `ls`.")      // {4,14} and {19,23}
//
// Links and images with a target ([a](b "c")) or a label ([a][b], [a][]), the
// definition of a label ([b]: target), addresses in angle brackets, and code
// between backticks. A bracket alone is text. Pure function: thread-safe; linear,
// a target has 2,000 bytes at most.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace sakuin::text {

struct MarkdownSpan {
  size_t begin = 0;
  size_t end = 0;
  bool operator==(const MarkdownSpan&) const = default;
};

// In their order; none touches the inside of another.
std::vector<MarkdownSpan> MarkdownSpans(std::string_view paragraph);

// The length of the run of ` or ~ that makes this line, with or without its end, the first of a block of code; 0: it is another line.
size_t FenceLength(std::string_view line, char& mark);

}  // namespace sakuin::text
