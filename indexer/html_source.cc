#include "indexer/html_source.h"

#include <utility>

#include "text/html_page.h"

namespace sakuin::indexer {

PageText ReadHtml(std::string_view html) {
  text::HtmlPage page = text::ReadHtmlPage(html);
  return {std::move(page.title), std::move(page.body), {}};
}

}  // namespace sakuin::indexer
