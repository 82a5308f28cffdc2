#include "indexer/warc_source.h"

#include <algorithm>
#include <utility>

#include "base/http_message.h"
#include "base/warc_reader.h"
#include "indexer/html_source.h"
#include "indexer/text_source.h"
#include "text/utf8_repair.h"

namespace sakuin::indexer {
namespace {

constexpr size_t kLookedAtBytes = 4096;
constexpr size_t kUrlShown = 200;

// "text/html" of "Text/HTML; charset=utf-8".
std::string MediaType(std::string_view content_type) {
  std::string out(Trim(content_type.substr(0, content_type.find(';'))));
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// Null: not for us.
PageReader ReaderOf(const std::string& media_type) {
  if (media_type == "text/html" || media_type == "application/xhtml+xml") return ReadHtml;
  return media_type == "text/plain" ? ReadPlainText : nullptr;
}

class WarcSource final : public SingleSource {
 public:
  WarcSource(std::unique_ptr<ByteInput> bytes, SourceFile source, const SourceOptions& how)
      : SingleSource(std::move(bytes), std::move(source), how),
        reader_({.max_block_bytes = how.max_record_bytes}),
        is_stored_(input().is_untouched()),
        chunk_(std::min(how.chunk_bytes, kDefaultChunkBytes), '\0') {}

  Result<ReadOutcome> Next(index::Document& out) override {
    for (;;) {
      switch (reader_.Next(record_)) {
        case WarcOutcome::kEnd: return ReadOutcome::kEnd;
        case WarcOutcome::kDamage: set_line(0); return Broken("byte " + std::to_string(reader_.damage().offset) + ": " + reader_.damage().reason);
        case WarcOutcome::kNeedsInput: {
          ASSIGN_OR_RETURN(const ReadState state, FeedMore());
          if (state == ReadState::kWouldBlock) return ReadOutcome::kWouldBlock;
          break;
        }
        case WarcOutcome::kRecord:
          set_line(++records_);
          if (const ReadOutcome outcome = Convert(out); outcome != ReadOutcome::kEnd) return outcome;
      }
    }
  }

 private:
  Result<ReadState> FeedMore() {
    size_t got = 0;
    ASSIGN_OR_RETURN(const ReadState state,
                     is_stored_ ? input().ReadStored(chunk_.data(), chunk_.size(), got) : input().Read(chunk_.data(), chunk_.size(), got));
    if (state == ReadState::kEnd) reader_.Finish();
    if (state == ReadState::kData) reader_.Feed(std::string_view(chunk_).substr(0, got));
    return state;
  }

  // kEnd: the record is no document.
  ReadOutcome Convert(index::Document& out) {
    const std::string_view url = record_.Find("WARC-Target-URI");
    if (!(StartsWithIgnoringCase(url, "http://") || StartsWithIgnoringCase(url, "https://"))) return ReadOutcome::kEnd;
    const std::string_view type = record_.Find("WARC-Type");
    if (type == "resource") return ConvertPage(url, ReaderOf(MediaType(record_.Find("Content-Type"))), record_.block, out);
    if (type != "response") return ReadOutcome::kEnd;
    const Result<HttpHead> head = ParseHttpHead(record_.block);
    if (!head.ok()) return Broken(Named(url) + ": " + std::string(head.status().message()));
    const PageReader reader = ReaderOf(MediaType(head->Find("Content-Type")));
    if (head->status < 200 || head->status > 299 || reader == nullptr) return ReadOutcome::kEnd;
    const HttpBody body = DecodeHttpBody(*head, std::string_view(record_.block).substr(head->bytes), options().max_record_bytes);
    if (body.is_cut) return TooLong("page", body.bytes.size() + 1);
    if (!body.unknown_coding.empty()) return Broken(Named(url) + ": unknown content coding " + text::Excerpt(body.unknown_coding));
    if (body.is_damaged && body.bytes.empty()) return Broken(Named(url) + ": its body cannot be decoded");
    return ConvertPage(url, reader, body.bytes, out);
  }

  ReadOutcome ConvertPage(std::string_view url, PageReader reader, std::string_view body, index::Document& out) {
    if (reader == nullptr) return ReadOutcome::kEnd;
    if (record_.is_cut() && record_.block.size() >= options().max_record_bytes) return TooLong("record", record_.block_bytes);
    if (LooksBinary(body.substr(0, kLookedAtBytes))) return Broken(Named(url) + ": binary or UTF-16: UTF-8 text is wanted");
    const std::string key = WellFormed(url);
    const PageText page = reader(WellFormed(body));
    RecordBuilder record(out);
    record.SetKey(key);
    record.AddString("title", page.title.empty() ? key : page.title);
    if (!page.body.empty()) record.AddString("body", page.body);
    record.AddString("url", key);
    if (const std::string date = WellFormed(record_.Find("WARC-Date")); !date.empty()) record.AddString("fetched_at", date);
    if (!record.Finish(options().id_field)) return Broken(record.reason());
    WriteStored(out, options().id_field, json());
    return ReadOutcome::kDocument;
  }

  std::string WellFormed(std::string_view text) {
    std::string out(text);
    if (!text::IsUtf8(out)) CountRepaired(text::RepairUtf8(out));
    return out;
  }

  static std::string Named(std::string_view url) { return text::Excerpt(url, kUrlShown); }

  WarcReader reader_;
  const bool is_stored_;  // the reader undoes the compression
  std::string chunk_;
  WarcRecord record_;
  uint64_t records_ = 0;
};

}  // namespace

std::unique_ptr<DocumentSource> MakeWarcSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options) {
  return std::make_unique<WarcSource>(std::move(input), std::move(file), options);
}

}  // namespace sakuin::indexer
