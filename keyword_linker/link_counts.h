// link_counts.h: how often each keyword of a live dictionary was linked.
//
//   LinkCounts counts;
//   LinkStream stream({*view}, {}, [&](const Link& link) { counts.Add(link.entry().keyword); });
//   RETURN_IF_ERROR(counts.Flush(fs, "site.keywords"));    // now and then
//   ASSIGN_OR_RETURN(auto total, ReadLinkCounts(fs, "site.keywords"));
//
// Whoever links counts, in memory; Flush adds that to one file of the folder and
// is durable. What was counted since the last Flush is lost with the process. Any
// number of processes may flush; they wait for each other. A keyword that is
// deleted keeps its count. The file: magic, number of keywords (u64), each keyword
// with a varint length and its count as a varint, in the order of bytes, and a
// checksum of all before (u64). Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/status.h"

namespace sakuin::keyword_linker {

using CountsByKeyword = std::map<std::string, uint64_t, std::less<>>;

class LinkCounts {
 public:
  void Add(std::string_view keyword);

  // Leaves nothing to flush when OK, and all of it otherwise. UNAVAILABLE when
  // others hold the file for some seconds.
  Status Flush(FileSystem& fs, const std::string& folder);

 private:
  CountsByKeyword counts_;
};

// Empty when nobody has counted yet. DATA_LOSS.
Result<CountsByKeyword> ReadLinkCounts(FileSystem& fs, const std::string& folder);
// The same of the bytes of the file.
Result<CountsByKeyword> ParseLinkCounts(std::string_view bytes);

}  // namespace sakuin::keyword_linker
