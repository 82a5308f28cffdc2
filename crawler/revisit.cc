#include "crawler/revisit.h"

#include <algorithm>
#include <cmath>

namespace sakuin::crawler {
namespace {

constexpr uint32_t kMostDoublings = 30;

Duration Within(const RevisitOptions& options, double interval) {
  const auto most = static_cast<double>(options.max_interval.count());
  const auto least = static_cast<double>(options.min_interval.count());
  return Duration(static_cast<Duration::rep>(std::min(std::max(interval, least), most)));
}

Duration Stretched(const RevisitOptions& options, Duration interval, double factor) {
  return Within(options, static_cast<double>(interval.count()) * factor);
}

// Whether a listing that had it asked for was right.
void TakeAlarm(const std::optional<PageRecord>& before, bool same, PageRecord& record) {
  if (!before) return;
  record.listed = before->listed;
  record.false_alarms = before->false_alarms;
  if (before->listed > before->fetched) record.false_alarms = same ? std::min(before->false_alarms + 1, kMostDoublings) : 0;
}

NextVisit Seen(const RevisitOptions& options, const std::optional<PageRecord>& before, const Sighting& sighting) {
  const bool not_modified = sighting.http_status == 304;
  const bool again = before && before->interval > Duration(0);
  const bool was_read = before && (before->stored || before->listing);
  const bool only_dated = was_read && sighting.undated_hash != 0 && before->content_hash == sighting.undated_hash;
  const bool same = was_read && (not_modified || only_dated || before->content_hash == sighting.content_hash);
  NextVisit next;
  next.fate = only_dated ? PageFate::kDate : same || not_modified ? PageFate::kKeep : PageFate::kStore;
  next.record.listing = not_modified ? before && before->listing : sighting.is_listing;
  if (next.record.listing) next.fate = before && before->stored ? PageFate::kDelete : PageFate::kKeep;
  PageRecord& record = next.record;
  record.fetched = sighting.now;
  record.interval = again ? Stretched(options, before->interval, same ? options.unchanged_factor : options.changed_factor)
                          : Within(options, static_cast<double>(options.first_interval.count()));
  record.content_hash = not_modified && before ? before->content_hash : sighting.content_hash;
  record.stored = !record.listing && (next.fate == PageFate::kStore || same);
  TakeAlarm(before, same, record);
  if (record.stored || record.listing) {  // without the page, it must come whole
    record.etag = not_modified && sighting.etag.empty() ? before->etag : sighting.etag;
    record.last_modified = not_modified && sighting.last_modified.empty() ? before->last_modified : sighting.last_modified;
  }
  next.at = sighting.now + record.interval;
  return next;
}

// There is no page: there is none any more, or there will be one again.
NextVisit Absent(const RevisitOptions& options, const std::optional<PageRecord>& before, const Sighting& sighting, bool is_for_good) {
  NextVisit next;
  const uint32_t sightings = (before ? before->absences : 0) + 1;
  const bool was_stored = before && before->stored;
  if (was_stored && !is_for_good && sightings <= options.refusals_kept) {
    next.record = *before;
    next.record.failures = 0;
  } else {
    next.record.interval = before ? before->interval : Duration(0);
    next.fate = was_stored ? PageFate::kDelete : PageFate::kKeep;
  }
  next.record.absences = sightings;
  next.at =
      sighting.now + std::min(sightings <= options.absence_tries ? options.absence_wait * sightings : options.max_interval, options.max_interval);
  return next;
}

NextVisit Failed(const RevisitOptions& options, const std::optional<PageRecord>& before, const Sighting& sighting) {
  NextVisit next;
  next.record = before.value_or(PageRecord());
  const uint32_t failures = ++next.record.failures;
  const double wait = std::ldexp(static_cast<double>(options.failure_wait.count()), static_cast<int>(std::min(failures - 1, 30U)));
  next.at = sighting.now + Duration(static_cast<Duration::rep>(std::min(wait, static_cast<double>(options.max_failure_wait.count()))));
  next.is_retry = sighting.may_pass;
  return next;
}

bool IsForGood(int status) { return status == 404 || status == 410 || status == 301 || status == 308; }
bool IsFailure(int status) { return status == 0 || status == 408 || status == 425 || status == 429 || status >= 500; }

}  // namespace

NextVisit AfterSighting(const RevisitOptions& options, const std::optional<PageRecord>& before, const Sighting& sighting) {
  const int status = sighting.http_status;
  if (status == 304 || (status >= 200 && status < 300)) return Seen(options, before, sighting);
  if (IsFailure(status)) return Failed(options, before, sighting);
  return Absent(options, before, sighting, IsForGood(status));
}

RevisitOptions ForListings(RevisitOptions options) {
  options.first_interval = options.min_interval;
  options.max_interval = std::max<Duration>(options.min_interval, std::chrono::hours(24));
  return options;
}

bool IsListedAsNewer(const RevisitOptions& options, const PageRecord& record, Time listed, Time now) {
  if (listed > now || listed <= std::max(record.fetched, record.listed)) return false;
  if (record.false_alarms == 0) return true;
  const double doubt = std::ldexp(static_cast<double>(options.min_interval.count()), static_cast<int>(record.false_alarms));
  return now - record.fetched >= record.interval || static_cast<double>((now - record.fetched).count()) >= doubt;
}

}  // namespace sakuin::crawler
