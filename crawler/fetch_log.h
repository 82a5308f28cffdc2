// fetch_log.h: the log of a crawl: a line of JSON for every URL that was asked for.
//
//   ASSIGN_OR_RETURN(auto log, FetchLog::Open(fs, JoinPath(state, kFetchLogFile)));
//   log->Add(record);
//   RETURN_IF_ERROR(log->Sync());              // now others see it, and it is durable
//   RETURN_IF_ERROR(ReadFetchLog(fs, path, [](const FetchRecord& record) { ... }));
//
// Appended to for as long as the crawl has its state; each time that it is opened
// to be written is a run of its own, numbered in its records. A process that dies may
// leave half a line; it is cut when the log is opened to be written, and left out
// by readers. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/status.h"
#include "crawler/fetch_record.h"

namespace sakuin::crawler {

inline constexpr const char* kFetchLogFile = "fetches.jsonl";

class FetchLog {
 public:
  static Result<std::unique_ptr<FetchLog>> Open(FileSystem& fs, const std::string& path);

  // As a record of this run.
  void Add(FetchRecord record);
  // What was added is durable when OK.
  Status Sync();

 private:
  FetchLog(std::unique_ptr<WritableFile> file, uint64_t run) : file_(std::move(file)), run_(run) {}

  std::unique_ptr<WritableFile> file_;
  const uint64_t run_;
  std::string lines_;  // not yet written
};

// Calls `take` for each record, in the order of time; returns how many lines were none.
Result<uint64_t> ReadFetchLog(FileSystem& fs, const std::string& path, const std::function<void(const FetchRecord&)>& take);

}  // namespace sakuin::crawler
