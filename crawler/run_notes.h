// run_notes.h: what a run remembers of hosts, however many they are: in memory while they are few, the rest on disk.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<RunNotes> refusals, RunNotes::Open(frontier, 100'000));
//   RETURN_IF_ERROR(refusals->Put(host, "3"));
//   ASSIGN_OR_RETURN(std::optional<std::string> noted, refusals->Take(host));     // "3", and it is forgotten
//
// What was put first goes to disk first. It lasts as long as the run: what is on disk is deleted by the next one. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/status.h"
#include "crawler/disk_frontier.h"

namespace sakuin::crawler {

class RunNotes {
 public:
  // Forgets what an earlier run left. REQUIRES: `frontier` outlives this.
  static Result<std::unique_ptr<RunNotes>> Open(DiskFrontier& frontier, size_t most_in_memory);

  // REQUIRES: nothing is noted of `about`.
  Status Put(std::string_view about, std::string text);
  // Costs a look at the disk only when something is there.
  Result<std::optional<std::string>> Take(std::string_view about);

  size_t in_memory() const { return entries_.size(); }
  uint64_t on_disk() const { return on_disk_; }

 private:
  using Entries = std::list<std::pair<std::string, std::string>>;

  static constexpr char kKind = 'h';  // before the keys of its notes; those of page_notes.cc begin otherwise

  RunNotes(DiskFrontier& frontier, size_t most_in_memory) : frontier_(frontier), most_in_memory_(most_in_memory) {}
  static std::string KeyOf(std::string_view about) { return std::string(1, kKind).append(about); }

  DiskFrontier& frontier_;
  const size_t most_in_memory_;
  Entries entries_;  // the oldest first
  std::unordered_map<std::string_view, Entries::iterator> by_subject_;
  uint64_t on_disk_ = 0;
};

}  // namespace sakuin::crawler
