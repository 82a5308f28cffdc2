#include "indexer/page_document.h"

#include <string>
#include <utility>

#include "indexer/mapped_document.h"

namespace sakuin::indexer {
namespace {

using index::FieldType;

constexpr std::string_view kUrl = "url";
constexpr std::pair<std::string_view, FieldType> kPageFields[] = {
    {"body", FieldType::kText},     {"date", FieldType::kDate},    {"description", FieldType::kText}, {"fetched_at", FieldType::kDate},
    {"headings", FieldType::kText}, {"lang", FieldType::kKeyword}, {"site", FieldType::kKeyword},     {"title", FieldType::kText},
    {kUrl, FieldType::kKeyword},
};

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
  if (id_field != kUrl) record.AddString(kUrl, origin.url);
}

std::vector<index::Field> FieldsOfPages() {
  std::vector<index::Field> fields;
  for (const auto& [name, type] : kPageFields) {
    index::Field& field = fields.emplace_back();
    field.name = name;
    field.type = type;
  }
  return fields;
}

index::Schema PageSchema(const std::string& analyzer, const std::string& id_field) {
  index::Schema schema = EmptySchema();
  schema.id_field = id_field.empty() ? kUrl : id_field;
  schema.analyzer = analyzer.empty() ? "auto" : analyzer;
  return schema;
}

}  // namespace sakuin::indexer
