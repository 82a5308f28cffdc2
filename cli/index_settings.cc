#include "cli/index_settings.h"

#include <filesystem>

#include "base/counted.h"
#include "base/file.h"
#include "indexer/schema_file.h"

namespace sakuin::cli {
namespace {

Status Differs(const std::string& has, const std::string& asked, const std::string& option) {
  return FailedPreconditionError("the index has " + has + ", asked for was " + asked + "; leave out " + option +
                                 " to add to this index, or name another folder for a new one");
}

}  // namespace

Result<index::Schema> IndexSettings::Asked(const index::Schema& otherwise) const {
  index::Schema schema = otherwise;
  if (!schema_file.empty()) {
    ASSIGN_OR_RETURN(const std::string text, PosixFileSystem().ReadAll(schema_file));
    Result<index::Schema> parsed = indexer::ParseSchema(text, schema_file.ends_with(".json"), analyzer);
    if (!parsed.ok()) return parsed.status().WithContext(schema_file);
    schema = *std::move(parsed);
    indexer::ResolveFiles(std::filesystem::path(schema_file).parent_path().string(), schema);
  }
  if (!analyzer.empty()) schema.analyzer = analyzer;
  if (!id_field.empty()) schema.id_field = id_field;
  if (shards != 0) schema.shards = shards;
  return schema;
}

// An index has as many fields as its documents brought: those of the file must be among them, as they are there.
Status IndexSettings::CheckFields(const index::Schema& asked, const index::Schema& has) const {
  for (const index::Field& field : asked.fields) {
    if (field.hidden) continue;
    const index::FieldId id = has.IdOf(field.name);
    if (id == index::kNoField) return Differs("no field '" + field.name + "'", "one by " + schema_file, "--schema");
    index::Field there = has.fields[id];
    // A number with a fraction has made it a field of such numbers.
    if (has.dynamic && there.type == index::FieldType::kFloat && field.type == index::FieldType::kInteger) there.type = field.type;
    if (!(there == field)) return Differs("a field '" + field.name + "'", "another by " + schema_file, "--schema");
  }
  return OkStatus();
}

Status IndexSettings::Check(const index::Schema& asked, const index::Schema& has) const {
  const bool file = !schema_file.empty();
  if ((file || !analyzer.empty()) && has.analyzer != asked.analyzer) {
    return Differs("analyzer '" + has.analyzer + "'", "'" + asked.analyzer + "'", analyzer.empty() ? "--schema" : "--analyzer");
  }
  if ((file || !id_field.empty()) && has.id_field != asked.id_field) {
    return Differs("id field '" + has.id_field + "'", "'" + asked.id_field + "'", id_field.empty() ? "--schema" : "--id-field");
  }
  if ((file || shards != 0) && has.shards != asked.shards) {
    return Differs(Counted(has.shards, "shard"), std::to_string(asked.shards), shards == 0 ? "--schema" : "--shards");
  }
  if (!file) return OkStatus();
  if (has.dynamic != asked.dynamic) return Differs(has.dynamic ? "dynamic = true" : "dynamic = false", "the other", "--schema");
  return CheckFields(asked, has);
}

}  // namespace sakuin::cli
