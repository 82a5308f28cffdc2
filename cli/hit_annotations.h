// hit_annotations.h: what a dictionary or a model found in a document, shown with a hit.
//
//     category: science
//     links: comet (/wiki/Comet), Orion (/wiki/Orion), and 4 more
//
// `fields`: those that are shown; none: all. Fields that are not stored never are.
// Pure functions: thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "index/schema.h"

namespace sakuin::cli {

// Where in its texts the keywords of a document are: `hits[].links` of docs/json.md.
nlohmann::ordered_json SelectedLinks(const std::string& stored, const std::vector<std::string>& fields, const index::Schema& schema);

struct FoundLine {
  std::string field;
  std::string text;  // may have control characters
};

// For people: a line for each field that a dictionary or a model fills, where it has a value.
std::vector<FoundLine> FoundLines(const std::string& stored, const std::vector<std::string>& fields, const index::Schema& schema);

}  // namespace sakuin::cli
