#include "relevance/queries.h"

#include <unordered_set>

#include "relevance/trec_lines.h"

namespace sakuin::relevance {

Result<std::vector<Query>> ParseQueries(std::string_view text, std::string_view name) {
  std::vector<Query> queries;
  std::unordered_set<std::string_view> seen;
  TrecLines lines(text, name, Comments::kNone);
  while (lines.Next()) {
    const std::string_view line = lines.line();
    const size_t tab = line.find('\t');
    if (tab == std::string_view::npos) return lines.Error("expected \"id<TAB>text\", found no tab: " + Quote(line));
    const std::string_view id = line.substr(0, tab);
    if (!IsTrecField(id)) return lines.Error("expected a query id without white space before the tab, found " + Quote(id));
    if (!seen.insert(id).second) return lines.Error("expected every query id once, found " + Quote(id) + " again");
    queries.push_back({std::string(id), std::string(line.substr(tab + 1))});
  }
  return queries;
}

}  // namespace sakuin::relevance
