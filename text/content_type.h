// content_type.h: what kind of thing was fetched, by its header and by its bytes.
//
//   SniffContent("text/html; charset=utf-8", body)          // kHtml
//   SniffContent("", "%PDF-1.7 ...")                        // kRefused, "application/pdf is not read"
//   SniffContent("text/plain", "\x89PNG\r\n...")            // kRefused, "image/png is not read"
//   ListingOf("/map.xml", "text/xml", "<?xml?><urlset>")     // Listing::kSitemap
//
// The basics of the WHATWG MIME Sniffing standard: a header that says what it is is
// believed, but for text/plain with bytes that are no text and for names that mean
// nothing (none, unknown/unknown, */*, application/octet-stream). Those that begin
// like an image, an archive or a PDF are that in any case. Looks at the first
// kSniffedBytes bytes. Pure functions: thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sakuin::text {

inline constexpr size_t kSniffedBytes = 1445;  // as the standard says

enum class ContentKind : uint8_t { kHtml, kXml, kText, kRefused };

struct SniffedContent {
  ContentKind kind = ContentKind::kRefused;
  std::string type;    // "text/html", in lower case
  std::string reason;  // why it is refused: "application/pdf is not read"
};

SniffedContent SniffContent(std::string_view content_type, std::string_view body);

// What a page lists, if that is all it does: by its first element, or where its path is called as that of a sitemap is.
enum class Listing : uint8_t { kNone, kSitemap, kFeed };

Listing ListingOf(std::string_view path, std::string_view body);

}  // namespace sakuin::text
