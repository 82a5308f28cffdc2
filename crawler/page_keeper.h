// page_keeper.h: does a page that came go into the index, stay there, leave it, or give way to another one?
//
//   ASSIGN_OR_RETURN(auto keeper, PageKeeper::Open(fs, folder, frontier, &sink, warnings));
//   ASSIGN_OR_RETURN(std::optional<PageRecord> before, keeper->CheckedBefore(leased));   // before it is asked for
//   RETURN_IF_ERROR(keeper->Keep(leased, before, next, visit));     // when it came: visit.outcome is the last word
//   for (const std::string& url : keeper->TakeDue()) ...    // pages that gave way to what is no more: to be asked for again
//
// Of pages with the same name (page_fingerprint.h) and text, or without any text and with the same bytes, the first one is
// kept, for as long as it is in the index with this text. A page that names another one as its canonical address is kept
// until that one is; then it leaves, so that an address that redirects, is gone or may not be asked for takes nothing with it.
//
// Calls come from one thread. Knows no network and no clock.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/status.h"
#include "crawler/crawl_options.h"
#include "crawler/disk_frontier.h"
#include "crawler/duplicate_detector.h"
#include "crawler/page_notes.h"
#include "crawler/page_sink.h"
#include "crawler/page_visit.h"
#include "crawler/revisit.h"

namespace sakuin::crawler {

// What is known of a page that was fetched before; nothing for a new one.
std::optional<PageRecord> Before(const LeasedUrl& leased);

class PageKeeper {
 public:
  // `sink` may be null: pages are read, and kept elsewhere. REQUIRES: `frontier` and `sink` outlive this.
  // What was damaged and put aside, or is missing, is told in `warnings`.
  static Result<std::unique_ptr<PageKeeper>> Open(FileSystem& fs, const std::string& folder, DiskFrontier& frontier, PageSink* sink,
                                                  Duplicates duplicates, std::vector<std::string>& warnings);

  // What is known of a page as far as it counts: as far as the index has it, and has it so.
  Result<std::optional<PageRecord>> CheckedBefore(const LeasedUrl& leased);

  // `before`: as CheckedBefore said.
  Status Keep(const LeasedUrl& leased, const std::optional<PageRecord>& before, NextVisit& next, PageVisit& visit);

  std::vector<std::string> TakeDue() { return std::exchange(due_, {}); }
  bool HasDue() const { return !due_.empty(); }
  // How many of the pages that were stored since Open gave way since the last time.
  uint64_t TakeGaveWay() { return std::exchange(gave_way_, 0); }

  // What was kept is durable when OK; the notes are after the frontier's Sync.
  Status Sync();

 private:
  PageKeeper(DiskFrontier& frontier, PageNotes notes, std::unique_ptr<DuplicateDetector> duplicates, uint64_t noted, PageSink* sink,
             bool keeps_duplicates)
      : frontier_(frontier),
        notes_(std::move(notes)),
        duplicates_(std::move(duplicates)),
        noted_(noted),
        sink_(sink),
        keeps_duplicates_(keeps_duplicates) {}

  Status Store(const LeasedUrl& leased, PageVisit& visit);
  Status FindOriginal(const LeasedUrl& leased, const TextFingerprint& fingerprint, bool& is_remembered, PageVisit& visit);
  Status GiveWay(const LeasedUrl& leased, GaveWay why, const std::string& other, std::string words, PageVisit& visit);
  Status NoteStored(const LeasedUrl& leased, const std::optional<StoredPage>& before, const TextFingerprint& fingerprint, const PageVisit& visit);
  Status FollowCanonical(const LeasedUrl& leased, PageVisit& visit);
  Status TakeOver(uint64_t self, const std::string& url);
  Status Remove(const std::string& url);
  Status MakeDue(GaveWay why, uint64_t other);

  DiskFrontier& frontier_;
  PageNotes notes_;
  std::unique_ptr<DuplicateDetector> duplicates_;
  uint64_t noted_;  // how many pages of it the frontier knows of
  PageSink* sink_;
  const bool keeps_duplicates_;
  std::vector<std::string> due_;
  std::unordered_set<uint64_t> newly_stored_;  // of those that name a canonical page
  uint64_t gave_way_ = 0;                      // of these
};

}  // namespace sakuin::crawler
