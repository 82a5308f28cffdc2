#include "indexer/warc_source.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/http_message.h"
#include "base/warc_reader.h"
#include "indexer/page_document.h"
#include "text/content_type.h"
#include "text/date_text.h"
#include "text/page_reader.h"
#include "text/utf8_repair.h"

namespace sakuin::indexer {
namespace {

constexpr size_t kUrlShown = 200;

// Whether a header lets one expect a page: what else is in an archive is no error.
bool MayBePage(std::string_view content_type) {
  const text::ContentKind kind = text::SniffContent(content_type, {}).kind;
  return !Trim(content_type).empty() && kind != text::ContentKind::kRefused;
}

// Whether it is an error that the bytes are no text.
bool NamesText(std::string_view content_type) {
  return StartsWithIgnoringCase(Trim(content_type), "text/") || StartsWithIgnoringCase(Trim(content_type), "application/xhtml");
}

// "/a/b" of "http://host/a/b?c".
std::string_view PathOf(std::string_view url) {
  url.remove_prefix(std::min(url.find("://") + 3, url.size()));
  url = url.substr(0, url.find_first_of("?#"));
  return url.substr(std::min(url.find('/'), url.size()));
}

// In the form that a crawl gives it, where it can be read.
std::string TimeOf(std::string_view warc_date) {
  const std::optional<int64_t> seconds = text::ParseDate(warc_date);
  return seconds.has_value() ? text::FormatDate(*seconds) : std::string();
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
    if (type == "resource") return ConvertPage(url, record_.Find("Content-Type"), record_.block, out);
    if (type != "response") return ReadOutcome::kEnd;
    const Result<HttpHead> head = ParseHttpHead(record_.block);
    if (!head.ok()) return Broken(Named(url) + ": " + std::string(head.status().message()));
    const std::string_view content_type = head->Find("Content-Type");
    if (head->status < 200 || head->status > 299 || !MayBePage(content_type)) return ReadOutcome::kEnd;
    const HttpBody body = DecodeHttpBody(*head, std::string_view(record_.block).substr(head->bytes), options().max_record_bytes);
    if (body.is_cut) return TooLong("page", body.bytes.size() + 1);
    if (!body.unknown_coding.empty()) return Broken(Named(url) + ": unknown content coding " + text::Excerpt(body.unknown_coding));
    if (body.is_damaged && body.bytes.empty()) return Broken(Named(url) + ": its body cannot be decoded");
    return ConvertPage(url, content_type, body.bytes, out);
  }

  ReadOutcome ConvertPage(std::string_view url, std::string_view content_type, std::string_view body, index::Document& out) {
    const std::string_view path = PathOf(url);
    if (!MayBePage(content_type) || path == "/robots.txt" || text::ListingOf(path, body) != text::Listing::kNone) return ReadOutcome::kEnd;
    if (record_.is_cut() && record_.block.size() >= options().max_record_bytes) return TooLong("record", record_.block_bytes);
    Result<text::Page> page = text::ReadPage({.content_type = content_type, .body = body, .agent = {}});
    if (!page.ok() && !NamesText(content_type)) return ReadOutcome::kEnd;
    if (!page.ok()) return Broken(Named(url) + ": " + std::string(page.status().message()));
    CountRepaired(page->replaced);
    const std::string key = WellFormed(url);
    const std::string site = options().site_of ? options().site_of(key) : std::string();
    const std::string fetched_at = TimeOf(record_.Find("WARC-Date"));
    RecordBuilder record(out);
    AddPage(text::FieldsOf(*std::move(page)), {.url = key, .site = site, .fetched_at = fetched_at}, options().id_field, record);
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
