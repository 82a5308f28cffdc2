// stored_texts.h: the strings of a stored document, each with the path of its field.
//
//   ForEachText(document, "", [&](const std::string& path, const std::string& text) { ... });
//   // {"title":"a","author":{"name":["b","c"]}}  ->  title a, author.name b, author.name c
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace sakuin::searcher {

// Calls `visit(path, text)` for every string in `value`, in the order of the names.
void ForEachText(const nlohmann::json& value, const std::string& path, const std::function<void(const std::string&, const std::string&)>& visit);

}  // namespace sakuin::searcher
