// fetch_record.h: what came of one URL, as the log of a crawl keeps it.
//
//   {"time":1700000000000,"url":"http://a.example/","outcome":"stored","status":200,...}
//
// One JSON object a line; members that say nothing are left out. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace sakuin::crawler {

enum class Outcome : uint8_t {
  kStored,           // its page came into the index, new or changed
  kDuplicate,        // the same as a page that is stored, or another is its canonical one
  kNotModified,      // as it was at the last visit
  kNoIndex,          // its author wants it in no index
  kRedirect,         // to a URL that is queued for itself
  kListing,          // a sitemap or a feed, read for its links
  kBlockedByRobots,  // not asked for: robots.txt forbids it
  kOverBudget,       // likewise: its host has given all that it may be asked for
  kOutOfScope,       // likewise: it does not belong to the crawl, or no longer (crawl_scope.h)
  kPrivate,          // likewise: its address is not public
  kRobotsFailed,     // likewise: its robots.txt could not be read
  kPostponed,        // the host asked to come later (429, 503), and is asked again by this run
  kGone,             // 404 or 410
  kHttpError,        // another status that is no page
  kUnreadable,       // of a type that is not read
  kFailed,           // no answer, or a broken one
  kTrap,             // not asked for: its address looks as if there were no end of such (url_refusal.h)
};
inline constexpr size_t kOutcomes = 17;

// "stored", "not_modified"; for logs and reports.
std::string_view NameOf(Outcome outcome);

// Whether its host was asked for the URL.
bool IsAskedFor(Outcome outcome);

// Whether the outcome counts as an error: no page, and nobody wanted it so.
bool IsError(Outcome outcome);

struct FetchRecord {
  uint64_t time_ms = 0;  // since 1970, when the answer was there
  uint64_t run = 0;      // of the crawl, from 1; 0: not known
  std::string url;
  std::string host;
  uint32_t depth = 0;
  Outcome outcome = Outcome::kFailed;
  uint32_t status = 0;   // of HTTP; 0: there was no answer
  std::string why;       // of an error, a duplicate, a refusal
  std::string target;    // of a redirect; the page that this one is the same as
  std::string type;      // "text/html"
  std::string charset;
  std::string language;
  uint64_t bytes = 0;    // that came over the wire, as far as they were read
  double first_byte_ms = 0;
  double total_ms = 0;
  uint32_t links = 0;    // new URLs that it brought
};

std::string ToJson(const FetchRecord& record);
// INVALID_ARGUMENT for what ToJson does not write.
Result<FetchRecord> ParseFetchRecord(std::string_view line);

}  // namespace sakuin::crawler
