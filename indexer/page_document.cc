#include "indexer/page_document.h"

#include <string>

namespace sakuin::indexer {
namespace {

void AddText(std::string_view field, std::string_view text, RecordBuilder& record) {
  if (!text.empty()) record.AddString(field, text);
}

}  // namespace

void AddPageFields(const text::PageFields& page, RecordBuilder& record) {
  AddText("title", page.title, record);
  AddText("body", page.body, record);
  for (const std::string& heading : page.headings) AddText("headings", heading, record);
  AddText("description", page.description, record);
  AddText("lang", page.language, record);
  AddText("date", page.published, record);
}

void AddPage(const text::PageFields& page, const PageOrigin& origin, std::string_view id_field, RecordBuilder& record) {
  record.SetKey(origin.url);
  AddPageFields(page, record);
  AddText("site", origin.site, record);
  AddText("fetched_at", origin.fetched_at, record);
  if (id_field != "url") record.AddString("url", origin.url);
}

}  // namespace sakuin::indexer
