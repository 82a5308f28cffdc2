// page_notes.h: what a crawl remembers of its pages beside the frontier: which of them the index holds, and which
// gave way to which.
//
//   ASSIGN_OR_RETURN(PageNotes notes, PageNotes::Open(frontier, "/srv/web", is_new));
//   notes.PutStored(NumberOf(url), {.url = url, .content_hash = hash});
//   ASSIGN_OR_RETURN(std::optional<StoredPage> page, notes.FindStored(NumberOf(url)));   // nothing: the index has it not
//   notes.PutGivenUp(GaveWay::kSameText, NumberOf(original), url);
//   ASSIGN_OR_RETURN(std::vector<std::string> urls, notes.TakeGivenUp(GaveWay::kSameText, NumberOf(original)));
//
// Notes are of one index: with another one, or when it was made anew, no page is stored. They are kept among the notes
// of the frontier, durable after its Sync. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "crawler/disk_frontier.h"
#include "crawler/simhash.h"

namespace sakuin::crawler {

// What a page is called by in other pages' notes and in duplicate_detector.h.
uint64_t NumberOf(std::string_view url);

struct StoredPage {
  std::string url;
  uint64_t content_hash = 0;   // of what was stored
  ContentHash text;            // of its main text and its name, for duplicates
  uint64_t canonical = 0;      // the number of the page that it names in its place; 0: none
};

// Why a page is not stored while another one is.
enum class GaveWay : char { kSameText = 't', kCanonical = 'c' };

// A page that is stored until the one that it names as canonical is.
struct NamingPage {
  std::string url;
  uint32_t hops = 1;  // how many pages were named one after another to come here
};

class PageNotes {
 public:
  // `index` names what the pages are stored in, empty: nowhere. `is_new`: it holds nothing yet. REQUIRES: `frontier` outlives this.
  static Result<PageNotes> Open(DiskFrontier& frontier, const std::string& index, bool is_new);

  // Whether the index held something when these notes of it were begun.
  bool found_others() const { return found_others_; }

  Result<std::optional<StoredPage>> FindStored(uint64_t page);
  Status PutStored(uint64_t page, const StoredPage& stored);
  Status DeleteStored(uint64_t page);

  // That `url` is not stored because `other` is. Take forgets, and answers which were.
  Status PutGivenUp(GaveWay why, uint64_t other, std::string_view url);
  Result<std::vector<std::string>> TakeGivenUp(GaveWay why, uint64_t other);

  Status PutNaming(uint64_t canonical, const NamingPage& page);
  Result<std::vector<NamingPage>> Naming(uint64_t canonical);
  Status DeleteNaming(uint64_t canonical);

  // When a page was published, as a feed says: seconds since 1970. Of all indexes.
  static Result<std::optional<int64_t>> ListedDateOf(DiskFrontier& frontier, uint64_t page);
  static Status PutListedDate(DiskFrontier& frontier, uint64_t page, int64_t seconds);
  static Result<bool> HasListedDates(DiskFrontier& frontier);

  // How many pages were in the file of duplicate_detector.h when it was durable last: 0 where nothing is noted. Of all indexes.
  static Result<uint64_t> Fingerprints(DiskFrontier& frontier);
  static Status PutFingerprints(DiskFrontier& frontier, uint64_t pages);

  // When a visit of all known pages began that has not ended; nothing: none has. Of all indexes.
  static Result<std::optional<Time>> RecrawlBegan(DiskFrontier& frontier);
  static Status PutRecrawl(DiskFrontier& frontier, std::optional<Time> began);

 private:
  static constexpr size_t kNamedBits = size_t{1} << 20;

  PageNotes(DiskFrontier& frontier, uint64_t epoch) : frontier_(&frontier), epoch_(epoch), named_(kNamedBits) {}

  // Which pages may have been named: looking for those that name one takes much longer.
  Status FindNamed();

  std::string KeyOf(char kind, uint64_t page) const;
  Result<std::vector<NamingPage>> List(char kind, uint64_t page);
  Status DeleteAll(char kind, uint64_t page, const std::vector<NamingPage>& pages);

  DiskFrontier* frontier_;
  uint64_t epoch_;           // of the index
  std::vector<bool> named_;  // by the last bits of their numbers
  bool found_others_ = false;
};

}  // namespace sakuin::crawler
