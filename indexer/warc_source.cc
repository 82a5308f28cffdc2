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

constexpr size_t kShownBytes = 200;   // of a URL or a reason
constexpr size_t kMostReasons = 100;  // types are what servers write

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

  LeftOut left_out() const override { return left_out_; }

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
    const bool is_of_web = StartsWithIgnoringCase(url, "http://") || StartsWithIgnoringCase(url, "https://");
    if (!is_of_web || PathOf(url) == "/robots.txt") return ReadOutcome::kEnd;
    const std::string_view type = record_.Find("WARC-Type");
    if (type == "resource") return ConvertPage(url, record_.Find("Content-Type"), {.bytes = record_.block}, out);
    if (type != "response") return ReadOutcome::kEnd;
    const Result<HttpHead> head = ParseHttpHead(record_.block);
    if (!head.ok()) return Broken(Named(url) + ": " + std::string(head.status().message()));
    if (head->status < 200 || head->status > 299) return ReadOutcome::kEnd;
    const std::string_view content_type = head->Find("Content-Type");
    const text::SniffedContent named = text::SniffContent(content_type, {});
    if (named.kind == text::ContentKind::kRefused) return LeaveOut(named.reason);  // nothing need be unpacked
    const std::string_view coded = std::string_view(record_.block).substr(head->bytes);
    return ConvertPage(url, content_type, DecodeHttpBody(*head, coded, std::min(options().max_record_bytes, text::kMaxPageBytes)), out);
  }

  text::BodyState StateOf(const HttpBody& body) const {
    const std::string_view truncated = record_.Find("WARC-Truncated");
    if (record_.is_cut() || EqualsIgnoringCase(truncated, "length")) return text::BodyState::kTooLarge;
    if (body.is_cut) return body.is_bomb ? text::BodyState::kBomb : text::BodyState::kTooLarge;
    if (!truncated.empty() || body.is_short) return text::BodyState::kCutOff;
    return body.is_damaged || !body.unknown_coding.empty() ? text::BodyState::kUndecodable : text::BodyState::kWhole;
  }

  ReadOutcome ConvertPage(std::string_view url, std::string_view content_type, const HttpBody& body, index::Document& out) {
    if (options().is_listing && options().is_listing(PathOf(url), content_type, body.bytes)) return ReadOutcome::kEnd;
    const bool is_too_long = body.is_cut || record_.is_cut();
    if (is_too_long && options().max_record_bytes < text::kMaxPageBytes) return TooLong("page", body.bytes.size() + 1);
    Result<text::Page> page = text::ReadPage({.content_type = content_type, .body = body.bytes, .state = StateOf(body)});
    if (!page.ok()) return LeaveOut(page.status().message());
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

  ReadOutcome LeaveOut(std::string_view reason) {
    const std::string name = text::Excerpt(reason, kShownBytes);
    ++left_out_[left_out_.size() < kMostReasons || left_out_.contains(name) ? name : "other"];
    return ReadOutcome::kEnd;
  }

  std::string WellFormed(std::string_view text) {
    std::string out(text);
    if (!text::IsUtf8(out)) CountRepaired(text::RepairUtf8(out));
    return out;
  }

  static std::string Named(std::string_view url) { return text::Excerpt(url, kShownBytes); }

  WarcReader reader_;
  const bool is_stored_;  // the reader undoes the compression
  std::string chunk_;
  WarcRecord record_;
  uint64_t records_ = 0;
  LeftOut left_out_;
};

}  // namespace

std::unique_ptr<DocumentSource> MakeWarcSource(std::unique_ptr<ByteInput> input, SourceFile file, const SourceOptions& options) {
  return std::make_unique<WarcSource>(std::move(input), std::move(file), options);
}

}  // namespace sakuin::indexer
