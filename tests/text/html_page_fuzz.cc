// Any bytes as a page: its facts are UTF-8 and within their limits, and chunks of any size give the same.
// The first byte chooses the size of the chunks.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/html_page.h"
#include "text/utf8_repair.h"

namespace {

using sakuin::text::HtmlPage;

void Check(bool holds) {
  if (!holds) __builtin_trap();
}

void CheckLimits(const HtmlPage& page, size_t bytes) {
  using namespace sakuin::text;
  Check(IsUtf8(page.title) && page.title.size() <= kMaxHtmlTitleBytes);
  Check(IsUtf8(page.body) && page.body.size() <= 3 * bytes + 64);
  Check(IsUtf8(page.lang) && IsUtf8(page.head.description) && IsUtf8(page.head.canonical));
  for (const HtmlLink& link : page.links) Check(IsUtf8(link.href) && IsUtf8(link.text) && !link.href.empty());
  for (const HtmlHeading& heading : page.headings) Check(IsUtf8(heading.text) && heading.level >= 1 && heading.level <= 6);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sakuin::text;
  if (size < 1) return 0;
  const std::string_view html(reinterpret_cast<const char*>(data + 1), size - 1);
  const size_t step = 1 + data[0] % 32;
  const HtmlPage whole = ReadHtmlPage(html, {.agent = "bot"});
  CheckLimits(whole, html.size());
  HtmlPageReader reader({.agent = "bot"});
  for (size_t at = 0; at < html.size(); at += step) reader.Feed(html.substr(at, step));
  const HtmlPage cut = reader.Finish();
  Check(cut.body == whole.body && cut.title == whole.title && cut.links.size() == whole.links.size() && cut.headings.size() == whole.headings.size());
  return 0;
}
