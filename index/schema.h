// schema.h: which fields an index has and what each is for.
//
// A schema is part of every manifest (bytes of Encode) and is written beside it
// as schema.toml for people (indexer/schema_file.h). Fields are numbered by the
// order of their appearance and never renumbered. A plain value; const use is
// thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "index/types.h"

namespace sakuin::index {

enum class FieldType : uint8_t { kText = 0, kKeyword = 1, kInteger = 2, kFloat = 3, kDate = 4, kBoolean = 5 };

std::string_view FieldTypeName(FieldType type);  // "text", "keyword", ...
Result<FieldType> ParseFieldType(std::string_view name);

// What a text field says to ranking; unset: what every field has (docs/ranking.md).
struct FieldRanking {
  std::optional<float> k1;    // of words asked for in this field
  std::optional<float> b;
  std::optional<float> vote;  // what the field adds to a query without a field

  bool operator==(const FieldRanking&) const = default;
};

enum class AnnotationKind : uint8_t { kNone = 0, kDictionary = 1, kClassifier = 2 };

// Where the values of a keyword field come from, if not from the document: the
// keywords of a dictionary that are linked in other fields, or the labels that a
// model gives to their texts.
struct Annotation {
  AnnotationKind kind = AnnotationKind::kNone;
  std::string file;               // of the dictionary or the model
  std::vector<std::string> from;  // names of the fields it reads
  float threshold = 0;            // kClassifier: a label that is less probable is left out

  bool operator==(const Annotation&) const = default;
};

// A label is more likely right than wrong.
inline constexpr float kDefaultThreshold = 0.5F;

struct Field {
  std::string name;
  FieldType type = FieldType::kText;
  std::string analyzer;   // of a text field
  bool positions = true;  // of a text field: phrases and highlights by position
  bool indexed = true;    // text and keyword: has postings
  bool column = true;     // can be sorted, filtered and faceted by value (text: values of at most kMaxColumnStringBytes)
  bool stored = true;     // is shown with a hit
  // Made by the index itself: all text fields together, or a second view of a
  // text (overlapping bigrams). Never named in a query.
  bool hidden = false;
  FieldRanking ranking;
  Annotation annotation;  // of a keyword field

  bool annotated() const { return annotation.kind != AnnotationKind::kNone; }

  bool operator==(const Field&) const = default;
};

// A text's value can be faceted and compared as a whole up to this length.
inline constexpr size_t kMaxColumnStringBytes = 64;

// Every schema begins with two hidden fields. The first holds the words of all
// text fields of a document, one after another; a segment whose documents have
// but one text field stores them once, under both names. The second holds the
// second view of the same text (overlapping bigrams), without positions.
inline constexpr FieldId kAllField = 0;
inline constexpr FieldId kSecondViewField = 1;

// Positions between the fields and values that are joined into one.
inline constexpr uint32_t kPositionGap = 100;

struct Schema {
  std::vector<Field> fields;
  std::string id_field = "id";
  std::string analyzer = "standard";  // of text fields that do not say
  bool dynamic = true;                // unknown fields are added with an inferred type
  uint32_t shards = 1;

  const Field* Find(std::string_view name) const;
  // kNoField when there is none.
  FieldId IdOf(std::string_view name) const;
  // Adds those whose names no field has, nor the key; a text without an analyzer has the schema's. Does nothing unless `dynamic`.
  void AddFields(const std::vector<Field>& more);

  void Encode(std::string& out) const;
  static Result<Schema> Decode(ByteReader& in);

  bool operator==(const Schema&) const = default;
};

}  // namespace sakuin::index
