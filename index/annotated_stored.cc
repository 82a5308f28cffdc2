#include "index/annotated_stored.h"

#include <charconv>

namespace sakuin::index {
namespace {

std::string Opening() { return ",\"" + std::string(kAnnotatedMember) + "\":"; }

}  // namespace

std::string AddAnnotations(std::string_view document, std::string_view members) {
  if (members.empty() || !document.ends_with('}')) return std::string(document);
  std::string stored(document.substr(0, document.size() - 1));
  stored.append(",").append(members).append(Opening()).append(std::to_string(members.size() + 1)).append("}");
  return stored;
}

SplitStored SplitAnnotations(std::string_view stored) {
  const SplitStored none{std::string(stored), {}};
  const std::string opening = Opening();
  const size_t end = stored.rfind(opening);
  if (end == std::string_view::npos || !stored.ends_with('}')) return none;
  const std::string_view number = stored.substr(end + opening.size(), stored.size() - end - opening.size() - 1);
  size_t bytes = 0;
  const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), bytes);
  if (error != std::errc() || stop != number.data() + number.size()) return none;
  if (bytes < 2 || bytes >= end || stored[end - bytes] != ',') return none;
  return {std::string(stored.substr(0, end - bytes)) + "}", "{" + std::string(stored.substr(end - bytes + 1, bytes - 1)) + "}"};
}

}  // namespace sakuin::index
