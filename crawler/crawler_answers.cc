// What came back: of robots.txt, and of pages.
#include <algorithm>
#include <utility>

#include "crawler/crawl_archive.h"
#include "crawler/crawl_summary.h"
#include "crawler/crawler.h"
#include "crawler/fetch_error.h"
#include "crawler/http_date.h"
#include "crawler/redirect_chain.h"
#include "crawler/url_normalizer.h"
#include "crawler/url_refusal.h"

namespace sakuin::crawler {
namespace {

constexpr uint32_t kMostPostponements = 4;  // of a URL whose host asks to come later
constexpr size_t kMostPostponed = 10'000;   // URLs; of others that it came to nothing is noted in the frontier
constexpr size_t kLinksAtOnce = 512;        // that the frontier is told of in one turn of the loop, for one page
constexpr size_t kMostKinds = 100;          // of errors that are counted apart

bool IsPrivate(const FetchResult& result) { return result.error == FetchError::kRefusedAddress; }

std::optional<Duration> RetryAfter(const FetchResult& result, Time now) {
  return ParseRetryAfter(result.headers.Find("retry-after"), std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

double Milliseconds(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1e3; }

// Whether the answer, or that there was none, tells nothing of the page.
bool MayPassLater(const FetchResult& result) { return result.error == FetchError::kNone || MayPass(result.error); }

}  // namespace

Status Crawler::Take(const FetchResult& result, Time now) {
  if (const auto robots = robots_fetches_.find(result.tag); robots != robots_fetches_.end()) {
    const std::string origin = std::move(robots->second);
    robots_fetches_.erase(robots);
    RETURN_IF_ERROR(WriteToArchive(warc_, RobotsRequest(result.url), result, {}, options_.clock()).status());
    return TakeRobots(origin, result, now);
  }
  if (const auto hop = hop_fetches_.find(result.tag); hop != hop_fetches_.end()) {
    const std::string url = std::move(hop->second);
    hop_fetches_.erase(hop);
    return TakeHop(url, result, now);
  }
  const auto page = pages_.find(result.tag);
  const Asked asked = std::move(page->second);
  pages_.erase(page);
  return TakePage(asked, result, now);
}

// What an answer says of its host; how long that rests.
Result<Duration> Crawler::TakeConduct(const std::string& host, const FetchResult& result, uint64_t bytes, Time now) {
  const std::optional<Duration> asked = RetryAfter(result, options_.clock());
  ASSIGN_OR_RETURN(const Pause pause, conducts_->AfterVisit(host, {.http_status = MayPass(result.error) ? 0 : result.status,
                                                                   .took = std::chrono::duration_cast<Duration>(result.times.total),
                                                                   .retry_after = asked,
                                                                   .bytes = bytes}));
  if (pause.blocked > Duration(0)) {
    const std::string why = result.error != FetchError::kNone ? std::string(FetchErrorText(result.error)) : "HTTP " + std::to_string(result.status);
    RETURN_IF_ERROR(Rest(host, asked.has_value(), why, now + pause.blocked));
  }
  if (pause.shared > Duration(0)) RETURN_IF_ERROR(frontier_->BlockAddressUntil(host, now + pause.shared));
  return pause.rest;
}

Status Crawler::TakePage(const Asked& asked, const FetchResult& result, Time now) {
  const LeasedUrl& leased = asked.leased;
  const Time date = options_.clock();
  ASSIGN_OR_RETURN(const Duration rest, TakeConduct(leased.queue, result, result.wire_body().size(), now));
  const ArchivedAnswer last = asked.before.has_value() ? asked.before->archived : ArchivedAnswer();
  ASSIGN_OR_RETURN(ArchivedAnswer archived, WriteToArchive(warc_, asked.request, result, last, date));
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
  RETURN_IF_ERROR(Keep(asked, result, visit, std::move(archived), date));
  return UnlessEnded(frontier_->EndVisit(leased.queue, leased.url, rest, now));
}

// Redirects of redirects end somewhere. A seed may be followed as far again.
Status Crawler::LimitRedirects(const LeasedUrl& leased, PageVisit& visit) {
  if (visit.outcome != Outcome::kRedirect || visit.links.empty()) return OkStatus();
  ASSIGN_OR_RETURN(std::vector<std::string> chain, RedirectsTo(leased));
  const bool leads_back = visit.target == leased.url || std::find(chain.begin(), chain.end(), visit.target) != chain.end();
  if (chain.size() >= kPageRedirects && IsSeed(leased.url)) chain.clear();
  visit.links.front().redirects = static_cast<uint32_t>(chain.size()) + 1;
  if (!leads_back && chain.size() < kPageRedirects) return OkStatus();
  visit.outcome = Outcome::kHttpError;
  visit.why = std::string(FetchErrorText(leads_back ? FetchError::kRedirectLoop : FetchError::kTooManyRedirects));
  visit.links.clear();
  return OkStatus();
}

// The redirects that led to a URL one after another when it was found, and still do; the last one first.
Result<std::vector<std::string>> Crawler::RedirectsTo(const LeasedUrl& leased) {
  std::vector<std::string> chain;
  std::string before = leased.discovered_from;
  while (chain.size() < std::min<size_t>(leased.redirects, kPageRedirects)) {
    const Result<Url> url = Url::Parse(before);
    if (!url.ok()) break;
    const Result<UrlStatus> status = frontier_->StatusOf(url->host(), before);
    if (status.status().code() == StatusCode::kNotFound) break;
    RETURN_IF_ERROR(status.status());
    if (IsPageNow(before, status->metadata)) break;
    chain.push_back(std::exchange(before, status->discovered_from));
  }
  return chain;
}

// Whether what led elsewhere before came as a page when it was last asked for. `metadata`: what the frontier has of it.
bool Crawler::IsPageNow(const std::string& url, const std::string& metadata) const {
  const auto last = std::find_if(finished_.rbegin(), finished_.rend(), [&](const KnownUrl& known) { return known.url == url; });
  const Result<PageRecord> record = DecodePageRecord(last != finished_.rend() ? last->metadata : metadata);
  return record.ok() && record->absences == 0;
}

bool Crawler::IsSeed(const std::string& url) const {
  const std::vector<Url>& seeds = options_.scope.seeds;
  return std::any_of(seeds.begin(), seeds.end(), [&](const Url& seed) { return NormalizeUrl(seed).href() == url; });
}

// A host that asks to come later is asked later, a few times.
bool Crawler::Postpone(const LeasedUrl& leased, const FetchResult& result) {
  const bool is_refused = ConductOf(result.status) == Conduct::kRefused;
  const bool is_counted = is_refused && (postponed_.size() < kMostPostponed || postponed_.contains(leased.url));
  if (is_counted && ++postponed_[leased.url] <= kMostPostponements) return true;
  postponed_.erase(leased.url);
  return false;
}

Status Crawler::Keep(const Asked& asked, const FetchResult& result, PageVisit& visit, ArchivedAnswer archived, Time now) {
  const LeasedUrl& leased = asked.leased;
  const std::optional<PageRecord>& before = asked.before;
  RETURN_IF_ERROR(LimitRedirects(leased, visit));
  const bool is_listing = visit.outcome == Outcome::kListing || (result.status == 304 && before.has_value() && before->listing);
  const bool came = result.error == FetchError::kNone || visit.outcome == Outcome::kListing;
  NextVisit next = AfterSighting(is_listing ? ForListings(options_.revisit) : options_.revisit, before,
                                 {.http_status = came ? result.status : 0,
                                  .content_hash = visit.content_hash,
                                  .undated_hash = visit.undated_hash,
                                  .etag = std::string(result.headers.Find("etag")),
                                  .last_modified = std::string(result.headers.Find("last-modified")),
                                  .now = now,
                                  .is_listing = is_listing,
                                  .may_pass = MayPassLater(result)});
  const bool was_read = came && result.status >= 200 && result.status < 300;
  next.record.scope = was_read ? ScopeOf(leased) : before.has_value() ? before->scope : 0;
  next.record.undated = was_read ? visit.page.published.empty() : before.has_value() && before->undated;
  next.record.archived = std::move(archived);
  const bool is_moved_seed = visit.outcome == Outcome::kRedirect && seeds_.contains(leased.url);
  if (is_moved_seed && visit.target.size() <= kMaxCrawledUrlBytes) next.record.leads_to = visit.target;
  RETURN_IF_ERROR(keeper_->Keep(leased, before, next, visit));
  if (visit.outcome == Outcome::kStored || visit.outcome == Outcome::kNotModified) visitor_.TakeKept(leased, visit);
  const FetchRecord record = RecordOf(leased, result, visit, now);
  log_->Add(record);
  Count(record, result);
  KnownUrl known{.url = leased.url, .queue = leased.queue, .refetch_at = next.at, .metadata = EncodePageRecord(next.record),
                 .is_retry = next.is_retry};
  Listed listed{.links = std::move(visit.links), .changes = std::move(visit.changed), .dates = std::move(visit.dates), .page = std::move(known)};
  if (!is_listing) {
    while (!listed.IsTaken()) RETURN_IF_ERROR(TakeSomeOf(listed, now));
    finished_.push_back(std::move(listed.page));
    return OkStatus();
  }
  listed_.push_back(std::move(listed));
  // Requests that were under way may all bring listings.
  while (listed_.size() > kMostListed) RETURN_IF_ERROR(TakeSomeListed(now));
  return OkStatus();
}

// So many that the loop goes on meanwhile: a sitemap has 50,000, and each may be a look at the disk.
Status Crawler::TakeSomeOf(Listed& listed, Time now) {
  size_t room = kLinksAtOnce;
  if (const size_t count = std::min(room, listed.links.size() - listed.links_taken); count > 0) {
    const auto first = std::make_move_iterator(listed.links.begin() + static_cast<ptrdiff_t>(listed.links_taken));
    const std::vector<FrontierUrl> links(first, first + static_cast<ptrdiff_t>(count));
    RETURN_IF_ERROR(frontier_->PutDiscovered(links, now).status());
    listed.links_taken += count;
    room -= count;
  }
  for (; room > 0 && listed.changes_taken < listed.changes.size(); --room) RETURN_IF_ERROR(TakeChange(listed.changes[listed.changes_taken++], now));
  for (; room > 0 && listed.dates_taken < listed.dates.size(); --room) RETURN_IF_ERROR(NoteDate(std::move(listed.dates[listed.dates_taken++])));
  return OkStatus();
}

Status Crawler::TakeSomeListed(Time now) {
  if (listed_.empty()) return OkStatus();
  RETURN_IF_ERROR(TakeSomeOf(listed_.front(), now));
  if (!listed_.front().IsTaken()) return OkStatus();
  finished_.push_back(std::move(listed_.front().page));
  listed_.pop_front();
  return OkStatus();
}

// What a listing says has changed since it was fetched is fetched again.
Status Crawler::TakeChange(const ListedChange& change, Time now) {
  const Result<UrlStatus> status = frontier_->StatusOf(change.queue, change.url);
  if (!status.ok() || status->phase == UrlPhase::kWaiting) return OkStatus();
  Result<PageRecord> record = DecodePageRecord(status->metadata);
  if (!record.ok() || !IsListedAsNewer(options_.revisit, *record, change.at, now)) return OkStatus();
  record->listed = change.at;
  return frontier_->SetRefetchTime(change.queue, change.url, now, status->is_retry, EncodePageRecord(*record));
}

// What a feed says of when pages were published counts for those that come from now on.
Status Crawler::NoteDate(ListedDate date) {
  const uint64_t page = NumberOf(date.url);
  ASSIGN_OR_RETURN(const std::optional<int64_t> noted, PageNotes::ListedDateOf(*frontier_, page));
  if (noted == date.seconds) return OkStatus();
  RETURN_IF_ERROR(PageNotes::PutListedDate(*frontier_, page, date.seconds));
  has_listed_dates_ = true;
  listed_dates_.push_back(std::move(date));
  return OkStatus();
}

// Pages that came before their date are asked for once more, whole, if they have none of their own.
Status Crawler::FillDates(const Unsafe& unsafe, Time now) {
  for (const ListedDate& date : std::exchange(listed_dates_, {})) {
    const auto known = unsafe.find(date.url);
    const Result<UrlStatus> status = frontier_->StatusOf(date.queue, date.url);
    if (known == unsafe.end() && (!status.ok() || status->phase == UrlPhase::kWaiting)) continue;
    Result<PageRecord> record = DecodePageRecord(known != unsafe.end() ? known->second->metadata : status->metadata);
    if (!record.ok() || !record->stored || !record->undated) continue;
    record->content_hash = 0;
    record->etag.clear();
    record->last_modified.clear();
    RETURN_IF_ERROR(AskAgain(date.queue, date.url, EncodePageRecord(*record), unsafe, now));
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
  counts_.answered_errors += result.status == 0 ? 0 : 1;
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
