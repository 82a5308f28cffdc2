#include "searcher/sort_spec.h"

#include <algorithm>
#include <utility>

#include "searcher/query_lexer.h"

namespace sakuin::searcher {

namespace {

std::string_view Trim(std::string_view text) {
  text.remove_prefix(SkipBlanks(text, 0));
  while (!text.empty() && (text.back() == ' ' || (text.back() >= '\t' && text.back() <= '\r'))) text.remove_suffix(1);
  return text;
}

SortKey::Source SourceOf(std::string_view field) {
  if (field == "_score") return SortKey::Source::kScore;
  return field == "_key" ? SortKey::Source::kKey : SortKey::Source::kField;
}

// One part between commas: "field", "field:desc" or "field desc".
Result<SortKey> ParsePart(std::string_view part) {
  part = Trim(part);
  const size_t colon = part.find(':');
  const size_t end = colon != std::string_view::npos ? colon : part.find_first_of(" \t");
  const std::string_view field = Trim(part.substr(0, end));
  if (field.empty()) return InvalidArgumentError("a sort order is field[:asc|desc][,...], but there is a part without a field in it");
  SortKey key{SourceOf(field), std::string(field), field == "_score"};
  if (end == std::string_view::npos) return key;
  const std::string_view direction = Trim(part.substr(end + 1));
  if (direction != "asc" && direction != "desc") {
    return InvalidArgumentError("the direction of \"" + key.field + "\" is asc or desc, not \"" + std::string(direction) + "\"");
  }
  key.descending = direction == "desc";
  return key;
}

}  // namespace

Result<std::vector<SortKey>> ParseSortSpec(std::string_view text) {
  std::vector<SortKey> keys;
  if (Trim(text).empty()) return keys;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    ASSIGN_OR_RETURN(SortKey key, ParsePart(text.substr(begin, end - begin)));
    const bool twice = std::any_of(keys.begin(), keys.end(), [&](const SortKey& other) { return other.field == key.field; });
    if (twice) return InvalidArgumentError("the sort order names \"" + key.field + "\" twice");
    if (keys.size() == kMaxSortKeys) return InvalidArgumentError("a sort order has at most " + std::to_string(kMaxSortKeys) + " fields");
    keys.push_back(std::move(key));
    begin = end + 1;
  }
  return keys;
}

std::string ToString(const std::vector<SortKey>& keys) {
  std::string out;
  for (const SortKey& key : keys) out += (out.empty() ? "" : ",") + key.field + (key.descending ? ":desc" : ":asc");
  return out;
}

}  // namespace sakuin::searcher
