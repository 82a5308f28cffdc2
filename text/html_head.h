// html_head.h: what <meta>, <link> and <base> say of a page.
//
//   HtmlHeadReader reader("sakuinbot");
//   reader.Meta(meta_tag);               // <meta name=robots content="noindex, nofollow">
//   reader.head().robots.noindex         // true
//
// The first of each wins, except for robots, where what is forbidden once is
// forbidden. Values longer than kMaxHtmlFactBytes are cut at a character; an address
// that long is none. Not thread-safe; one per page.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "text/html_token.h"
#include "text/robots_directives.h"

namespace sakuin::text {

inline constexpr size_t kMaxHtmlFactBytes = 8192;

struct HtmlRefresh {
  double seconds = 0;
  std::string url;  // empty: the page itself
};

struct HtmlOpenGraph {
  std::string title, description, type, site_name, image, url;
};

struct HtmlHead {
  std::string base;  // href of the first <base> that has one
  std::string canonical;
  std::string description;
  std::string content_language;  // http-equiv
  std::string published;         // article:published_time and the like
  std::string date;              // meta of other names that say a date
  RobotsDirectives robots;
  HtmlOpenGraph open_graph;
  std::optional<HtmlRefresh> refresh;
};

// "5; url='next.html'", as browsers read it.
std::optional<HtmlRefresh> ReadRefresh(std::string_view content);

class HtmlHeadReader {
 public:
  // `agent` in lower case; empty: only name=robots counts.
  explicit HtmlHeadReader(std::string agent) : agent_(std::move(agent)) {}

  void Meta(const HtmlToken& tag);
  void Base(const HtmlToken& tag);
  void Canonical(const HtmlToken& tag);  // a <link> with this rel

  HtmlHead& head() { return head_; }

 private:
  void Named(std::string_view name, std::string_view content);
  void HttpEquiv(std::string_view name, std::string_view content);

  std::string agent_;
  HtmlHead head_;
};

// A value as a reader sees it: no blanks around it.
std::string_view TrimHtmlSpace(std::string_view text);

// Whether a list of names between blanks holds this one. REQUIRES: both in lower case.
bool HasHtmlName(std::string_view names, std::string_view name);

}  // namespace sakuin::text
