#include "text/json_ld.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sakuin::text {
namespace {

using nlohmann::json;

constexpr size_t kMaxFactBytes = 1024;

const std::string& StringOf(const json& value) { return value.get_ref<const std::string&>(); }

void SetOnce(std::string& fact, const json& value) {
  if (fact.empty() && value.is_string() && StringOf(value).size() <= kMaxFactBytes) fact = StringOf(value);
}

void AddName(std::string& names, const std::string& name) {
  if (name.empty() || names.size() + name.size() > kMaxFactBytes) return;
  if (!names.empty()) names += ", ";
  names += name;
}

// A name, {"name": ...}, or a list of such.
void AddAuthors(const json& value, std::string& names, int depth) {
  if (depth > kMaxJsonLdDepth) return;
  if (value.is_string()) return AddName(names, StringOf(value));
  if (value.is_array()) {
    for (const json& each : value) AddAuthors(each, names, depth + 1);
  } else if (value.is_object()) {
    const auto name = value.find("name");
    if (name != value.end() && name->is_string()) AddName(names, StringOf(*name));
  }
}

void Walk(const json& value, JsonLd& facts, int depth) {
  if (depth > kMaxJsonLdDepth) return;
  if (value.is_array()) {
    for (const json& each : value) Walk(each, facts, depth + 1);
  }
  if (!value.is_object()) return;
  const bool had_author = !facts.author.empty();
  for (const auto& [key, each] : value.items()) {
    if (key == "headline") SetOnce(facts.headline, each);
    if (key == "datePublished") SetOnce(facts.published, each);
    if (key == "author" && !had_author) AddAuthors(each, facts.author, depth);
    if (key == "@graph" || key == "mainEntity" || key == "mainEntityOfPage") Walk(each, facts, depth + 1);
  }
}

// Most of what stands in pages tells of shops, logos and paths through a site. Where keys can be written in one way only,
// those that are not there need no parser.
bool MaySayAnything(std::string_view text) {
  if (text.find('\\') != std::string_view::npos) return true;
  constexpr std::string_view kKeys[] = {"\"headline\"", "\"datePublished\"", "\"author\""};
  return std::ranges::any_of(kKeys, [&](std::string_view key) { return text.find(key) != std::string_view::npos; });
}

}  // namespace

void ReadJsonLd(std::string_view text, JsonLd& facts) {
  if (text.size() > kMaxJsonLdBytes || !MaySayAnything(text)) return;
  const json root = json::parse(text.begin(), text.end(), nullptr, false);
  if (!root.is_discarded()) Walk(root, facts, 0);
}

}  // namespace sakuin::text
