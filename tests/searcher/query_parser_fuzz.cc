// Any bytes as a query: the parser answers, and its canonical form means the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "searcher/query_parser.h"
#include "searcher/sort_spec.h"

namespace {

using sakuin::Result;
using sakuin::searcher::ParsedQuery;
using sakuin::searcher::ParseOptions;

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckQuery(std::string_view text, const ParseOptions& options) {
  const Result<ParsedQuery> parsed = ParseQuery(text, options);
  Require(parsed.ok() || text.size() > sakuin::searcher::kMaxQueryBytes);
  if (!parsed.ok()) return;
  ParseOptions any_field;
  any_field.is_field = [](std::string_view name) { return !name.empty(); };
  any_field.max_depth = 1000;
  const std::string canonical = ToString(parsed->query);
  if (canonical.size() > sakuin::searcher::kMaxQueryBytes) return;
  const Result<ParsedQuery> again = ParseQuery(canonical, any_field);
  Require(again.ok() && SameMeaning(parsed->query, again->query) && ToString(again->query) == canonical);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ParseOptions options;
  CheckQuery(text, options);
  options.is_field = [](std::string_view name) { return name == "title" || name == "year"; };
  CheckQuery(text, options);
  options.strict = true;
  if (!ParseQuery(text, options).ok()) Require(!ParseQuery(text, options).status().message().empty());
  sakuin::searcher::ParseGame(text);
  sakuin::searcher::ParsePlain(text);
  (void)sakuin::searcher::ParseSortSpec(text).ok();
  return 0;
}
