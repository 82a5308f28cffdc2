#include "indexer/mapped_document.h"

#include <cmath>

#include "index/date.h"

namespace sakuin::indexer {
namespace {

using index::Field;
using index::FieldType;
using index::Schema;
using index::Value;

std::string Shown(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
  if (const auto* real = std::get_if<double>(&value)) return std::to_string(*real);
  const std::string& text = std::get<std::string>(value);
  return text.size() <= 40 ? "'" + text + "'" : "'" + text.substr(0, 40) + "...'";
}

FieldType InferType(const Value& value) {
  if (std::holds_alternative<bool>(value)) return FieldType::kBoolean;
  if (std::holds_alternative<int64_t>(value)) return FieldType::kInteger;
  if (std::holds_alternative<double>(value)) return FieldType::kFloat;
  return index::LooksLikeDate(std::get<std::string>(value)) ? FieldType::kDate : FieldType::kText;
}

Status Misfit(const Field& field, const Value& value) {
  return InvalidArgumentError("field '" + field.name + "' expects " + std::string(index::FieldTypeName(field.type)) + ", found " + Shown(value) +
                              "; correct the record, or make a new index with a schema that gives the field another type");
}

Status CheckName(const std::string& name) {
  if (name.empty() || name.size() > index::kMaxFieldNameBytes) {
    return InvalidArgumentError("a field's name has " + std::to_string(name.size()) + " bytes; expected 1 to " +
                                std::to_string(index::kMaxFieldNameBytes));
  }
  if (name[0] == '_') return InvalidArgumentError("field '" + name + "': names that begin with '_' belong to the index; rename the field");
  return OkStatus();
}

// The field's number, adding it when the schema is dynamic; kNoField when it is not to be indexed.
Result<index::FieldId> FieldFor(const index::FieldValue& found, Schema& schema) {
  const index::FieldId known = schema.IdOf(found.path);
  if (known != index::kNoField || !schema.dynamic) return known;
  RETURN_IF_ERROR(CheckName(found.path));
  if (schema.fields.size() >= kMaxFields) {
    return InvalidArgumentError("field '" + found.path + "' would be number " + std::to_string(schema.fields.size() + 1) + "; an index has at most " +
                                std::to_string(kMaxFields) + " fields: use a schema with dynamic = false, or fewer names");
  }
  Field field;
  field.name = found.path;
  field.type = InferType(found.value);
  if (field.type == FieldType::kText) field.analyzer = schema.analyzer;
  schema.fields.push_back(std::move(field));
  return static_cast<index::FieldId>(schema.fields.size() - 1);
}

Result<TypedValue> Convert(Value& value, const Field& field) {
  using Typed = TypedValue;
  switch (field.type) {
    case FieldType::kText:
    case FieldType::kKeyword:
      if (auto* text = std::get_if<std::string>(&value)) return Typed(std::move(*text));
      return Typed(Shown(value));
    case FieldType::kBoolean:
      if (const auto* flag = std::get_if<bool>(&value)) return Typed(int64_t{*flag});
      break;
    case FieldType::kInteger:
      if (const auto* number = std::get_if<int64_t>(&value)) return Typed(*number);
      break;
    case FieldType::kFloat:
      if (const auto* number = std::get_if<int64_t>(&value)) return Typed(static_cast<double>(*number));
      if (const auto* real = std::get_if<double>(&value); real != nullptr && std::isfinite(*real)) return Typed(*real);
      break;
    case FieldType::kDate:
      if (const auto* text = std::get_if<std::string>(&value)) {
        index::DateRange date;
        if (index::ParseDate(*text, date)) return Typed(date.first);
      }
      break;
  }
  return Misfit(field, value);
}

}  // namespace

Schema EmptySchema() {
  Schema schema;
  Field all;
  all.name = "_all";
  all.hidden = true;
  all.column = false;
  all.stored = false;
  Field second = all;
  second.name = "_all~2";
  second.positions = false;
  schema.fields = {all, second};
  return schema;
}

Result<MappedDocument> MapDocument(index::Document document, Schema& schema) {
  const size_t fields_before = schema.fields.size();
  std::vector<index::FieldId> widened;
  MappedDocument mapped{std::move(document.key), document.version, {}, std::move(document.stored)};
  mapped.values.reserve(document.fields.size());
  const auto map_all = [&]() -> Status {
    // Types first, so that all values of a field are read as the same type.
    std::vector<index::FieldId> ids;
    for (const index::FieldValue& found : document.fields) {
      ASSIGN_OR_RETURN(const index::FieldId id, FieldFor(found, schema));
      ids.push_back(id);
      if (id == index::kNoField || !schema.dynamic) continue;
      Field& field = schema.fields[id];
      if (field.type != FieldType::kInteger || !std::holds_alternative<double>(found.value)) continue;
      field.type = FieldType::kFloat;
      widened.push_back(id);
    }
    for (size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] == index::kNoField) continue;
      ASSIGN_OR_RETURN(TypedValue typed, Convert(document.fields[i].value, schema.fields[ids[i]]));
      mapped.values.push_back({ids[i], std::move(typed)});
    }
    return OkStatus();
  };
  Status status = map_all();
  if (status.ok()) return mapped;
  for (const index::FieldId id : widened) schema.fields[id].type = FieldType::kInteger;
  schema.fields.resize(fields_before);
  return status;
}

}  // namespace sakuin::indexer
