// searcher.h: start here. Which documents answer, in which order, and why.
//
//   ASSIGN_OR_RETURN(auto searcher, Searcher::Open(fs, folder));
//   ASSIGN_OR_RETURN(SearchAnswer answer, searcher->Search(request));
//
// A searcher answers on one generation of an index; open another for a newer
// one. Immutable and thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "index/snapshot.h"
#include "searcher/plan.h"
#include "searcher/query_parser.h"
#include "searcher/score_function.h"
#include "searcher/search_request.h"
#include "searcher/top_hits.h"

namespace sakuin::searcher {

// More hits than this (offset + top) are refused: use a filter or a sort with pages.
inline constexpr uint64_t kMaxHits = 1'000'000;

class Searcher {
 public:
  static Result<std::unique_ptr<Searcher>> Open(FileSystem& fs, const std::string& folder);
  static Result<std::unique_ptr<Searcher>> Make(std::shared_ptr<const index::Snapshot> snapshot);

  Result<SearchAnswer> Search(const SearchRequest& request) const;

  // The number of matching documents.
  Result<uint64_t> Count(const Query& query) const;
  // Keys of all matching documents, in no order. INVALID_ARGUMENT for a query that
  // a search would answer with a warning.
  Result<std::vector<std::string>> MatchingKeys(const Query& query) const;

  // How queries are to be parsed for this index.
  ParseOptions parse_options(bool strict) const;
  const index::Snapshot& snapshot() const { return *snapshot_; }
  const QueryAnalyzers& analyzers() const { return analyzers_; }
  // What every answer warns of, whatever is asked.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Plans {
    Plan query;
    Plan filter;
    Plan rescore;
    ScoreFactors factors;
  };

  void CheckAnalyses();
  Status WarnOfLongValues(const SearchRequest& request, std::vector<std::string>& warnings) const;
  Status Check(const SearchRequest& request) const;
  Result<Plans> MakePlans(const SearchRequest& request, int64_t now, std::vector<std::string>& warnings) const;
  Result<std::vector<Candidate>> FindHits(const SearchRequest& request, Plans& plans, SearchAnswer& answer) const;
  Result<Explanation> ExplainHit(const SearchRequest& request, Plans& plans, const Candidate& candidate) const;
  Searcher(std::shared_ptr<const index::Snapshot> snapshot, QueryAnalyzers analyzers)
      : snapshot_(std::move(snapshot)), analyzers_(std::move(analyzers)) {}

  std::shared_ptr<const index::Snapshot> snapshot_;
  QueryAnalyzers analyzers_;
  std::vector<std::string> warnings_;
};

}  // namespace sakuin::searcher
