#include "text/content_type.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "text/charset_guess.h"
#include "text/html_head.h"

namespace sakuin::text {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  std::string_view type;
  size_t at = 0;
};

constexpr Signature kSignatures[] = {
    {"%PDF-"sv, "application/pdf"},
    {"%!PS-Adobe-"sv, "application/postscript"},
    {"\x89PNG\r\n\x1A\n"sv, "image/png"},
    {"GIF87a"sv, "image/gif"},
    {"GIF89a"sv, "image/gif"},
    {"\xFF\xD8\xFF"sv, "image/jpeg"},
    {"WEBPVP"sv, "image/webp", 8},
    {"\0\0\1\0"sv, "image/x-icon"},
    {"PK\3\4"sv, "application/zip"},
    {"\x1F\x8B\x08"sv, "application/gzip"},
    {"Rar!\x1A\x07"sv, "application/x-rar-compressed"},
    {"7z\xBC\xAF\x27\x1C"sv, "application/x-7z-compressed"},
    {"\x28\xB5\x2F\xFD"sv, "application/zstd"},
    {"BZh"sv, "application/x-bzip2"},
    {"ftyp"sv, "video/mp4", 4},
    {"\x1A\x45\xDF\xA3"sv, "video/webm"},
    {"OggS"sv, "application/ogg"},
    {"ID3"sv, "audio/mpeg"},
    {"wOFF"sv, "font/woff"},
    {"wOF2"sv, "font/woff2"},
    {"\x7F"
     "ELF"sv,
     "application/x-executable"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "application/x-ole-storage"},
};


// What a page begins with, in lower case; a blank or > follows, but for a comment.
constexpr std::string_view kHtmlBeginnings[] = {"<!doctype html", "<html",  "<head", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a",
                                                "<style",         "<title", "<b",    "<body",   "<br",     "<p",  "<!--", "<meta", "<link"};

std::string_view SignatureType(std::string_view body) {
  for (const Signature& each : kSignatures) {
    if (body.size() >= each.at && body.substr(each.at).starts_with(each.bytes)) return each.type;
  }
  return {};
}

bool LooksHtml(std::string_view body) {
  body = TrimHtmlSpace(body.substr(0, kSniffedBytes));
  const std::string head = LowerAscii(body.substr(0, 16));
  return std::ranges::any_of(kHtmlBeginnings, [&](std::string_view beginning) {
    if (!head.starts_with(beginning)) return false;
    const char behind = head.size() > beginning.size() ? head[beginning.size()] : ' ';
    return beginning == "<!--" || behind == ' ' || behind == '>' || behind == '\n' || behind == '\t' || behind == '\r';
  });
}

bool LooksXml(std::string_view body) { return TrimHtmlSpace(body.substr(0, kSniffedBytes)).starts_with("<?xml"); }

bool LooksBinary(std::string_view body) {
  if (CharsetOfBom(body).charset != nullptr || GuessCharset(body.substr(0, kSniffedBytes))->wide()) return false;
  return std::ranges::any_of(body.substr(0, kSniffedBytes), [](char c) {
    const auto byte = static_cast<uint8_t>(c);
    return byte <= 8 || byte == 0x0B || (byte >= 0x0E && byte <= 0x1A) || (byte >= 0x1C && byte <= 0x1F);
  });
}

std::string TypeOf(std::string_view content_type) {
  return LowerAscii(TrimHtmlSpace(content_type.substr(0, content_type.find(';'))).substr(0, 128));
}

bool SaysNothing(std::string_view type) {
  return type.empty() || type.find('/') == std::string_view::npos || type == "unknown/unknown" || type == "application/unknown" || type == "*/*" ||
         type == "application/octet-stream" || type == "binary/octet-stream";
}

bool IsTextual(std::string_view type) {
  return type.starts_with("text/") && type != "text/css" && type != "text/javascript" && type != "text/calendar" && type != "text/vcard";
}

SniffedContent Refused(std::string_view type) { return {ContentKind::kRefused, std::string(type), std::string(type) + " is not read"}; }

SniffedContent ByBytes(std::string_view body) {
  if (LooksHtml(body)) return {ContentKind::kHtml, "text/html", {}};
  if (LooksXml(body)) return {ContentKind::kXml, "text/xml", {}};
  if (LooksBinary(body)) return Refused("application/octet-stream");
  return {ContentKind::kText, "text/plain", {}};
}

// Behind what begins with `begin` and ends with `end`; false: it does not.
bool Skip(std::string_view& text, std::string_view begin, std::string_view end) {
  if (!text.starts_with(begin)) return false;
  const size_t at = text.find(end, begin.size());
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  return true;
}

// A document type, with what it may define between brackets.
bool SkipDoctype(std::string_view& text) {
  if (!text.starts_with("<!")) return false;
  const size_t end = text.find_first_of("[>");
  return Skip(text, "<!", end != std::string_view::npos && text[end] == '[' ? "]>" : ">");
}

// The name of the first element, without a prefix; empty when something else stands before it.
std::string_view RootOf(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  do {
    body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n"), body.size()));
  } while (Skip(body, "<?", "?>") || Skip(body, "<!--", "-->") || SkipDoctype(body));
  if (!body.starts_with('<')) return {};
  std::string_view name = body.substr(1, body.substr(1).find_first_of(" \t\r\n/>"));
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

SniffedContent SniffContent(std::string_view content_type, std::string_view body) {
  std::string type = TypeOf(content_type);
  if (const std::string_view signature = SignatureType(body); !signature.empty()) return Refused(signature);
  if (SaysNothing(type)) return ByBytes(body);
  if (type == "text/html" || type == "application/xhtml+xml") {
    if (!LooksHtml(body) && LooksBinary(body)) return Refused("application/octet-stream");
    return {ContentKind::kHtml, std::move(type), {}};
  }
  if (type == "text/xml" || type == "application/xml" || type.ends_with("+xml")) {
    if (type == "image/svg+xml") return Refused(type);
    return {ContentKind::kXml, std::move(type), {}};
  }
  if (!IsTextual(type)) return Refused(type);
  if (LooksBinary(body)) return Refused("application/octet-stream");
  return {ContentKind::kText, std::move(type), {}};
}

Listing ListingOf(std::string_view path, std::string_view body) {
  if (path.ends_with(".xml.gz") || path.ends_with("sitemap.txt") || path.ends_with("sitemap.txt.gz")) return Listing::kSitemap;
  const std::string_view root = RootOf(body);
  if (root == "urlset" || root == "sitemapindex") return Listing::kSitemap;
  return root == "rss" || root == "feed" || root == "RDF" ? Listing::kFeed : Listing::kNone;
}

}  // namespace sakuin::text
