#include "indexer/page_document.h"

#include <string>
#include <utility>

#include "indexer/mapped_document.h"

namespace sakuin::indexer {
namespace {

using index::FieldType;

constexpr std::string_view kUrl = "url";
constexpr std::pair<std::string_view, FieldType> kPageFields[] = {
    {"body", FieldType::kText},         {"date", FieldType::kDate},     {"description", FieldType::kText}, {"fetched_at", FieldType::kDate},
    {"headings", FieldType::kText},     {"lang", FieldType::kKeyword},  {"site", FieldType::kKeyword},     {"title", FieldType::kText},
};

void AddField(std::string_view name, FieldType type, index::Schema& schema) {
  index::Field field;
  field.name = name;
  field.type = type;
  if (type == FieldType::kText) field.analyzer = schema.analyzer;
  schema.fields.push_back(std::move(field));
}

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

index::Schema PageSchema(const std::string& analyzer, const std::string& id_field) {
  index::Schema schema = EmptySchema();
  schema.id_field = id_field.empty() ? kUrl : id_field;
  schema.analyzer = analyzer.empty() ? "auto" : analyzer;
  for (const auto& [name, type] : kPageFields) AddField(name, type, schema);
  if (schema.id_field != kUrl) AddField(kUrl, FieldType::kKeyword, schema);
  return schema;
}

}  // namespace sakuin::indexer
