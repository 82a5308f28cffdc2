#include "index/schema.h"

#include <bit>
#include "index/format.h"

namespace sakuin::index {
namespace {

constexpr std::string_view kTypeNames[] = {"text", "keyword", "integer", "float", "date", "boolean"};

enum Flag : uint8_t { kPositions = 1, kIndexed = 2, kColumn = 4, kStored = 8, kHidden = 16, kRanking = 32, kAnnotation = 64 };

// A float's bits; all ones where it is not set.
void AppendOptional(std::string& out, const std::optional<float>& value) {
  AppendU32(out, value.has_value() ? std::bit_cast<uint32_t>(*value) : UINT32_MAX);
}

std::optional<float> ReadOptional(ByteReader& in) {
  const uint32_t bits = in.ReadU32();
  return bits == UINT32_MAX ? std::nullopt : std::optional(std::bit_cast<float>(bits));
}

void EncodeAnnotation(const Annotation& annotation, std::string& out) {
  AppendU8(out, static_cast<uint8_t>(annotation.kind));
  AppendLengthPrefixed(out, annotation.file);
  AppendU32(out, std::bit_cast<uint32_t>(annotation.threshold));
  AppendVarint(out, annotation.from.size());
  for (const std::string& name : annotation.from) AppendLengthPrefixed(out, name);
}

Result<Annotation> DecodeAnnotation(ByteReader& in) {
  Annotation annotation;
  const uint8_t kind = in.ReadU8();
  if (kind != static_cast<uint8_t>(AnnotationKind::kDictionary) && kind != static_cast<uint8_t>(AnnotationKind::kClassifier)) {
    return DataLossError("a field of a schema has annotations of kind " + std::to_string(kind) + ", which does not exist");
  }
  annotation.kind = static_cast<AnnotationKind>(kind);
  annotation.file = in.ReadLengthPrefixed();
  annotation.threshold = std::bit_cast<float>(in.ReadU32());
  const uint64_t count = in.ReadVarint();
  for (uint64_t i = 0; i < count && in.ok(); ++i) annotation.from.emplace_back(in.ReadLengthPrefixed());
  return annotation;
}

uint8_t FlagsOf(const Field& field) {
  const auto flag = [](bool set, Flag bit) { return set ? bit : 0; };
  return static_cast<uint8_t>(flag(field.positions, kPositions) | flag(field.indexed, kIndexed) | flag(field.column, kColumn) |
                              flag(field.stored, kStored) | flag(field.hidden, kHidden) | flag(!(field.ranking == FieldRanking{}), kRanking) |
                              flag(field.annotated(), kAnnotation));
}

Result<Field> DecodeField(ByteReader& in) {
  Field field;
  field.name = in.ReadLengthPrefixed();
  const uint8_t type = in.ReadU8();
  field.analyzer = in.ReadLengthPrefixed();
  const uint8_t flags = in.ReadU8();
  if (type >= std::size(kTypeNames)) return DataLossError("a schema names field type " + std::to_string(type) + ", which does not exist");
  field.type = static_cast<FieldType>(type);
  field.positions = (flags & kPositions) != 0;
  field.indexed = (flags & kIndexed) != 0;
  field.column = (flags & kColumn) != 0;
  field.stored = (flags & kStored) != 0;
  field.hidden = (flags & kHidden) != 0;
  if ((flags & kRanking) != 0) {
    for (auto* value : {&field.ranking.k1, &field.ranking.b, &field.ranking.vote}) *value = ReadOptional(in);
  }
  if ((flags & kAnnotation) != 0) {
    ASSIGN_OR_RETURN(field.annotation, DecodeAnnotation(in));
  }
  return field;
}

}  // namespace

std::string_view FieldTypeName(FieldType type) { return kTypeNames[static_cast<size_t>(type)]; }

Result<FieldType> ParseFieldType(std::string_view name) {
  for (size_t i = 0; i < std::size(kTypeNames); ++i) {
    if (kTypeNames[i] == name) return static_cast<FieldType>(i);
  }
  return InvalidArgumentError("unknown field type '" + std::string(name) + "'; expected text, keyword, integer, float, date or boolean");
}

const Field* Schema::Find(std::string_view name) const {
  const FieldId id = IdOf(name);
  return id == kNoField ? nullptr : &fields[id];
}

void Schema::AddFields(const std::vector<Field>& more) {
  for (const Field& field : more) {
    if (!dynamic || field.name == id_field || IdOf(field.name) != kNoField) continue;
    fields.push_back(field);
    if (field.type == FieldType::kText && field.analyzer.empty()) fields.back().analyzer = analyzer;
  }
}

FieldId Schema::IdOf(std::string_view name) const {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return static_cast<FieldId>(i);
  }
  return kNoField;
}

void Schema::Encode(std::string& out) const {
  AppendLengthPrefixed(out, id_field);
  AppendLengthPrefixed(out, analyzer);
  AppendU8(out, dynamic ? 1 : 0);
  AppendVarint(out, shards);
  AppendVarint(out, fields.size());
  for (const Field& field : fields) {
    AppendLengthPrefixed(out, field.name);
    AppendU8(out, static_cast<uint8_t>(field.type));
    AppendLengthPrefixed(out, field.analyzer);
    AppendU8(out, FlagsOf(field));
    if (!(field.ranking == FieldRanking{})) {
      for (const auto& value : {field.ranking.k1, field.ranking.b, field.ranking.vote}) AppendOptional(out, value);
    }
    if (field.annotated()) EncodeAnnotation(field.annotation, out);
  }
}

Result<Schema> Schema::Decode(ByteReader& in) {
  Schema schema;
  schema.id_field = in.ReadLengthPrefixed();
  schema.analyzer = in.ReadLengthPrefixed();
  schema.dynamic = in.ReadU8() != 0;
  schema.shards = in.ReadVarint32();
  const uint64_t count = in.ReadVarint();
  for (uint64_t i = 0; i < count && in.ok(); ++i) {
    ASSIGN_OR_RETURN(Field field, DecodeField(in));
    schema.fields.push_back(std::move(field));
  }
  if (!in.ok() || schema.shards == 0) return DataLossError("a schema ends too early");
  return schema;
}

}  // namespace sakuin::index
