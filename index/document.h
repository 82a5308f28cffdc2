// document.h: what flows into an index: a key, a version, and values by field.
//
// Whoever brings documents (a file, a row, a page) makes this; the indexer turns
// it into postings and columns as the schema says. Nested objects arrive
// flattened ("author.name"), lists as several values of one path. A plain value
// type; not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sakuin::index {

// As found, before the schema decides what it means.
using Value = std::variant<bool, int64_t, double, std::string>;

struct FieldValue {
  std::string path;  // "title", "author.name"
  Value value;
};

struct Document {
  std::string key;                  // unique in the index; 1 to kMaxKeyBytes bytes
  uint64_t version = 0;             // 0: none given, the write always applies
  std::vector<FieldValue> fields;   // without the key; nulls left out; a path may repeat
  std::string stored;               // one JSON object (UTF-8): what a search shows of it
};

inline constexpr size_t kMaxKeyBytes = 2048;
inline constexpr size_t kMaxFieldNameBytes = 255;

}  // namespace sakuin::index
