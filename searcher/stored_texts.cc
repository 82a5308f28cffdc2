#include "searcher/stored_texts.h"

#include <nlohmann/json.hpp>

namespace sakuin::searcher {

void ForEachText(const nlohmann::json& value, const std::string& path, const std::function<void(const std::string&, const std::string&)>& visit) {
  if (value.is_string()) {
    visit(path, value.get_ref<const std::string&>());
  } else if (value.is_array()) {
    for (const nlohmann::json& element : value) ForEachText(element, path, visit);
  } else if (value.is_object()) {
    const std::string prefix = path.empty() ? path : path + ".";
    for (const auto& [name, member] : value.items()) ForEachText(member, prefix + name, visit);
  }
}

}  // namespace sakuin::searcher
