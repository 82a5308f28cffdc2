// revisit.h: when a page is asked for again, and what becomes of it in the index.
//
//   NextVisit next = AfterSighting(options, before, {.http_status = 200, .content_hash = hash, .now = now});
//   if (next.fate == PageFate::kStore) index.Add(page);
//   known.refetch_at = next.at;  known.metadata = EncodePageRecord(next.record);
//
// A page that has changed is asked for sooner (its interval times 0.5), one that has not later (times 1.5),
// within bounds: a host's pages each find their own pace. A page that is gone leaves the index at once; one that is
// refused or leads elsewhere for the time being does when it still does so at the fourth visit; one that fails stays.
// None is given up: each is looked at again, after max_interval at the latest.
//
// Pure arithmetic on the time given: thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crawler/crawl_time.h"
#include "crawler/page_record.h"

namespace sakuin::crawler {

struct RevisitOptions {
  Duration first_interval = std::chrono::hours(24 * 7);
  Duration min_interval = std::chrono::hours(1);
  Duration max_interval = std::chrono::hours(24 * 90);
  double changed_factor = 0.5;
  double unchanged_factor = 1.5;
  uint32_t absence_tries = 2;  // so many sightings more after absence_wait, then at max_interval
  Duration absence_wait = std::chrono::hours(24);
  uint32_t refusals_kept = 3;  // sightings in a row that are no page and no absence, and change nothing
  Duration failure_wait = std::chrono::minutes(10);  // doubled each time
  Duration max_failure_wait = std::chrono::hours(24 * 7);
};

struct Sighting {
  int http_status = 0;        // 0: no answer came
  uint64_t content_hash = 0;  // of a page that came
  uint64_t undated_hash = 0;  // likewise, without the date that a feed gives it; 0: none does
  std::string etag{};
  std::string last_modified{};
  Time now{};
  bool is_listing = false;    // a sitemap or a feed came: it is no page, and is asked for again as one
  bool may_pass = true;       // of a failure
};

enum class PageFate {
  kStore,   // new or changed
  kDate,    // as it is in the index, but for the date that a feed gives it
  kKeep,    // as it is in the index, or not
  kDelete,  // out of the index
};

struct NextVisit {
  PageFate fate = PageFate::kKeep;
  Time at{};
  bool is_retry = false;  // nothing is known of the page but that asking failed, in a way that may pass
  PageRecord record;
};

// `before`: what was kept of the page; nothing when this is its first time. 304 and an equal content hash are no
// change, nor is a date, another 2xx is one; 404, 410, 301 and 308 are absence; no answer, 408, 425, 429 and 5xx are failures,
// which may pass unless it is said that they do not. Any other answer (302, 401, 403) is no page, and no reason to forget one.
NextVisit AfterSighting(const RevisitOptions& options, const std::optional<PageRecord>& before, const Sighting& sighting);

// For a sitemap or a feed: asked for more often, as what is new is found there, and at least once a day.
RevisitOptions ForListings(RevisitOptions options);

// Whether a page that a sitemap or a feed says was changed at `listed` should be asked for now; whoever asks for it sets
// record.listed. A time to come says nothing. A page that had not changed, though it was said so, is believed in later: after
// twice min_interval, then after twice that, but at its own interval in any case.
bool IsListedAsNewer(const RevisitOptions& options, const PageRecord& record, Time listed, Time now);

}  // namespace sakuin::crawler
