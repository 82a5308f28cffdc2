// host_conducts.h: how the hosts of a crawl behave, and what this run has asked of each.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<HostConducts> conducts, HostConducts::Open(frontier, options));
//   ASSIGN_OR_RETURN(bool is_spent, conducts->IsBudgetSpent("a.example"));
//   RETURN_IF_ERROR(conducts->CountPage("a.example"));                       // it is asked for one
//   ASSIGN_OR_RETURN(Pause pause, conducts->AfterVisit("a.example", visit));
//
// Of a host that neither refuses nor fails nothing is remembered, unless it has a budget. In memory are 100,000 hosts at most
// (run_notes.h). Not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "base/status.h"
#include "crawler/politeness.h"
#include "crawler/run_notes.h"

namespace sakuin::crawler {

class HostConducts {
 public:
  static constexpr size_t kMostInMemory = 100'000;

  // REQUIRES: `frontier` outlives this.
  static Result<std::unique_ptr<HostConducts>> Open(DiskFrontier& frontier, PolitenessOptions options, size_t most_in_memory = kMostInMemory);

  // Whether nothing more is to be asked of it.
  Result<bool> IsBudgetSpent(const std::string& host);
  Status CountPage(const std::string& host);
  Result<Pause> AfterVisit(const std::string& host, const Visit& visit);

  const RunNotes& notes() const { return *notes_; }

 private:
  HostConducts(std::unique_ptr<RunNotes> notes, PolitenessOptions options) : notes_(std::move(notes)), options_(options) {}

  bool HasBudgets() const { return options_.max_pages > 0 || options_.max_bytes > 0; }
  Result<HostConduct> Take(const std::string& host);
  Status Put(const std::string& host, const HostConduct& conduct);

  std::unique_ptr<RunNotes> notes_;
  const PolitenessOptions options_;
};

}  // namespace sakuin::crawler
