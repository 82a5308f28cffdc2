// html_page.h (start here for whole pages): what a page says, and where it leads.
//
//   HtmlPage page = ReadHtmlPage("<html lang=en><title>A &amp; B</title><nav><a href=/>Home</a></nav><p>Text");
//   page.title == "A & B"; page.lang == "en"; page.body == "Text"
//   page.links == { {"/", "", "Home"} }
//
// One pass over the tokenizer. The text comes in lines where a browser breaks them;
// blanks are collapsed, but in pre and textarea; scripts, styles, comments,
// templates, what is hidden, and svg are left out. Of a page where the main text is
// recognised, `body` has that only (text/main_text.h), of another all that is no menu.
//
// Nothing is resolved or followed here: hrefs are as they stand, robots are told
// and not obeyed. Wants UTF-8 (text/charset.h). Any bytes are a page; time is linear,
// memory no more than a constant times the page, each fact within the limits below.
// HtmlPageReader is not thread-safe, one per page; the functions are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/html_blocks.h"
#include "text/html_elements.h"
#include "text/html_head.h"
#include "text/html_regions.h"
#include "text/html_tokenizer.h"
#include "text/json_ld.h"

namespace sakuin::text {

inline constexpr size_t kMaxHtmlLinks = 100'000;
inline constexpr size_t kMaxHtmlHeadings = 10'000;
inline constexpr size_t kMaxHtmlTitleBytes = 1024;  // of a title, a heading
inline constexpr size_t kMaxHtmlAnchorBytes = 256;  // of the text of a link
inline constexpr size_t kMaxHtmlHrefBytes = 8192;   // a longer one leads nowhere

enum class HtmlLinkKind : uint8_t {
  kAnchor,  // <a>, <area>
  kFrame,   // <frame>, <iframe>
  kLink,    // <link>: rel says what for
};

struct HtmlLink {
  HtmlLinkKind kind = HtmlLinkKind::kAnchor;
  std::string href;  // not empty, as it stands, without blanks around it
  std::string rel;   // in lower case
  std::string type;  // of kLink: "application/rss+xml"
  std::string text;  // what is written on it, or the alternative of its image
};

struct HtmlHeading {
  int level = 0;  // 1 to 6
  std::string text;
};

struct HtmlPage {
  std::string title;  // the first <title>, else the first h1
  std::string body;
  std::string lang;  // of <html>, else of http-equiv; as it stands: "pt-BR"
  std::vector<HtmlHeading> headings;
  std::vector<HtmlLink> links;
  HtmlHead head;
  JsonLd json_ld;
  std::optional<int64_t> published;  // seconds since 1970, from what says it most surely
};

struct HtmlPageOptions {
  std::string agent;  // in lower case: <meta name=agent> is obeyed as name=robots is
};

class HtmlPageReader {
 public:
  explicit HtmlPageReader(HtmlPageOptions options = {});

  // As HtmlTokenizer::Feed.
  void Feed(std::string_view chunk);

  // The page. REQUIRES: called once, last.
  HtmlPage Finish();

 private:
  static constexpr size_t kNone = SIZE_MAX;

  void Drain();
  void Take(const HtmlToken& token);
  void StartTag(const HtmlToken& tag);
  void EndTag(const HtmlToken& tag);
  void OpenElement(const HtmlToken& tag, const HtmlElementFacts& facts);
  void Text(const HtmlToken& token);
  void AppendTo(std::string& out, const HtmlToken& token, size_t limit);
  bool IsInBody() const { return !in_title_ && !in_unread_ && !in_json_ && !in_svg_; }
  void OpenLink(const HtmlToken& tag);
  void CloseLink();
  void AddLink(HtmlLinkKind kind, const HtmlToken& tag, std::string_view attribute);
  void OpenHeading(const HtmlToken& tag);
  void CloseHeading();
  void ReadTime(const HtmlToken& tag);
  void CloseTitle();
  void CloseJson();
  void SettleDates();

  HtmlTokenizer tokenizer_;
  HtmlRegions regions_;
  HtmlBlockText text_;
  HtmlPage page_;
  HtmlHeadReader head_;
  std::string title_;
  std::string json_;
  bool in_title_ = false;
  bool in_unread_ = false;
  bool in_json_ = false;
  bool in_svg_ = false;
  bool after_pre_ = false;        // a line feed here means nothing
  size_t link_at_ = kNone;        // of the text, where that of the last link begins
  bool link_wanted_ = false;      // it is one of page_.links
  std::string alternative_;       // of the first image in it
  size_t heading_at_ = kNone;     // likewise of the last heading
  std::string time_, item_time_;  // <time datetime>, the one with itemprop or pubdate
};

HtmlPage ReadHtmlPage(std::string_view html, const HtmlPageOptions& options = {});

// Blanks collapsed, none at the ends, at most `limit` bytes of whole characters.
std::string CollapsedText(std::string_view text, size_t limit);

}  // namespace sakuin::text
