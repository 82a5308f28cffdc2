// page_reader.h: what was fetched, read: from bytes and a Content-Type to the
// fields of a document and the links to go on with.
//
//   Result<Page> page = ReadPage({.content_type = "text/html; charset=euc-kr", .body = bytes, .agent = "sakuinbot"});
//   page->title, page->body, page->links, page->lang == "ko"
//
// HTML, plain text and XML (its texts) are read; whatever else is refused with
// INVALID_ARGUMENT and a message such as "application/pdf is not read". Sitemaps
// and feeds have readers of their own (sitemap.h, feed.h). Links are not resolved
// here, robots not obeyed. The language is what the page says, else what its text
// looks like, else unknown. Thread-safe: a pure function; linear.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "crawler/content_type.h"
#include "text/charset.h"
#include "text/html_page.h"

namespace sakuin::crawler {

struct FetchedBody {
  std::string_view content_type;  // the header, as it came; empty: none
  std::string_view body;          // without content encoding
  std::string_view agent;         // in lower case, for <meta name=agent>
};

struct Page {
  ContentKind kind = ContentKind::kHtml;
  std::string type;     // "text/html"
  std::string charset;  // "EUC-KR"
  text::CharsetSource charset_source = text::CharsetSource::kDetected;
  size_t replaced = 0;  // characters that could not be decoded
  std::string title;
  std::string body;
  std::string description;  // of meta, else of OpenGraph
  std::string lang;         // "en", "pt-br": in lower case; empty: unknown
  std::string author;
  std::optional<int64_t> published;  // seconds since 1970
  std::vector<text::HtmlHeading> headings;
  std::vector<text::HtmlLink> links;
  text::HtmlHead head;  // base, canonical, robots, OpenGraph, refresh
};

Result<Page> ReadPage(const FetchedBody& fetched);

// "ko" for "korean": the code of a language that text/language_guess.h names; empty for others.
std::string_view LanguageCode(std::string_view name);

}  // namespace sakuin::crawler
