#include "crawler/sitemap.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "crawler/gzip_text.h"
#include "crawler/xml_reader.h"
#include "text/charset.h"
#include "text/charset_prescan.h"
#include "text/date_text.h"
#include "text/html_head.h"

namespace sakuin::crawler {
namespace {

using Event = XmlReader::Event;

// "0.8" is 3.
int ImportanceOf(std::string_view priority) {
  double value = 0;
  const auto [end, error] = std::from_chars(priority.data(), priority.data() + priority.size(), value);
  if (error != std::errc() || end != priority.data() + priority.size() || !(value >= 0 && value <= 1)) return 0;
  return static_cast<int>(std::lround(value * 10)) - 5;
}

class SitemapXml {
 public:
  SitemapXml(std::string_view xml, Sitemap& sitemap) : reader_(xml), sitemap_(sitemap) {}

  void Read() {
    for (Event event = reader_.Next(); event != Event::kEnd; event = reader_.Next()) {
      if (event == Event::kStart && !Open()) return;
      if (event == Event::kText && wanted_ != nullptr && wanted_->size() <= kMaxSitemapUrlBytes) *wanted_ += reader_.text();
      if (event == Event::kClose && !Close()) return;
    }
    if (!reader_.damage().empty()) sitemap_.status = DataLossError("the sitemap is damaged: " + reader_.damage());
  }

 private:
  bool Open() {
    if (reader_.depth() == 1) return OpenRoot();
    if (reader_.depth() == 2) {
      url_.clear();
      date_.clear();
      priority_.clear();
    }
    wanted_ = nullptr;
    if (reader_.depth() == 3 && reader_.name() == "loc" && url_.empty()) wanted_ = &url_;
    if (reader_.depth() == 3 && reader_.name() == "lastmod" && date_.empty()) wanted_ = &date_;
    if (reader_.depth() == 3 && reader_.name() == "priority" && priority_.empty()) wanted_ = &priority_;
    return true;
  }

  bool OpenRoot() {
    sitemap_.is_index = reader_.name() == "sitemapindex";
    if (sitemap_.is_index || reader_.name() == "urlset") return true;
    sitemap_.status =
        InvalidArgumentError("a sitemap begins with <urlset> or <sitemapindex>, this begins with <" + std::string(reader_.name()) + ">");
    return false;
  }

  bool Close() {
    wanted_ = nullptr;
    const bool ends_entry = reader_.depth() == 1 && reader_.name() == (sitemap_.is_index ? "sitemap" : "url");
    if (!ends_entry) return true;
    const std::string_view url = text::TrimHtmlSpace(url_);
    if (url.empty() || url.size() > kMaxSitemapUrlBytes) return true;
    if (sitemap_.entries.size() == kMaxSitemapEntries) {
      sitemap_.status = ResourceExhaustedError("the sitemap has more than 50,000 addresses; the first 50,000 are read");
      return false;
    }
    sitemap_.entries.push_back({std::string(url), text::ParseDate(text::TrimHtmlSpace(date_)), ImportanceOf(text::TrimHtmlSpace(priority_))});
    return true;
  }

  XmlReader reader_;
  Sitemap& sitemap_;
  std::string url_;
  std::string date_;
  std::string priority_;
  std::string* wanted_ = nullptr;  // what the text is of
};

bool IsAddress(std::string_view line) { return line.starts_with("http://") || line.starts_with("https://"); }

void ReadLines(std::string_view text, Sitemap& sitemap) {
  bool others = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = text::TrimHtmlSpace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    if (!IsAddress(line) || line.size() > kMaxSitemapUrlBytes) {
      others = true;
      continue;
    }
    if (sitemap.entries.size() == kMaxSitemapEntries) {
      sitemap.status = ResourceExhaustedError("the sitemap has more than 50,000 addresses; the first 50,000 are read");
      return;
    }
    sitemap.entries.push_back({.url = std::string(line), .last_modified = std::nullopt});
  }
  if (sitemap.entries.empty()) sitemap.status = InvalidArgumentError("no sitemap: neither XML nor an address on a line");
  if (others && !sitemap.entries.empty()) sitemap.status = DataLossError("the sitemap has lines that are no addresses");
}

}  // namespace

Sitemap ReadSitemap(std::string_view bytes, std::string_view content_type) {
  Sitemap sitemap;
  std::string unpacked;
  const Status limit = UnpackText(bytes, kMaxSitemapBytes, unpacked);
  std::string buffer;
  const text::DecodedText decoded = text::DecodeText(bytes, {.label = text::CharsetInContentType(content_type)}, buffer);
  if (text::TrimHtmlSpace(decoded.text).starts_with('<')) {
    SitemapXml(decoded.text, sitemap).Read();
  } else {
    ReadLines(decoded.text, sitemap);
  }
  if (!limit.ok()) sitemap.status = limit.WithContext("the sitemap");
  return sitemap;
}

}  // namespace sakuin::crawler
