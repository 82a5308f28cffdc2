#include "keyword_linker/html_linker.h"

namespace sakuin::keyword_linker {
namespace {

// More bytes of tags than this end a word: what is not decided is held.
constexpr uint64_t kMostTagBytes = uint64_t{1} << 16;

LinkOptions InPage(LinkOptions options) {
  options.paragraphs = Paragraphs::kDoNotCount;
  return options;
}

}  // namespace

HtmlLinker::HtmlLinker(const std::vector<DictionaryView>& dictionaries, const LinkOptions& options, LinkStream::Sink sink)
    : stream_(dictionaries, InPage(options), std::move(sink)) {}

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
  for (;;) {
    const text::HtmlTextRun run = reader_.NextRun();
    if (run.token == nullptr) break;
    Continue(run);
    for (const text::HtmlTextPiece& piece : run.token->pieces) {
      if (piece.verbatim()) {
        stream_.FeedVerbatim(piece.text(), piece.start);
      } else {
        stream_.FeedDecoded(piece.text(), piece.start, piece.end);
      }
    }
    text_end_ = run.token->end;
  }
  if (reader_.behind_border() || reader_.read() > text_end_ + kMostTagBytes) Close();
}

// What stands between the last text and this one.
void HtmlLinker::Continue(const text::HtmlTextRun& run) {
  const uint64_t start = run.token->start;
  if (!run.in_word || start > text_end_ + kMostTagBytes) Close();
  if (open_ ? start != text_end_ || run.linked != linked_ : !run.linked) stream_.Seam(run.linked);
  open_ = true;
  linked_ = run.linked;
}

void HtmlLinker::Close() {
  if (open_) stream_.Finish();
  open_ = false;
}

}  // namespace sakuin::keyword_linker
