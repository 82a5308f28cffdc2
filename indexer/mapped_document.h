// mapped_document.h: a document whose values have the types of the schema.
//
//   ASSIGN_OR_RETURN(MappedDocument mapped, MapDocument(std::move(document), schema));
//
// An unknown field is added to a dynamic schema with a type inferred from its
// first value; an integer field becomes float with its first fraction. A value
// that does not fit is INVALID_ARGUMENT, and the schema is as it was before.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/status.h"
#include "index/document.h"
#include "index/schema.h"

namespace sakuin::indexer {

// text and keyword: a string; float: a double; integer, date (microseconds) and boolean: an integer.
using TypedValue = std::variant<int64_t, double, std::string>;

struct MappedValue {
  index::FieldId field;
  TypedValue value;
};

struct MappedDocument {
  std::string key;
  uint64_t version = 0;
  std::vector<MappedValue> values;
  std::string stored;
};

inline constexpr size_t kMaxFields = 10'000;

Result<MappedDocument> MapDocument(index::Document document, index::Schema& schema);

// A schema without fields of its own, but with the hidden ones in their places.
index::Schema EmptySchema();

}  // namespace sakuin::indexer
