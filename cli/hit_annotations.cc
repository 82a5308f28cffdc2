#include "cli/hit_annotations.h"

#include <algorithm>
#include <set>

#include "index/annotated_stored.h"

namespace sakuin::cli {
namespace {

using nlohmann::ordered_json;

constexpr size_t kShownValues = 8;

bool IsShown(const index::Field* field, const std::vector<std::string>& fields) {
  if (field == nullptr || !field->stored) return false;
  return fields.empty() || std::find(fields.begin(), fields.end(), field->name) != fields.end();
}

std::string StringOf(const ordered_json& object, const char* member) {
  if (!object.is_object()) return "";
  const auto at = object.find(member);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

// Each keyword once, with what it links to.
std::vector<std::string> Linked(const ordered_json& links, const std::string& field) {
  std::vector<std::string> shown;
  std::set<std::string> seen;
  for (const ordered_json& link : links) {
    const std::string keyword = StringOf(link, "keyword");
    if (StringOf(link, "facet") != field || !seen.insert(keyword).second) continue;
    const std::string target = StringOf(link, "target");
    shown.push_back(keyword);
    if (target != keyword) shown.back().append(" (").append(target).append(")");
  }
  return shown;
}

std::vector<std::string> Values(const ordered_json& document, const std::string& field) {
  std::vector<std::string> values;
  const auto at = document.find(field);
  if (at == document.end()) return values;
  for (const ordered_json& value : at->is_array() ? *at : ordered_json::array({*at})) {
    if (value.is_string()) values.push_back(value.get<std::string>());
  }
  return values;
}

std::string Joined(const std::vector<std::string>& values) {
  std::string text;
  for (size_t i = 0; i < std::min(values.size(), kShownValues); ++i) text += (i == 0 ? "" : ", ") + values[i];
  if (values.size() > kShownValues) text += ", and " + std::to_string(values.size() - kShownValues) + " more";
  return text;
}

}  // namespace

ordered_json SelectedLinks(const std::string& stored, const std::vector<std::string>& fields, const index::Schema& schema) {
  ordered_json selected = ordered_json::array();
  const std::string annotations = index::SplitAnnotations(stored).annotations;
  if (annotations.empty()) return selected;
  const ordered_json members = ordered_json::parse(annotations, nullptr, false);
  if (!members.is_object() || !members.contains(index::kLinksMember)) return selected;
  for (const ordered_json& link : members[std::string(index::kLinksMember)]) {
    if (IsShown(schema.Find(StringOf(link, "facet")), fields)) selected.push_back(link);
  }
  return selected;
}

std::vector<FoundLine> FoundLines(const std::string& stored, const std::vector<std::string>& fields, const index::Schema& schema) {
  std::vector<FoundLine> lines;
  const bool any = std::any_of(schema.fields.begin(), schema.fields.end(), [](const index::Field& field) { return field.annotated(); });
  if (!any) return lines;
  const ordered_json document = ordered_json::parse(stored, nullptr, false);
  if (!document.is_object()) return lines;
  const ordered_json links = SelectedLinks(stored, fields, schema);
  for (const index::Field& field : schema.fields) {
    if (!field.annotated() || !IsShown(&field, fields)) continue;
    std::vector<std::string> values = Linked(links, field.name);
    if (values.empty()) values = Values(document, field.name);  // a category, or keywords that the document brought
    if (!values.empty()) lines.push_back({field.name, Joined(values)});
  }
  return lines;
}

}  // namespace sakuin::cli
