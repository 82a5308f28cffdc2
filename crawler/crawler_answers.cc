// What came back: of robots.txt, and of pages.
#include <algorithm>
#include <utility>

#include "crawler/crawl_archive.h"
#include "crawler/crawl_summary.h"
#include "crawler/crawler.h"
#include "crawler/fetch_error.h"
#include "crawler/http_date.h"
#include "crawler/url_refusal.h"

namespace sakuin::crawler {
namespace {

constexpr uint32_t kMostPostponements = 4;  // of a URL whose host asks to come later
constexpr size_t kMostKinds = 100;          // of errors that are counted apart

bool IsPrivate(const FetchResult& result) { return result.error == FetchError::kRefusedAddress; }

std::optional<Duration> RetryAfter(const FetchResult& result, Time now) {
  return ParseRetryAfter(result.headers.Find("retry-after"), std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

double Milliseconds(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1e3; }

// Whether the answer, or that there was none, tells nothing of the page.
bool MayPassLater(const FetchResult& result) { return result.error == FetchError::kNone || MayPass(result.error); }

}  // namespace

Status Crawler::Take(FetchResult result, Time now) {
  if (const auto robots = robots_fetches_.find(result.tag); robots != robots_fetches_.end()) {
    const std::string origin = robots->second;
    robots_fetches_.erase(robots);
    return TakeRobots(origin, result, now);
  }
  const auto page = pages_.find(result.tag);
  LeasedUrl leased = std::move(page->second);
  pages_.erase(page);
  return TakePage(std::move(leased), result, now);
}

Status Crawler::TakeRobots(const std::string& origin, const FetchResult& result, Time now) {
  RETURN_IF_ERROR(WriteToArchive(warc_, RobotsRequest(result.url), result, {}, options_.clock()).status());
  // Redirects may lead to a server that many hosts share, and that is not theirs.
  if (!result.remote_address.empty() && result.url == origin + "/robots.txt") {
    RETURN_IF_ERROR(frontier_->SetAddress(parked_[origin].front().queue, result.remote_address));
  }
  if (std::string next = robots_.Take(origin, result, now); !next.empty()) {
    StartRobots(origin, std::move(next));
    return OkStatus();
  }
  std::vector<LeasedUrl> waiting = std::move(parked_[origin]);
  parked_.erase(origin);
  std::vector<FrontierUrl> listed;
  for (const std::string& sitemap : robots_.SitemapsOf(origin, now)) {
    const Result<Url> base = Url::Parse(origin);
    if (!base.ok()) continue;
    const Result<Url> url = Url::Parse(sitemap, &*base);
    if (!url.ok()) continue;
    if (std::optional<FrontierUrl> link = visitor_.AcceptSitemap(*url, 0)) listed.push_back(*std::move(link));
  }
  RETURN_IF_ERROR(frontier_->PutDiscovered(listed, now).status());
  const Delay delay = HostDelay(options_.politeness, robots_.DelayOf(origin, now));
  counts_.crawl_delays_cut += delay.partial ? 1 : 0;
  const bool is_later = robots_.TroubleOf(origin) != nullptr;
  if (is_later) LogTrouble(origin, waiting.front().queue, result);
  for (const LeasedUrl& leased : waiting) {
    if (is_later) {
      RETURN_IF_ERROR(PutOff(leased, origin, now));
      continue;
    }
    RETURN_IF_ERROR(frontier_->SetDelay(leased.queue, delay.delay));
    RETURN_IF_ERROR(Release(leased, now));
  }
  return OkStatus();
}

// A robots.txt that could not be had is told, though it costs no page.
void Crawler::LogTrouble(const std::string& origin, const std::string& queue, const FetchResult& result) {
  LeasedUrl robots;
  robots.url = origin + "/robots.txt";
  robots.queue = queue;
  PageVisit visit;
  visit.why = robots_.TroubleOf(origin)->why;
  log_->Add(RecordOf(robots, result, visit, options_.clock()));
}

Status Crawler::TakePage(LeasedUrl leased, const FetchResult& result, Time now) {
  const Time date = options_.clock();
  HostConduct& conduct = conducts_[leased.queue];
  const Pause pause = AfterVisit(options_.politeness,
                                 {.http_status = MayPass(result.error) ? 0 : result.status,
                                  .took = std::chrono::duration_cast<Duration>(result.times.total),
                                  .retry_after = RetryAfter(result, date),
                                  .bytes = result.wire_body().size()},
                                 conduct);
  if (pause.blocked > Duration(0)) {
    const std::string why = result.error != FetchError::kNone ? std::string(FetchErrorText(result.error)) : "HTTP " + std::to_string(result.status);
    RETURN_IF_ERROR(Rest(leased.queue, RetryAfter(result, date).has_value(), why, now + pause.blocked));
  }
  if (pause.shared > Duration(0)) RETURN_IF_ERROR(frontier_->BlockAddressUntil(leased.queue, now + pause.shared));
  const std::optional<PageRecord> before = Before(leased);
  ASSIGN_OR_RETURN(ArchivedAnswer archived,
                   WriteToArchive(warc_, RequestOf(leased), result, before.has_value() ? before->archived : ArchivedAnswer(), date));
  PageVisit visit;
  if (Postpone(leased, result)) {
    visit.outcome = Outcome::kPostponed;
    visit.why = "HTTP " + std::to_string(result.status);
    const FetchRecord record = RecordOf(leased, result, visit, date);
    log_->Add(record);
    Count(record, result);
    return Release(leased, now);
  }
  WidenScope(leased, result);
  visit = visitor_.Read(leased, result, date);
  LimitRedirects(leased, visit);
  RETURN_IF_ERROR(Keep(leased, result, visit, std::move(archived), date));
  return UnlessEnded(frontier_->EndVisit(leased.queue, leased.url, pause.rest, now));
}

// Redirects of redirects end somewhere.
void Crawler::LimitRedirects(const LeasedUrl& leased, PageVisit& visit) {
  size_t hops = 0;
  if (const auto before = redirects_.find(leased.url); before != redirects_.end()) {
    hops = before->second;
    redirects_.erase(before);
  }
  if (visit.outcome != Outcome::kRedirect || visit.links.empty()) return;
  if (hops < kPageRedirects) {
    redirects_[visit.links.front().url] = hops + 1;
    return;
  }
  visit.outcome = Outcome::kHttpError;
  visit.why = std::string(FetchErrorText(FetchError::kTooManyRedirects));
  visit.links.clear();
}

// A host that asks to come later is asked later, a few times.
bool Crawler::Postpone(const LeasedUrl& leased, const FetchResult& result) {
  if (ConductOf(result.status) == Conduct::kRefused && ++postponed_[leased.url] <= kMostPostponements) return true;
  postponed_.erase(leased.url);
  return false;
}

Status Crawler::Keep(const LeasedUrl& leased, const FetchResult& result, PageVisit& visit, ArchivedAnswer archived, Time now) {
  const std::optional<PageRecord> before = Before(leased);
  const bool is_listing = visit.outcome == Outcome::kListing || (result.status == 304 && before.has_value() && before->listing);
  const bool came = result.error == FetchError::kNone || visit.outcome == Outcome::kListing;
  NextVisit next = AfterSighting(is_listing ? ForListings(options_.revisit) : options_.revisit, before,
                                 {.http_status = came ? result.status : 0,
                                  .content_hash = visit.content_hash,
                                  .etag = std::string(result.headers.Find("etag")),
                                  .last_modified = std::string(result.headers.Find("last-modified")),
                                  .now = now,
                                  .is_listing = is_listing,
                                  .may_pass = MayPassLater(result)});
  const bool was_read = came && result.status >= 200 && result.status < 300;
  next.record.scope = was_read ? ScopeOf(leased) : before.has_value() ? before->scope : 0;
  next.record.undated = was_read ? visit.page.published.empty() : before.has_value() && before->undated;
  next.record.archived = std::move(archived);
  if (visit.outcome == Outcome::kRedirect && seeds_.contains(leased.url)) next.record.leads_to = visit.target;
  RETURN_IF_ERROR(keeper_->Keep(leased, next, visit));
  if (visit.outcome == Outcome::kStored || visit.outcome == Outcome::kNotModified) visitor_.TakeKept(leased, visit);
  const FetchRecord record = RecordOf(leased, result, visit, now);
  log_->Add(record);
  Count(record, result);
  ASSIGN_OR_RETURN(const PutCounts put, frontier_->PutDiscovered(visit.links, now));
  // What is known already was or will be asked for without this redirect, too.
  if (visit.outcome == Outcome::kRedirect && put.added == 0 && !visit.links.empty()) redirects_.erase(visit.links.front().url);
  RETURN_IF_ERROR(TakeChanges(visit.changed, now));
  RETURN_IF_ERROR(NoteDates(std::move(visit.dates)));
  finished_.push_back({.url = leased.url, .queue = leased.queue, .refetch_at = next.at, .metadata = EncodePageRecord(next.record),
                       .is_retry = next.is_retry});
  return OkStatus();
}

// What a listing says has changed since it was fetched is fetched again.
Status Crawler::TakeChanges(const std::vector<ListedChange>& changes, Time now) {
  for (const ListedChange& change : changes) {
    const Result<UrlStatus> status = frontier_->StatusOf(change.queue, change.url);
    if (!status.ok() || status->phase == UrlPhase::kWaiting) continue;
    Result<PageRecord> record = DecodePageRecord(status->metadata);
    if (!record.ok() || !IsListedAsNewer(options_.revisit, *record, change.at, now)) continue;
    record->listed = change.at;
    RETURN_IF_ERROR(frontier_->SetRefetchTime(change.queue, change.url, now, status->is_retry, EncodePageRecord(*record)));
  }
  return OkStatus();
}

// What a feed says of when pages were published counts for those that come from now on.
Status Crawler::NoteDates(std::vector<ListedDate> dates) {
  for (ListedDate& date : dates) {
    const uint64_t page = NumberOf(date.url);
    ASSIGN_OR_RETURN(const std::optional<int64_t> noted, PageNotes::ListedDateOf(*frontier_, page));
    if (noted == date.seconds) continue;
    RETURN_IF_ERROR(PageNotes::PutListedDate(*frontier_, page, date.seconds));
    has_listed_dates_ = true;
    listed_dates_.push_back(std::move(date));
  }
  return OkStatus();
}

// Pages that came before their date are asked for once more, whole, if they have none of their own.
Status Crawler::FillDates(Time now) {
  for (const ListedDate& date : std::exchange(listed_dates_, {})) {
    const Result<UrlStatus> status = frontier_->StatusOf(date.queue, date.url);
    if (!status.ok() || status->phase == UrlPhase::kWaiting) continue;
    Result<PageRecord> record = DecodePageRecord(status->metadata);
    if (!record.ok() || !record->stored || !record->undated) continue;
    record->content_hash = 0;
    record->etag.clear();
    record->last_modified.clear();
    RETURN_IF_ERROR(frontier_->SetRefetchTime(date.queue, date.url, now, true, EncodePageRecord(*record)));
  }
  return OkStatus();
}

std::optional<int64_t> Crawler::ListedDateOf(const std::string& url) {
  if (!has_listed_dates_) return std::nullopt;
  const Result<std::optional<int64_t>> date = PageNotes::ListedDateOf(*frontier_, NumberOf(url));
  return date.ok() ? *date : std::nullopt;
}

FetchRecord Crawler::RecordOf(const LeasedUrl& leased, const FetchResult& result, const PageVisit& visit, Time now) const {
  FetchRecord record;
  record.time_ms = static_cast<uint64_t>(now.time_since_epoch().count());
  record.url = leased.url;
  record.host = leased.queue;
  record.depth = leased.depth;
  record.outcome = visit.outcome;
  record.status = static_cast<uint32_t>(result.status);
  record.why = visit.why;
  record.target = visit.target;
  record.type = visit.type;
  record.charset = visit.charset;
  record.language = visit.page.language;
  record.bytes = result.wire_body().size() + result.headers.block().size();
  record.first_byte_ms = Milliseconds(result.times.first_byte);
  record.total_ms = Milliseconds(result.times.total);
  record.links = static_cast<uint32_t>(visit.links.size());
  return record;
}

void Crawler::Count(const FetchRecord& record, const FetchResult& result) {
  counts_.bytes += record.bytes;
  counts_.fetched += result.status == 0 ? 0 : 1;
  counts_.private_refused += IsPrivate(result) ? 1 : 0;
  switch (record.outcome) {
    case Outcome::kStored: ++counts_.stored; break;
    case Outcome::kDuplicate: ++counts_.duplicates; break;
    case Outcome::kNotModified: ++counts_.not_modified; break;
    case Outcome::kListing: ++counts_.listings; break;
    case Outcome::kRedirect: ++counts_.redirects; break;
    case Outcome::kNoIndex: ++counts_.noindex; break;
    case Outcome::kBlockedByRobots: ++counts_.blocked_by_robots; break;
    case Outcome::kOverBudget: ++counts_.over_budget; break;
    case Outcome::kOutOfScope: ++counts_.out_of_scope[record.why]; break;
    case Outcome::kPostponed: ++counts_.postponed; break;
    default: break;
  }
  if (!IsError(record.outcome)) return;
  ++counts_.errors;
  if (counts_.errors_by_kind.size() < kMostKinds || counts_.errors_by_kind.contains(record.why)) ++counts_.errors_by_kind[record.why];
}

// URLs that were not taken, once each.
void Crawler::LogTraps(Time now) {
  for (const RefusedUrl& refused : visitor_.TakeRefused()) {
    FetchRecord record;
    record.time_ms = static_cast<uint64_t>(now.time_since_epoch().count());
    record.url = refused.url.url;
    record.host = refused.url.queue;
    record.depth = refused.url.depth;
    record.outcome = Outcome::kTrap;
    record.why = UrlRefusalText(refused.why);
    log_->Add(record);
    ++counts_.traps[record.why];
  }
}

}  // namespace sakuin::crawler
