#include "indexer/trec_source.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "indexer/source_window.h"
#include "text/html_entities.h"
#include "text/utf8_repair.h"

namespace sakuin::indexer {
namespace {

struct Parts {
  std::string key;
  std::string title;
  std::string url;
  std::string body;
};

// Sorts the text of one document into its parts. Each byte is looked at once.
class DocumentText {
 public:
  explicit DocumentText(std::string_view text) : text_(text) {}

  Parts Read() {
    while (at_ < text_.size()) {
      const size_t open = text_.find('<', at_);
      AppendText(text_.substr(at_, open == std::string_view::npos ? open : open - at_));
      if (open == std::string_view::npos) break;
      at_ = open;
      if (!ReadTag()) {
        AppendText("<");
        at_ = open + 1;
      }
    }
    for (std::string* part : {&parts_.key, &parts_.title, &parts_.url, &parts_.body}) *part = std::string(Trim(*part));
    return std::move(parts_);
  }

 private:
  // At "<"; false when it begins no tag.
  bool ReadTag() {
    if (no_more_closing_ || at_ + 1 >= text_.size()) return false;
    const bool closing = text_[at_ + 1] == '/';
    const size_t name_at = at_ + (closing ? 2 : 1);
    if (name_at >= text_.size() || !(IsAsciiLetter(text_[name_at]) || (!closing && text_[name_at] == '!'))) return false;
    const size_t end = text_.find('>', name_at);
    if (end == std::string_view::npos) {
      no_more_closing_ = true;
      return false;
    }
    std::string_view name = text_.substr(name_at, end - name_at);
    name = name.substr(0, name.find_first_of(" \t\r\n/"));
    at_ = end + 1;
    Enter(name, closing);
    return true;
  }

  void Enter(std::string_view name, bool closing) {
    if (target_ != nullptr) target_->push_back('\n');
    if (!inside_.empty()) {  // of a part: only its own end matters
      if (!closing || !EqualsIgnoringCase(name, inside_)) return;
      inside_ = {};
      target_ = &parts_.body;
    } else if (!closing) {
      constexpr std::array<std::string_view, 6> kTitles = {"title", "headline", "hl", "head", "ttl", "ti"};
      const auto is = [&](std::string_view known) { return EqualsIgnoringCase(name, known); };
      std::string* const part = is("docno") ? &parts_.key : (is("url") ? &parts_.url : &parts_.title);
      const bool known = is("docno") || is("url") || std::any_of(kTitles.begin(), kTitles.end(), is);
      if (!known && !is("dochdr")) return;
      inside_ = name;
      target_ = known ? part : nullptr;
    }
  }

  void AppendText(std::string_view text) {
    if (target_ != nullptr) text::AppendHtmlDecoded(*target_, text);
  }

  const std::string_view text_;
  size_t at_ = 0;
  bool no_more_closing_ = false;  // no ">" behind at_
  std::string_view inside_;       // the part that is open; empty in the body
  Parts parts_;
  std::string* target_ = &parts_.body;  // null: text is dropped
};

enum class Mark { kNone, kOpen, kClose };

class TrecSource final : public SingleSource {
 public:
  TrecSource(std::unique_ptr<ByteInput> bytes, SourceFile source, const SourceOptions& how)
      : SingleSource(std::move(bytes), std::move(source), how), window_(input(), how.chunk_bytes) {}

  Result<ReadOutcome> Next(index::Document& out) override {
    if (ended_) return ReadOutcome::kEnd;
    for (;;) {
      size_t at = 0;
      const Mark mark = FindMark(at);
      if (mark == Mark::kNone) {
        PassOver();
        ASSIGN_OR_RETURN(const ReadState state, window_.Grow());
        if (state == ReadState::kWouldBlock) return ReadOutcome::kWouldBlock;
        if (state == ReadState::kEnd) return End();
        continue;
      }
      const bool was_inside = std::exchange(inside_, mark == Mark::kOpen);
      if (was_inside && mark == Mark::kClose) return TakeDocument(at, out);
      const uint64_t bytes = dropped_ + at;
      Consume(at);
      searched_ = 2;  // behind the "<" just found
      const uint64_t line = std::exchange(open_line_, newlines_ + 1);
      if (mark == Mark::kOpen) ++opened_;
      if (!was_inside) continue;
      set_line(line);
      return std::exchange(dropped_, 0) > 0 ? TooLong("document", bytes) : NotClosed();
    }
  }

 private:
  static constexpr size_t kLongestMark = 6;  // </DOC>

  // Looks for <DOC> and </DOC> from searched_ on; a mark cut by the end of the window is found later.
  Mark FindMark(size_t& at) {
    const std::string_view bytes = window_.bytes();
    for (;;) {
      at = searched_ < bytes.size() ? bytes.find('<', searched_) : std::string_view::npos;
      searched_ = std::min(at, bytes.size());
      if (at == std::string_view::npos || bytes.size() - at < kLongestMark) return Mark::kNone;
      const std::string_view tag = bytes.substr(at, kLongestMark);
      if (EqualsIgnoringCase(tag, "</doc>")) return Mark::kClose;
      if (EqualsIgnoringCase(tag.substr(0, 4), "<doc") && (tag[4] == '>' || IsBlank(tag[4]))) return Mark::kOpen;
      searched_ = at + 1;
    }
  }

  void Consume(size_t size) {
    const std::string_view gone = window_.bytes().substr(0, size);
    newlines_ += static_cast<uint64_t>(std::count(gone.begin(), gone.end(), '\n'));
    window_.Consume(size);
    searched_ -= std::min(searched_, size);
  }

  // No mark before searched_: drops what need not be held.
  void PassOver() {
    const bool too_long = inside_ && (dropped_ > 0 || window_.bytes().size() > options().max_record_bytes);
    if (inside_ && !too_long) return;
    if (too_long) dropped_ += searched_;
    Consume(searched_);
  }

  ReadOutcome NotClosed() { return Broken("the document has no </DOC>"); }

  ReadOutcome End() {
    ended_ = true;
    set_line(open_line_);
    if (inside_) return dropped_ > 0 ? TooLong("document", dropped_) : NotClosed();
    if (opened_ > 0 || input().bytes_read() == 0) return ReadOutcome::kEnd;
    set_line(0);
    return Broken("the file has no <DOC>: it is not a TREC collection, or empty");
  }

  // The document is the first `size` bytes of the window.
  ReadOutcome TakeDocument(size_t size, index::Document& out) {
    set_line(open_line_);
    const uint64_t dropped = std::exchange(dropped_, 0);
    const bool too_long = dropped > 0 || size > options().max_record_bytes;
    const ReadOutcome outcome = too_long ? TooLong("document", dropped + size) : Convert(window_.bytes().substr(0, size), out);
    Consume(size + kLongestMark);
    return outcome;
  }

  ReadOutcome Convert(std::string_view text, index::Document& out) {
    std::string repaired;
    if (!text::IsUtf8(text)) {
      repaired.assign(text);
      CountRepaired(text::RepairUtf8(repaired));
      text = repaired;
    }
    const Parts parts = DocumentText(text).Read();
    if (parts.key.empty()) return Broken("the document has no <DOCNO>");
    RecordBuilder record(out);
    record.SetKey(parts.key);
    if (!parts.title.empty()) record.AddString("title", parts.title);
    if (!parts.url.empty()) record.AddString("url", parts.url);
    if (!parts.body.empty()) record.AddString("body", parts.body);
    if (!record.Finish("DOCNO")) return Broken(record.reason());
    WriteStored(out, options().id_field, json());
    return ReadOutcome::kDocument;
  }

  InputWindow window_;
  size_t searched_ = 0;     // bytes of the window known to have no mark
  bool inside_ = false;     // the window begins with a <DOC>
  uint64_t dropped_ = 0;    // bytes of a document that is too long, passed over already
  uint64_t newlines_ = 0;   // before the window
  uint64_t open_line_ = 0;  // of the <DOC>
  uint64_t opened_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<DocumentSource> MakeTrecSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options) {
  return std::make_unique<TrecSource>(std::move(input), std::move(file), options);
}

}  // namespace sakuin::indexer
