#include "indexer/html_source.h"

namespace sakuin::indexer {

PageText ReadHtml(std::string_view html) {
  PageText page;
  static_cast<text::PageFields&>(page) = text::FieldsOf(text::ReadUtf8Html(html));
  return page;
}

}  // namespace sakuin::indexer
