#include "crawler/feed.h"


#include "crawler/gzip_text.h"
#include "crawler/xml_reader.h"
#include "text/charset.h"
#include "text/charset_prescan.h"
#include "text/date_text.h"
#include "text/html_head.h"
#include "text/html_page.h"

namespace sakuin::crawler {
namespace {

using Event = XmlReader::Event;

// A title may hold markup, escaped or in CDATA: "A &lt;b&gt;B&lt;/b&gt;".
std::string PlainTitle(std::string_view title) {
  if (title.find('<') == std::string_view::npos && title.find('&') == std::string_view::npos) return text::CollapsedText(title, kMaxFeedFactBytes);
  return text::CollapsedText(text::ReadHtmlPage(title).body, kMaxFeedFactBytes);
}

// The parts of the entry that is being read.
struct Parts {
  std::string link, guid, about, title, changed, published;
  bool guid_is_link = true;

  std::string_view Address() const {
    const std::string_view from[] = {link, guid_is_link ? std::string_view(guid) : std::string_view(), about};
    for (const std::string_view each : from) {
      const std::string_view address = text::TrimHtmlSpace(each);
      if (!address.empty() && address.size() <= kMaxFeedFactBytes) return address;
    }
    return {};
  }
};

class FeedXml {
 public:
  FeedXml(std::string_view xml, Feed& feed) : reader_(xml), feed_(feed) {}

  void Read() {
    bool goes_on = true;
    for (Event event = reader_.Next(); goes_on && event != Event::kEnd; event = reader_.Next()) {
      if (event == Event::kStart) goes_on = Open();
      if (event == Event::kText && wanted_ != nullptr && wanted_->size() <= kMaxFeedFactBytes) *wanted_ += reader_.text();
      if (event == Event::kClose) goes_on = Close();
    }
    feed_.title = PlainTitle(title_);
    if (goes_on && !reader_.damage().empty()) feed_.status = DataLossError("the feed is damaged: " + reader_.damage());
  }

 private:
  bool IsInEntry() const { return entry_depth_ != 0; }

  bool Open() {
    const std::string_view name = reader_.name();
    if (reader_.depth() == 1) return OpenRoot(name);
    wanted_ = nullptr;
    if (!IsInEntry() && (name == "item" || name == "entry")) {
      entry_depth_ = reader_.depth();
      parts_ = {};
      parts_.about = reader_.Attribute("about");
    } else if (IsInEntry() && reader_.depth() == entry_depth_ + 1) {
      OpenPart(name);
    } else if (!IsInEntry() && name == "title" && reader_.depth() <= 3 && title_.empty()) {
      wanted_ = &title_;
    }
    return true;
  }

  bool OpenRoot(std::string_view name) {
    is_atom_ = name == "feed";
    if (is_atom_ || name == "rss" || name == "rdf") return true;
    feed_.status = InvalidArgumentError("a feed begins with <rss>, <feed> or <rdf:RDF>, this begins with <" + std::string(name) + ">");
    return false;
  }

  void OpenPart(std::string_view name) {
    if (name == "link") return OpenLink();
    if (name == "guid") parts_.guid_is_link = reader_.Attribute("ispermalink") != "false";
    if (name == "guid") return Want(parts_.guid);
    if (name == "title") return Want(parts_.title);
    if (name == "pubdate" || name == "published" || name == "dc:date") return Want(parts_.published);
    if (name == "updated" || name == "modified" || name == "dcterms:modified") return Want(parts_.changed);
  }

  void Want(std::string& part) {
    if (part.empty()) wanted_ = &part;
  }

  // In RSS the address is the text, in Atom an attribute of the link to the page itself.
  void OpenLink() {
    const std::string href = reader_.Attribute("href");
    const std::string rel = reader_.Attribute("rel");
    if (href.empty() && !is_atom_) return Want(parts_.link);
    if (parts_.link.empty() && (rel.empty() || rel == "alternate")) parts_.link = href;
  }

  bool Close() {
    wanted_ = nullptr;
    if (!IsInEntry() || reader_.depth() >= entry_depth_) return true;
    entry_depth_ = 0;
    const std::string_view address = parts_.Address();
    if (address.empty()) return true;
    if (feed_.entries.size() == kMaxFeedEntries) {
      feed_.status = ResourceExhaustedError("the feed has more than 10,000 entries; the first 10,000 are read");
      return false;
    }
    const std::optional<int64_t> changed = text::ParseDate(text::TrimHtmlSpace(parts_.changed));
    const std::optional<int64_t> published = text::ParseDate(text::TrimHtmlSpace(parts_.published));
    feed_.entries.push_back({std::string(address), PlainTitle(parts_.title), changed.has_value() ? changed : published, published});
    return true;
  }

  XmlReader reader_;
  Feed& feed_;
  bool is_atom_ = false;
  size_t entry_depth_ = 0;  // 0: not in one
  std::string title_;
  Parts parts_;
  std::string* wanted_ = nullptr;  // what the text is of
};

}  // namespace

Feed ReadFeed(std::string_view bytes, std::string_view content_type) {
  Feed feed;
  std::string unpacked;
  const Status limit = UnpackText(bytes, kMaxFeedBytes, unpacked);
  std::string buffer;
  const text::DecodedText decoded = text::DecodeText(bytes, {.label = text::CharsetInContentType(content_type)}, buffer);
  FeedXml(decoded.text, feed).Read();
  if (!limit.ok()) feed.status = limit.WithContext("the feed");
  return feed;
}

}  // namespace sakuin::crawler
