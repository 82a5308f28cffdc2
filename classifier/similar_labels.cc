#include "classifier/similar_labels.h"

#include <string_view>
#include <unordered_map>

#include "text/folded_text.h"

namespace sakuin::classifier {
namespace {

// Without what makes no difference to who reads it.
std::string Folded(std::string_view name) {
  std::vector<text::Unit> units;
  text::FoldStretch(text::CodePointTable::For(text::FoldKind::kPlain), name, 0, name.size(), units);
  std::erase_if(units,
                [](const text::Unit& unit) { return unit.code_point <= U' ' || unit.code_point == U'\u00A0' || unit.code_point == U'\u3000'; });
  std::string folded;
  text::AppendUnits(units, folded);
  return folded;
}

}  // namespace

std::vector<std::vector<std::string>> SimilarLabels(std::span<const std::string> names) {
  std::unordered_map<std::string, size_t> numbers;
  std::vector<std::vector<std::string>> groups;
  for (const std::string& name : names) {
    const auto [place, is_new] = numbers.try_emplace(Folded(name), groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(name);
  }
  std::erase_if(groups, [](const std::vector<std::string>& group) { return group.size() < 2; });
  return groups;
}

}  // namespace sakuin::classifier
