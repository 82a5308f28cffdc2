// page_record.h: what a crawl keeps of a page that it has fetched, for the next time.
//
//   known.metadata = EncodePageRecord(record);          // opaque to the frontier
//   Result<PageRecord> record = DecodePageRecord(leased.metadata);
//   request.if_none_match = record->etag;
//
// Values: thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "crawler/crawl_time.h"

namespace sakuin::crawler {

inline constexpr size_t kMaxValidatorBytes = 1024;  // of an ETag or a Last-Modified; a longer one is not kept

// The last answer that came whole into a web archive.
struct ArchivedAnswer {
  int64_t time_micros = 0;     // since 1970; 0: there is none
  std::string payload_digest;  // as WarcDigest makes it

  bool operator==(const ArchivedAnswer&) const = default;
};

struct PageRecord {
  Time fetched{};            // when it last answered with a page
  Duration interval{0};      // until it is asked for again
  uint64_t content_hash = 0;
  std::string etag;
  std::string last_modified;  // as the server wrote it
  uint32_t absences = 0;      // 404 and 410 in a row
  uint32_t failures = 0;      // in a row
  bool stored = false;        // whether it is in the index
  bool listing = false;       // a sitemap or a feed, whose links are known
  bool undated = false;       // neither it nor a feed says when it was published
  Time listed{};              // when it was last changed, as far as a listing was believed
  uint32_t false_alarms = 0;  // of listings, in a row: it had not changed
  uint64_t scope = 0;         // of the crawl whose links were looked for on it: which belong to it
  ArchivedAnswer archived;
  std::string leads_to;       // of a seed that redirects

  bool operator==(const PageRecord&) const = default;
};

std::string EncodePageRecord(const PageRecord& record);
// DATA_LOSS.
Result<PageRecord> DecodePageRecord(std::string_view bytes);

}  // namespace sakuin::crawler
