#include "indexer/schema_file.h"

#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <toml++/toml.h>

#include "base/checksum.h"
#include "index/filename.h"
#include "indexer/mapped_document.h"

namespace sakuin::indexer {
namespace {

using index::Field;
using index::FieldType;
using index::Schema;

Status Wrong(const std::string& where, const std::string& expected) {
  return InvalidArgumentError("schema: " + where + ": expected " + expected + "; see docs/schema.md for examples");
}

Status ReadFlag(const toml::table& table, const char* name, const std::string& where, bool& flag) {
  const toml::node* node = table.get(name);
  if (node == nullptr) return OkStatus();
  if (!node->is_boolean()) return Wrong(where + name, "true or false");
  flag = node->as_boolean()->get();
  return OkStatus();
}

Status ReadText(const toml::table& table, const char* name, const std::string& where, std::string& text) {
  const toml::node* node = table.get(name);
  if (node == nullptr) return OkStatus();
  if (!node->is_string() || node->as_string()->get().empty()) return Wrong(where + name, "a string that is not empty");
  text = node->as_string()->get();
  return OkStatus();
}

Status ReadNumber(const toml::table& table, const char* name, const std::string& where, float largest, std::optional<float>& number) {
  const toml::node* node = table.get(name);
  if (node == nullptr) return OkStatus();
  const std::optional<double> value = node->value<double>();
  if (!node->is_number() || !(*value >= 0 && *value <= static_cast<double>(largest))) {
    return Wrong(where + name, "a number from 0 to " + std::to_string(static_cast<int>(largest)));
  }
  number = static_cast<float>(*value);
  return OkStatus();
}

Status ReadNames(const toml::table& table, const char* name, const std::string& where, std::vector<std::string>& names) {
  const toml::node* node = table.get(name);
  Status wrong = Wrong(where + name, "a list of names of fields, such as [\"title\", \"body\"]");
  if (node == nullptr || !node->is_array() || node->as_array()->empty()) return wrong;
  for (const toml::node& item : *node->as_array()) {
    if (!item.is_string() || item.as_string()->get().empty()) return wrong;
    const std::string& text = item.as_string()->get();
    if (std::find(names.begin(), names.end(), text) == names.end()) names.push_back(text);
  }
  return OkStatus();
}

Status CheckKeys(const toml::table& table, const std::string& where, std::initializer_list<std::string_view> known) {
  for (const auto& [key, node] : table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    std::string names;
    for (const std::string_view name : known) names.append(names.empty() ? "" : ", ").append(name);
    return Wrong(where + std::string(key.str()), "one of: " + names);
  }
  return OkStatus();
}

// What a field says of where its values come from.
Status ReadAnnotation(const toml::table& table, const std::string& where, Field& field) {
  index::Annotation& annotation = field.annotation;
  std::string model;
  RETURN_IF_ERROR(ReadText(table, "dictionary", where, annotation.file));
  RETURN_IF_ERROR(ReadText(table, "classifier", where, model));
  if (!annotation.file.empty() && !model.empty()) return Wrong(where + "classifier", "no classifier beside a dictionary: use a field for each");
  if (!annotation.file.empty()) annotation.kind = index::AnnotationKind::kDictionary;
  if (!model.empty()) annotation = {index::AnnotationKind::kClassifier, model, {}, index::kDefaultThreshold};
  std::optional<float> threshold;
  RETURN_IF_ERROR(ReadNumber(table, "threshold", where, 1, threshold));
  if (threshold.has_value() && model.empty()) return Wrong(where + "threshold", "a classifier beside it");
  annotation.threshold = threshold.value_or(annotation.threshold);
  if (field.annotated()) return ReadNames(table, "from", where, annotation.from);
  return table.contains("from") ? Wrong(where + "from", "a dictionary or a classifier beside it") : OkStatus();
}

Status CheckAnnotations(const Schema& schema) {
  for (const Field& field : schema.fields) {
    for (const std::string& name : field.annotation.from) {
      const Field* from = schema.Find(name);
      if (from == nullptr || !from->annotated()) continue;
      return Wrong("fields." + field.name + ".from", "fields of the documents, not '" + name + "', which is made of others");
    }
  }
  return OkStatus();
}

Result<Field> ReadField(const std::string& name, const toml::table& table, const Schema& schema) {
  const std::string where = "fields." + name + ".";
  if (name.empty() || name[0] == '_' || name.size() > index::kMaxFieldNameBytes) {
    return Wrong("fields." + name, "a name of 1 to 255 bytes that does not begin with '_'");
  }
  RETURN_IF_ERROR(CheckKeys(table, where, {"type", "analyzer", "positions", "indexed", "column", "stored", "k1", "b", "vote", "dictionary",
                                           "classifier", "from", "threshold"}));
  Field field;
  field.name = name;
  RETURN_IF_ERROR(ReadAnnotation(table, where, field));
  std::string type = field.annotated() ? "keyword" : "text";
  RETURN_IF_ERROR(ReadText(table, "type", where, type));
  Result<FieldType> parsed = index::ParseFieldType(type);
  if (!parsed.ok()) return parsed.status().WithContext("schema: " + where + "type");
  field.type = *parsed;
  if (field.annotated() && field.type != FieldType::kKeyword) return Wrong(where + "type", "keyword, as keywords and labels are");
  if (field.type == FieldType::kText) field.analyzer = schema.analyzer;
  RETURN_IF_ERROR(ReadText(table, "analyzer", where, field.analyzer));
  RETURN_IF_ERROR(ReadFlag(table, "positions", where, field.positions));
  RETURN_IF_ERROR(ReadFlag(table, "indexed", where, field.indexed));
  RETURN_IF_ERROR(ReadFlag(table, "column", where, field.column));
  if (!field.column && field.type != FieldType::kText && field.type != FieldType::kKeyword) {
    return Wrong(where + "column", "true, since numbers, dates and booleans are searched by their column");
  }
  RETURN_IF_ERROR(ReadFlag(table, "stored", where, field.stored));
  RETURN_IF_ERROR(ReadNumber(table, "k1", where, 1000, field.ranking.k1));
  RETURN_IF_ERROR(ReadNumber(table, "b", where, 1, field.ranking.b));
  RETURN_IF_ERROR(ReadNumber(table, "vote", where, 1000, field.ranking.vote));
  if (field.type != FieldType::kText && !(field.ranking == index::FieldRanking{})) {
    return Wrong(where + "type", "text, since k1, b and vote are for text fields");
  }
  return field;
}

Result<Schema> ReadSchema(const toml::table& table, const std::string& analyzer) {
  Schema schema = EmptySchema();
  RETURN_IF_ERROR(CheckKeys(table, "", {"id_field", "analyzer", "dynamic", "shards", "fields"}));
  RETURN_IF_ERROR(ReadText(table, "id_field", "", schema.id_field));
  RETURN_IF_ERROR(ReadText(table, "analyzer", "", schema.analyzer));
  if (!analyzer.empty()) schema.analyzer = analyzer;
  RETURN_IF_ERROR(ReadFlag(table, "dynamic", "", schema.dynamic));
  if (const toml::node* shards = table.get("shards"); shards != nullptr) {
    const int64_t count = shards->is_integer() ? shards->as_integer()->get() : 0;
    if (count < 1 || count > 1024) return Wrong("shards", "a whole number from 1 to 1024");
    schema.shards = static_cast<uint32_t>(count);
  }
  const toml::node* fields = table.get("fields");
  if (fields == nullptr) return schema;
  if (!fields->is_table()) return Wrong("fields", "a table of fields");
  for (const auto& [name, node] : *fields->as_table()) {
    if (!node.is_table()) return Wrong("fields." + std::string(name.str()), "a table such as {type = \"text\"}");
    if (name.str() == schema.id_field) {
      return Wrong("fields." + schema.id_field, "nothing: it is the id_field, and searched as the key of documents; leave the table out");
    }
    ASSIGN_OR_RETURN(Field field, ReadField(std::string(name.str()), *node.as_table(), schema));
    schema.fields.push_back(std::move(field));
  }
  RETURN_IF_ERROR(CheckAnnotations(schema));
  return schema;
}

// JSON becomes the table that TOML would have given: one reader for both.
void CopyJson(const nlohmann::json& json, toml::table& table) {
  for (const auto& [key, value] : json.items()) {
    if (value.is_object()) {
      toml::table inner;
      CopyJson(value, inner);
      table.insert_or_assign(key, std::move(inner));
    } else if (value.is_array()) {
      toml::array items;
      for (const nlohmann::json& item : value) items.push_back(item.is_string() ? item.get<std::string>() : std::string());
      table.insert_or_assign(key, std::move(items));
    } else if (value.is_boolean()) {
      table.insert_or_assign(key, value.get<bool>());
    } else if (value.is_number_integer()) {
      table.insert_or_assign(key, value.get<int64_t>());
    } else if (value.is_number_float()) {
      table.insert_or_assign(key, value.get<double>());
    } else {
      table.insert_or_assign(key, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
}

std::string Quoted(const std::string& name) {
  std::ostringstream out;
  out << toml::value<std::string>(name);
  return out.str();
}

constexpr std::string_view kFirstLine = "# The schema of this index. New fields may be added here; `sakuin index` takes them up.\n";

std::string ChecksumLine(std::string_view rest) {
  return "# " + index::Hex(Checksum(rest)) + " is the checksum of the lines below, as long as nobody edits them.\n";
}

// The shortest digits that are read as the same float.
void AppendNumber(const char* name, const std::optional<float>& number, std::string& out) {
  if (!number.has_value()) return;
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), *number);
  std::string text(digits, end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  out += std::string(name) + " = " + text + "\n";
}

void AppendAnnotation(const index::Annotation& annotation, std::string& out) {
  const bool model = annotation.kind == index::AnnotationKind::kClassifier;
  out += (model ? "classifier = " : "dictionary = ") + Quoted(annotation.file) + "\nfrom = [";
  for (size_t i = 0; i < annotation.from.size(); ++i) out += (i == 0 ? "" : ", ") + Quoted(annotation.from[i]);
  out += "]\n";
  if (model) AppendNumber("threshold", annotation.threshold, out);
}

void AppendField(const Field& field, std::string& out) {
  out += "\n[fields." + Quoted(field.name) + "]\n";
  out += "type = \"" + std::string(index::FieldTypeName(field.type)) + "\"\n";
  if (field.type == FieldType::kText) {
    out += "analyzer = " + Quoted(field.analyzer) + "\n";
    if (!field.positions) out += "positions = false\n";
    AppendNumber("k1", field.ranking.k1, out);
    AppendNumber("b", field.ranking.b, out);
    AppendNumber("vote", field.ranking.vote, out);
  }
  if (field.annotated()) AppendAnnotation(field.annotation, out);
  if (!field.indexed) out += "indexed = false\n";
  if (!field.column) out += "column = false\n";
  if (!field.stored) out += "stored = false\n";
}

}  // namespace

Result<Schema> ParseSchema(std::string_view text, bool json, const std::string& analyzer) {
  if (json) {
    const nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
    if (!parsed.is_object()) return Wrong("the file", "one JSON object");
    toml::table table;
    CopyJson(parsed, table);
    return ReadSchema(table, analyzer);
  }
  try {
    return ReadSchema(toml::parse(text), analyzer);
  } catch (const toml::parse_error& error) {
    return InvalidArgumentError("schema: line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
  }
}

std::string FormatSchema(const Schema& schema) {
  std::string out = "id_field = " + Quoted(schema.id_field) + "\n";
  out += "analyzer = " + Quoted(schema.analyzer) + "\n";
  out += std::string("dynamic = ") + (schema.dynamic ? "true" : "false") + "\n";
  out += "shards = " + std::to_string(schema.shards) + "\n";
  for (const Field& field : schema.fields) {
    if (!field.hidden) AppendField(field, out);
  }
  return std::string(kFirstLine).append(ChecksumLine(out)).append(out);
}

void ResolveFiles(const std::string& folder, Schema& schema) {
  for (Field& field : schema.fields) {
    if (!field.annotated()) continue;
    const std::filesystem::path path = std::filesystem::path(folder) / field.annotation.file;
    field.annotation.file = std::filesystem::absolute(path).lexically_normal().string();
  }
}

bool IsAsWritten(std::string_view text) {
  if (!text.starts_with(kFirstLine)) return false;
  text.remove_prefix(kFirstLine.size());
  const size_t end = text.find('\n');
  return end != std::string_view::npos && text.substr(0, end + 1) == ChecksumLine(text.substr(end + 1));
}

Status WriteSchemaFile(FileSystem& fs, const std::string& folder, const Schema& schema) {
  return WriteFileAtomically(fs, JoinPath(folder, index::kSchemaFile), FormatSchema(schema));
}

Status TakeUpEdits(FileSystem& fs, const std::string& folder, Schema& schema) {
  const std::string path = JoinPath(folder, index::kSchemaFile);
  if (!fs.Exists(path)) return OkStatus();
  ASSIGN_OR_RETURN(const std::string text, fs.ReadAll(path));
  if (IsAsWritten(text)) return OkStatus();
  Result<Schema> edited = ParseSchema(text, false);
  if (!edited.ok()) return edited.status().WithContext(path);
  ResolveFiles(folder, *edited);
  if (edited->id_field != schema.id_field || edited->shards != schema.shards || edited->analyzer != schema.analyzer) {
    return FailedPreconditionError(path + ": id_field, analyzer and shards cannot change once there is an index; " +
                                   "take the edit back, or make a new index");
  }
  schema.dynamic = edited->dynamic;
  for (Field& field : edited->fields) {
    if (field.hidden) continue;
    const index::FieldId id = schema.IdOf(field.name);
    if (id == index::kNoField) {
      schema.fields.push_back(std::move(field));
      continue;
    }
    Field& known = schema.fields[id];
    if (known.type != field.type || known.analyzer != field.analyzer || known.indexed != field.indexed || known.positions != field.positions) {
      return FailedPreconditionError(path + ": field '" + field.name + "' cannot change its type, analyzer, positions or indexed; " +
                                     "take the edit back, or make a new index");
    }
    known.stored = field.stored;
    known.column = field.column;
    known.ranking = field.ranking;
    known.annotation = std::move(field.annotation);
  }
  return OkStatus();
}

}  // namespace sakuin::indexer
