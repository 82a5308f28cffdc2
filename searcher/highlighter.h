// highlighter.h: the best passages of a document and where the words of a query are in them.
//
//   Highlighter highlighter(query, snapshot.schema(), analyzers);
//   auto highlights = highlighter.Highlight(stored_json);     // by field
//
// The stored text is analysed again as it was for the index; a token is marked
// when its term is one the query asks for, a word of a phrase only where it is the
// phrase. Offsets are bytes of the original text, cut at character borders.
// Thread-safe under const.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "index/schema.h"
#include "searcher/plan.h"
#include "searcher/query.h"
#include "searcher/search_request.h"
#include "text/token.h"

namespace sakuin::searcher {

// A word of the query in a value, in bytes.
struct Mark {
  uint32_t begin;
  uint32_t end;
  std::string_view term;
};

class Highlighter {
 public:
  Highlighter(const Query& query, const index::Schema& schema, const QueryAnalyzers& analyzers);

  std::map<std::string, std::vector<HighlightedText>> Highlight(const std::string& stored) const;

 private:
  using Terms = std::set<std::string, std::less<>>;
  using Phrase = std::vector<std::pair<std::string, uint32_t>>;  // words and their positions
  struct Wanted {
    Terms terms;
    std::vector<Phrase> phrases;
    std::vector<std::function<bool(std::string_view)>> patterns;
  };

  void Collect(const Query& query);
  std::vector<const text::Analyzer*> AnalyzersOf(const std::string& field) const;
  void CollectWords(const std::string& field, const std::string& text);
  void CollectPhrase(const std::string& field, const PhraseQuery& phrase);
  bool IsWanted(const std::string& field, std::string_view term) const;
  void MarkPhrases(const std::string& field, const text::TokenList& tokens, std::vector<Mark>& marks) const;
  HighlightedText BestPassage(const std::string& field, const std::string& text, const text::Analyzer& analyzer) const;

  const index::Schema& schema_;
  const QueryAnalyzers& analyzers_;
  std::map<std::string, Wanted> wanted_;  // by field; "" is every text field
};

}  // namespace sakuin::searcher
