#include "keyword_linker/html_linker.h"

namespace sakuin::keyword_linker {

void HtmlLinker::Feed(std::string_view chunk) {
  reader_.Feed(chunk);
  ReadTexts();
}

void HtmlLinker::Finish() {
  reader_.Finish();
  ReadTexts();
  Close();
}

void HtmlLinker::ReadTexts() {
  while (const text::HtmlToken* token = reader_.Next()) {
    if (token->start != text_end_) Close();
    open_ = true;
    for (const text::HtmlTextPiece& piece : token->pieces) {
      if (piece.verbatim()) {
        stream_.FeedVerbatim(piece.text(), piece.start);
      } else {
        stream_.FeedDecoded(piece.text(), piece.start, piece.end);
      }
    }
    text_end_ = token->end;
  }
  if (reader_.read() != text_end_) Close();
}

void HtmlLinker::Close() {
  if (open_) stream_.Finish();
  open_ = false;
}

}  // namespace sakuin::keyword_linker
