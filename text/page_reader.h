// page_reader.h: what was fetched, read: from bytes and a Content-Type to the
// fields of a document and the links to go on with.
//
//   Result<Page> page = ReadPage({.content_type = "text/html; charset=euc-kr", .body = bytes, .agent = "sakuinbot"});
//   page->title, page->body, page->links, page->lang == "ko"
//   PageFields fields = FieldsOf(*std::move(page));     // what becomes a document
//
// What is a page is decided here, for a crawl and for its archive alike: HTML, plain
// text and XML (its texts), by header and bytes (content_type.h), that came whole.
// Whatever else is refused with INVALID_ARGUMENT and a message such as
// "application/pdf is not read" or "the body ends before its end". A part of a page is
// none: words would be missing without a sign of it, and it would take the place of a
// whole one. Sitemaps and feeds have readers of their own (sitemap.h, feed.h). Links
// are not resolved here, robots not obeyed. The language is what the page says, else
// what its text looks like, else unknown. Thread-safe: a pure function; linear.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/charset.h"
#include "text/content_type.h"
#include "text/html_page.h"

namespace sakuin::text {

inline constexpr size_t kMaxPageBytes = 10 << 20;  // as it came, and once more without content encoding

// Whether a body is all that was sent.
enum class BodyState : uint8_t { kWhole, kCutOff, kTooLarge, kBomb, kUndecodable };

// Why it is no page; empty for a whole one.
constexpr std::string_view BodyStateText(BodyState state) {
  switch (state) {
    case BodyState::kWhole: break;
    case BodyState::kCutOff: return "the body ends before its end";
    case BodyState::kTooLarge: return "the body is larger than allowed";
    case BodyState::kBomb: return "the body is larger than allowed after decompression";
    case BodyState::kUndecodable: return "the body could not be decompressed";
  }
  return "";
}

struct FetchedBody {
  std::string_view content_type;  // the header, as it came; empty: none
  std::string_view body;          // without content encoding
  std::string_view agent{};       // in lower case, for <meta name=agent>
  BodyState state = BodyState::kWhole;
};

struct Page {
  ContentKind kind = ContentKind::kHtml;
  std::string type;     // "text/html"
  std::string charset;  // "EUC-KR"
  CharsetSource charset_source = CharsetSource::kDetected;
  size_t replaced = 0;  // characters that could not be decoded
  std::string title;
  std::string body;
  std::string description;  // of meta, else of OpenGraph
  std::string lang;         // "en", "pt-br": in lower case; empty: unknown
  std::string author;
  std::optional<int64_t> published;  // seconds since 1970
  std::vector<HtmlHeading> headings;
  std::vector<HtmlLink> links;
  HtmlHead head;  // base, canonical, robots, OpenGraph, refresh
};

Result<Page> ReadPage(const FetchedBody& fetched);

// Of HTML that is UTF-8 already.
Page ReadUtf8Html(std::string_view html, std::string_view agent = {});

// What of a page becomes a document: the same for a crawl, an archive and a file.
struct PageFields {
  std::string title;
  std::string body;  // the main text
  std::vector<std::string> headings;
  std::string description;  // as its author gives it
  std::string language;     // "ko"; empty: unknown
  std::string published;    // ISO 8601; empty: unknown
};

PageFields FieldsOf(Page page);

// "ko" for "korean": the code of a language that text/language_guess.h names; empty for others.
std::string_view LanguageCode(std::string_view name);

}  // namespace sakuin::text
