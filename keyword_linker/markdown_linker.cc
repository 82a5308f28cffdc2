#include "keyword_linker/markdown_linker.h"

#include <algorithm>

#include "text/markdown_spans.h"

namespace sakuin::keyword_linker {

void MarkdownLinker::Feed(std::string_view chunk) {
  size_t searched = pending_.size();
  pending_.append(chunk);
  for (size_t end = 0; (end = pending_.find('\n', searched)) != std::string::npos; searched = end + 1) TakeLine(end + 1);
  CutWhatIsLong(pending_.size());
  Forget();
}

void MarkdownLinker::Finish() {
  if (line_ < pending_.size()) TakeLine(pending_.size());
  GiveParagraph(pending_.size());
  Forget();
  stream_.Finish();
  line_begins_ = linked_ = true;
  fence_ = 0;
}

// Before the line that is looked at, and in that only where it is long itself; the same however the text is fed.
void MarkdownLinker::CutWhatIsLong(size_t end) {
  if (fence_ == 0 && end - given_ > kMostParagraphBytes) GiveParagraph(line_);
  while (end - given_ > kMostParagraphBytes) {
    line_begins_ = false;
    const size_t cut = given_ + kMostParagraphBytes;
    fence_ == 0 ? GiveParagraph(cut) : GiveCode(cut);
  }
}

// The line that begins at line_.
void MarkdownLinker::TakeLine(size_t end) {
  CutWhatIsLong(end);
  const std::string_view line = std::string_view(pending_).substr(line_, end - line_);
  char mark = 0;
  const size_t fence = line_begins_ ? text::FenceLength(line, mark) : 0;
  const auto is_empty_from = [line](size_t at) { return line.find_first_not_of(" \t\r\n", at) == std::string_view::npos; };
  if (fence_ != 0) {
    const bool closes = fence >= fence_ && mark == fence_mark_ && is_empty_from(line.rfind(mark) + 1);
    GiveCode(end);
    if (closes) fence_ = 0;
  } else if (fence != 0) {
    GiveParagraph(line_);
    GiveCode(end);
    fence_ = fence;
    fence_mark_ = mark;
  } else if (is_empty_from(0)) {
    GiveParagraph(end);
  }
  line_ = end;
  line_begins_ = true;
}

void MarkdownLinker::GiveCode(size_t end) {
  Give(std::string_view(pending_).substr(given_, end - given_), false);
  given_ = end;
  line_ = std::max(line_, end);
}

// Up to `end`, outside blocks of code.
void MarkdownLinker::GiveParagraph(size_t end) {
  if (end <= given_) return;
  const std::string_view paragraph = std::string_view(pending_).substr(given_, end - given_);
  size_t at = 0;
  for (const text::MarkdownSpan& span : text::MarkdownSpans(paragraph)) {
    Give(paragraph.substr(at, span.begin - at), true);
    Give(paragraph.substr(span.begin, span.end - span.begin), false);
    at = span.end;
  }
  Give(paragraph.substr(at), true);
  given_ = end;
  line_ = std::max(line_, end);
}

void MarkdownLinker::Give(std::string_view text, bool linked) {
  if (text.empty()) return;
  if (linked != linked_) stream_.Seam(linked);
  linked_ = linked;
  stream_.Feed(text);
}

void MarkdownLinker::Forget() {
  pending_.erase(0, given_);
  line_ -= given_;
  given_ = 0;
}

}  // namespace sakuin::keyword_linker
