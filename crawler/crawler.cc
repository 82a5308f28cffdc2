#include "crawler/crawler.h"

#include <algorithm>
#include <utility>

#include "base/checksum.h"
#include "base/file.h"
#include "base/file_limit.h"
#include "crawler/fetch_request.h"
#include "crawler/public_suffix.h"
#include "crawler/sitemap.h"
#include "crawler/url_normalizer.h"
#include "crawler/url_refusal.h"

namespace sakuin::crawler {
namespace {

using std::chrono::milliseconds;

// From the end of one checkpoint to the begin of the next: nine times as long as it took, so that a slow disk has a
// tenth of the time, but within these.
constexpr std::chrono::steady_clock::duration kShortestInterval = milliseconds(250);
constexpr std::chrono::steady_clock::duration kLongestInterval = milliseconds(1000);
constexpr int kIntervalOfCheckpoint = 9;
constexpr size_t kMostUnsafe = 16'384;      // pages fetched, or notes of them, that are not yet durable
constexpr milliseconds kLongestWait(200);
constexpr Duration kLease = std::chrono::hours(24);  // longer than an answer or the turn of another host may take: nobody else has it
constexpr size_t kMostTroubles = 10'000;    // hosts whose trouble is remembered
constexpr size_t kMostRested = 5;           // that are told of while the run lasts
constexpr size_t kMostHops = 10'000;        // hosts that wait for a robots.txt elsewhere; with more of them no page is begun
constexpr std::string_view kFrontierFolder = "frontier";

// Files and sockets: of the frontier and the index, and of each request (two ways to its host at most, and an idle connection).
constexpr size_t kOwnFiles = 512;
constexpr size_t kFilesOfRequest = 3;

// How many requests there may be at once; `warnings` says so when these are fewer than asked for.
size_t ConnectionsWithin(size_t asked, std::vector<std::string>& warnings) {
  const size_t files = RaiseFileLimit(kOwnFiles + asked * kFilesOfRequest);
  const size_t room = (files - std::min(kOwnFiles, files / 2)) / kFilesOfRequest;
  if (room >= asked) return asked;
  const size_t given = std::max<size_t>(room, 1);
  warnings.push_back("the system lets this process have " + std::to_string(files) + " files open at once (ulimit -n): " + std::to_string(given) +
                     " requests at once, not " + std::to_string(asked));
  return given;
}

// Of what decides which links belong to the crawl, but for their depth.
uint64_t ScopeDigest(const CrawlOptions& options) {
  std::string text;
  for (const Url& seed : options.scope.seeds) text += "\nhost " + std::string(seed.host());
  for (const std::string& allow : options.scope.allow) text += "\nallow " + allow;
  for (const std::string& deny : options.scope.deny) text += "\ndeny " + deny;
  return Checksum(text);
}

// A site with and without "www." before its name is one.
void AddTwin(const Url& seed, CrawlScope& scope) {
  constexpr std::string_view kWww = "www.";
  const std::string name(seed.hostname());
  Url twin = seed;
  if (name.starts_with(kWww)) {
    twin.SetHostname(name.substr(kWww.size()));
  } else if (RegistrableDomain(name) == name) {
    twin.SetHostname(std::string(kWww) + name);
  }
  scope.AddHost(seed);
  scope.AddHost(twin);
}

}  // namespace

Crawler::Crawler(CrawlOptions options, CrawlScope scope)
    : options_(std::move(options)),
      scope_(std::move(scope)),
      scope_digest_(ScopeDigest(options_)),
      visitor_(options_, scope_,
               [this](const Url& url) {
                 const Result<bool> known = frontier_->Knows(url.host(), url.href());
                 return known.ok() && *known;
               },
               [this](const std::string& url) { return ListedDateOf(url); }),
      robots_(ProductToken(options_.agent), {.first = options_.politeness.first_block, .longest = options_.politeness.max_block}),
      clock_(options_.clock()) {}

Result<std::unique_ptr<Crawler>> Crawler::Open(const std::string& folder, CrawlOptions options, PageSink* sink, DiskFrontierOptions frontier) {
  ASSIGN_OR_RETURN(CrawlScope scope, CrawlScope::Make(options.scope));
  for (const Url& seed : options.scope.seeds) AddTwin(seed, scope);
  std::vector<std::string> warnings;
  options.connections = ConnectionsWithin(options.connections, warnings);
  std::unique_ptr<Crawler> crawler(new Crawler(std::move(options), std::move(scope)));
  crawler->warnings_ = std::move(warnings);
  const CrawlOptions& asked = crawler->options_;
  FileSystem& fs = PosixFileSystem();
  RETURN_IF_ERROR(CreateDurableFolder(fs, folder));
  frontier.max_in_flight = asked.connections_per_host;
  frontier.default_delay = HostDelay(asked.politeness, std::nullopt).delay;
  ASSIGN_OR_RETURN(crawler->frontier_, DiskFrontier::Open(JoinPath(folder, kFrontierFolder), frontier));
  ASSIGN_OR_RETURN(crawler->keeper_, PageKeeper::Open(fs, folder, *crawler->frontier_, sink, asked.duplicates, crawler->warnings_));
  ASSIGN_OR_RETURN(crawler->conducts_, HostConducts::Open(*crawler->frontier_, asked.politeness));
  ASSIGN_OR_RETURN(crawler->has_listed_dates_, PageNotes::HasListedDates(*crawler->frontier_));
  RETURN_IF_ERROR(crawler->frontier_->Sync());  // of a new index it is known that it is new
  ASSIGN_OR_RETURN(crawler->log_, FetchLog::Open(fs, JoinPath(folder, kFetchLogFile)));
  FetcherOptions fetcher;
  fetcher.allow_private = asked.allow_private;
  fetcher.kept_connections = asked.connections;
  fetcher.ca_file = asked.ca_file;
  ASSIGN_OR_RETURN(crawler->fetcher_, Fetcher::Create(std::move(fetcher)));
  return crawler;
}

Status Crawler::CheckFree(const std::string& folder) { return DiskFrontier::CheckFree(JoinPath(folder, kFrontierFolder)); }

Status Crawler::AddSeeds(Time now) {
  std::vector<FrontierUrl> seeds;
  for (const Url& seed : options_.scope.seeds) {
    std::optional<FrontierUrl> url = visitor_.Accept(seed, nullptr, 0);
    if (!url.has_value()) {
      RefuseSeed(seed);
      continue;
    }
    url->priority = kHighPriority;
    FollowSeed(*url);
    seeds.push_back(*std::move(url));
  }
  RETURN_IF_ERROR(frontier_->PutDiscovered(seeds, now).status());
  // What failed a few times only is asked for at once: that this run was begun is a reason to.
  const RevisitOptions& revisit = options_.revisit;
  RETURN_IF_ERROR(frontier_->MakeRetriesDue(now + 4 * revisit.failure_wait).status());
  if (options_.revisit_all) RETURN_IF_ERROR(BeginRecrawl(now));
  return frontier_->Sync();
}

void Crawler::RefuseSeed(const Url& seed) {
  const UrlRefusal refusal = scope_.Check(NormalizeUrl(seed));
  if (refusal == UrlRefusal::kNone) return;  // it looks like a trap, and is told among them
  LeasedUrl refused;
  refused.url = seed.href();
  refused.queue = std::string(seed.host());
  PageVisit visit;
  visit.outcome = Outcome::kOutOfScope;
  visit.why = refusal == UrlRefusal::kDenied ? "a seed that --deny leaves out" : "a seed: " + std::string(UrlRefusalText(refusal));
  const FetchRecord record = RecordOf(refused, {}, visit, options_.clock());
  log_->Add(record);
  Count(record, {});
}

// Where a seed led to when it was last asked for.
void Crawler::FollowSeed(const FrontierUrl& seed) {
  std::string queue = seed.queue;
  std::string href = seed.url;
  for (size_t hops = 0; hops <= kPageRedirects && seeds_.insert(href).second; ++hops) {
    const Result<UrlStatus> status = frontier_->StatusOf(queue, href);
    const Result<PageRecord> record = status.ok() ? DecodePageRecord(status->metadata) : Result<PageRecord>(status.status());
    const Result<Url> next = record.ok() ? Url::Parse(record->leads_to) : Result<Url>(record.status());
    if (!next.ok()) return;
    AddTwin(*next, scope_);
    queue = std::string(next->host());
    href = next->href();
  }
}

// The host that a seed redirects to is meant as well.
void Crawler::WidenScope(const LeasedUrl& leased, const FetchResult& result) {
  if (result.error != FetchError::kNone || !IsRedirect(result.status) || !seeds_.contains(leased.url)) return;
  const Result<Url> here = Url::Parse(leased.url);
  const Result<Url> target = here.ok() ? Url::Parse(result.headers.Find("location"), &*here) : here;
  if (!target.ok() || !target->is_http() || seeds_.size() > options_.scope.seeds.size() * (kPageRedirects + 1)) return;
  seeds_.insert(NormalizeUrl(*target).href());
  AddTwin(*target, scope_);
}

// All known pages begin to wait, unless those wait that an earlier run has not come to.
Status Crawler::BeginRecrawl(Time now) {
  ASSIGN_OR_RETURN(const std::optional<Time> began, PageNotes::RecrawlBegan(*frontier_));
  if (began.has_value()) return OkStatus();
  RETURN_IF_ERROR(frontier_->MakeAllDue(now).status());
  return PageNotes::PutRecrawl(*frontier_, now);
}

Status Crawler::Run(const std::atomic<bool>& stop, const Show& show) {
  RETURN_IF_ERROR(AddSeeds(clock_.Now()));
  std::vector<FetchResult> results;
  bool finished = false;
  while (!stop) {
    const Time now = clock_.Now();
    RETURN_IF_ERROR(TakeSomeListed(options_.clock()));
    RETURN_IF_ERROR(StartSome(now));
    ASSIGN_OR_RETURN(finished, IsFinished(now));
    if (finished) break;
    ASSIGN_OR_RETURN(const milliseconds patience, Patience(now));
    results.clear();
    fetcher_->Wait(patience, results);
    const Time then = clock_.Now();
    for (const FetchResult& result : results) RETURN_IF_ERROR(Take(result, then));
    const bool is_much = finished_.size() >= kMostUnsafe || frontier_->gathered_notes() >= kMostUnsafe;
    if (!is_much && Clock::now() < next_checkpoint_) continue;
    RETURN_IF_ERROR(Checkpoint(then));
    show(counts());
  }
  RETURN_IF_ERROR(End(finished));
  show(counts());
  return OkStatus();
}

Status Crawler::End(bool is_finished) {
  const Time now = clock_.Now();
  RETURN_IF_ERROR(Checkpoint(now));
  const bool is_limited = started_ >= options_.max_pages && frontier_->Stats().waiting > 0;
  if (is_finished && !is_limited) {
    RETURN_IF_ERROR(PageNotes::PutRecrawl(*frontier_, std::nullopt));
    RETURN_IF_ERROR(frontier_->Sync());
  }
  for (const QueueStats& queue : frontier_->ListResting(now, CrawlCounts::kMostResting)) {
    counts_.resting.push_back(RestingOf(queue));
  }
  return OkStatus();
}

// ---------------------------------------------------------------- asking

// Whether a page may be begun, beside its time.
bool Crawler::MayStart() const {
  return fetcher_->active() < options_.connections && started_ < options_.max_pages && fetcher_->HasRoom() && hops_.origins() < kMostHops &&
         listed_.size() < kMostListed;
}

Status Crawler::StartSome(Time now) {
  if (started_ < options_.max_pages) RETURN_IF_ERROR(StartHops(now));
  if (!MayStart()) return OkStatus();
  GetOptions wanted;
  wanted.max_queues = std::min<uint64_t>(options_.connections - fetcher_->active(), options_.max_pages - started_);
  wanted.max_urls_per_queue = options_.connections_per_host;
  wanted.revisit = options_.revisit_due;
  wanted.lease = kLease;
  ASSIGN_OR_RETURN(std::vector<LeasedUrl> urls, frontier_->GetUrls(wanted, now));
  for (LeasedUrl& leased : urls) RETURN_IF_ERROR(Start(std::move(leased), now));
  return OkStatus();
}

Status Crawler::Start(LeasedUrl leased, Time now) {
  const Result<Url> url = Url::Parse(leased.url);
  if (!url.ok()) return Refuse(leased, Outcome::kFailed, std::string(url.status().message()));
  if (const UrlRefusal refusal = RefusalOf(leased, *url); refusal != UrlRefusal::kNone) {
    return Refuse(leased, Outcome::kOutOfScope, std::string(UrlRefusalText(refusal)));
  }
  ASSIGN_OR_RETURN(const bool is_spent, conducts_->IsBudgetSpent(leased.queue));
  if (is_spent) return Refuse(leased, Outcome::kOverBudget, "its host has been asked for as much as is allowed");
  switch (robots_.Ask(*url, now)) {
    case RobotsGate::Answer::kAllowed: return StartPage(std::move(leased));
    case RobotsGate::Answer::kBlocked: return Refuse(leased, Outcome::kBlockedByRobots, "robots.txt");
    case RobotsGate::Answer::kPrivate:
      ++counts_.private_refused;
      return Refuse(leased, Outcome::kPrivate, "its address is not public");
    case RobotsGate::Answer::kLater: return PutOff(leased, url->Origin(), now);
    case RobotsGate::Answer::kUnknown: break;
  }
  const std::string origin = url->Origin();
  std::vector<LeasedUrl>& parked = parked_[origin].urls;
  parked.push_back(std::move(leased));
  if (parked.size() == 1) StartRobots(origin, robots_.Begin(*url));
  return OkStatus();
}

// Whether a URL that waits belongs to this crawl: it may have come to wait when --allow, --deny, --max-depth or the seeds
// were others. Sitemaps are on any host; what is not known yet to be one is only asked for when robots.txt named it.
UrlRefusal Crawler::RefusalOf(const LeasedUrl& leased, const Url& url) const {
  const UrlRefusal refusal = scope_.Check(url);
  if (refusal == UrlRefusal::kNone) return leased.depth > options_.max_depth ? UrlRefusal::kTooDeep : refusal;
  if (refusal != UrlRefusal::kHost) return refusal;
  const std::optional<PageRecord> before = Before(leased);
  const bool may_be_sitemap = leased.priority == kHighPriority && (!before.has_value() || before->fetched == Time{});
  return may_be_sitemap || (before.has_value() && before->listing) ? UrlRefusal::kNone : refusal;
}

Status Crawler::StartPage(LeasedUrl leased) {
  if (started_ == options_.max_pages) return Release(leased, clock_.Now());
  ASSIGN_OR_RETURN(std::optional<PageRecord> before, keeper_->CheckedBefore(leased));
  ++started_;
  RETURN_IF_ERROR(conducts_->CountPage(leased.queue));
  FetchRequest request = RequestOf(leased, before);
  const uint64_t tag = Ask(request);
  pages_.emplace(tag, Asked{std::move(leased), std::move(before), std::move(request)});
  return OkStatus();
}

// The tag of the result.
uint64_t Crawler::Ask(FetchRequest request) {
  request.tag = ++last_tag_;
  fetcher_->Start(std::move(request));
  return last_tag_;
}

// Pages whose links were too deep come again whole when they are so no longer; others do not.
uint64_t Crawler::ScopeOf(const LeasedUrl& leased) const { return scope_digest_ + (leased.depth < options_.max_depth ? 0 : 1); }

FetchRequest Crawler::RequestOf(const LeasedUrl& leased, const std::optional<PageRecord>& before) const {
  FetchRequest request;
  request.url = leased.url;
  request.user_agent = options_.agent;
  request.limits = options_.limits;
  if (IsNamedAsSitemap(leased.url)) {
    request.limits.body_bytes = std::max(request.limits.body_bytes, kMaxSitemapBytes);
    request.limits.keep_beginning = true;
  }
  // The page must come again where its links belong to another crawl than before, and where the archive has nothing to refer to.
  const bool is_kept = before.has_value() && (before->stored || before->listing) && before->scope == ScopeOf(leased);
  if (is_kept && (warc_ == nullptr || before->archived.time_micros != 0)) {
    request.etag = before->etag;
    request.last_modified = before->last_modified;
  }
  return request;
}

// It is not asked for, and is done with, but for what the budget of its host leaves to the next run.
Status Crawler::Refuse(const LeasedUrl& leased, Outcome outcome, std::string why) {
  FetchResult none;
  PageVisit visit;
  visit.outcome = outcome;
  visit.why = std::move(why);
  const FetchRecord record = RecordOf(leased, none, visit, options_.clock());
  log_->Add(record);
  Count(record, none);
  // What was stored of it before stays: robots.txt says who may ask, not what is there.
  const bool is_left = outcome == Outcome::kOverBudget;
  const Time again = is_left ? kNextRun : options_.clock() + options_.revisit.max_interval;
  finished_.push_back({.url = leased.url, .queue = leased.queue, .refetch_at = again, .metadata = leased.metadata, .is_retry = is_left});
  return UnlessEnded(frontier_->GiveTurnBack(leased.queue, leased.url));
}

// It could not be asked for, and is again at its time.
Status Crawler::Fail(const LeasedUrl& leased, std::string why, Time now) {
  FetchResult none;
  PageVisit visit;
  visit.outcome = Outcome::kRobotsFailed;
  visit.why = std::move(why);
  const FetchRecord record = RecordOf(leased, none, visit, options_.clock());
  log_->Add(record);
  Count(record, none);
  const NextVisit next = AfterSighting(options_.revisit, Before(leased), {.now = options_.clock()});
  finished_.push_back({.url = leased.url, .queue = leased.queue, .refetch_at = next.at, .metadata = EncodePageRecord(next.record), .is_retry = true});
  return UnlessEnded(frontier_->EndVisit(leased.queue, leased.url, Duration(0), now));
}

Status Crawler::Release(const LeasedUrl& leased, Time now) { return UnlessEnded(frontier_->Release(leased.queue, leased.url, now)); }

RestingHost Crawler::RestingOf(const QueueStats& queue) const {
  const auto trouble = troubles_.find(queue.name);
  return {queue.name, queue.waiting, queue.blocked_until, trouble == troubles_.end() ? std::string() : trouble->second};
}

// What a host asks for counts for the next run, too; what is only our guess does not.
Status Crawler::Rest(const std::string& queue, bool is_asked_for, std::string why, Time until) {
  if (is_asked_for) why += ", with Retry-After";
  if (troubles_.size() < kMostTroubles || troubles_.contains(queue)) troubles_[queue] = std::move(why);
  std::erase(rested_, queue);
  rested_.push_front(queue);
  if (rested_.size() > kMostRested) rested_.pop_back();
  return is_asked_for ? frontier_->BlockQueueUntil(queue, until) : frontier_->PauseQueueUntil(queue, until);
}

Result<bool> Crawler::IsFinished(Time now) {
  if (fetcher_->active() > 0 || keeper_->HasDue() || !listed_.empty() || !listed_dates_.empty()) return false;
  if (started_ >= options_.max_pages) return true;
  if (hops_.waiting() > 0) return false;
  if (frontier_->Stats().waiting == 0) return true;
  ASSIGN_OR_RETURN(const std::optional<Time> next, frontier_->NextReadyTime(now, options_.revisit_due));
  if (!next.has_value()) return true;
  return *next > now + options_.patience && frontier_->IsResting(now + options_.patience);
}

// How long nothing can happen but that an answer comes.
Result<milliseconds> Crawler::Patience(Time now) {
  if (!listed_.empty()) return milliseconds(0);
  if (fetcher_->active() >= options_.connections || started_ >= options_.max_pages) return kLongestWait;
  std::optional<Time> next;
  if (MayStart()) {
    ASSIGN_OR_RETURN(next, frontier_->NextReadyTime(now, options_.revisit_due));
  }
  if (const std::optional<Time> hop = hops_.NextTime()) next = std::min(next.value_or(*hop), *hop);
  if (!next.has_value()) return kLongestWait;
  return std::clamp<milliseconds>(*next - now, milliseconds(0), kLongestWait);
}

// ---------------------------------------------------------------- safety

Status Crawler::Checkpoint(Time now) {
  const Clock::time_point begin = Clock::now();
  RETURN_IF_ERROR(MakeDurable(now));
  const Clock::time_point end = Clock::now();
  next_checkpoint_ = end + std::clamp((end - begin) * kIntervalOfCheckpoint, kShortestInterval, kLongestInterval);
  return OkStatus();
}

// In the order that lets nothing be lost: what is to be asked for again is so before the frontier has the notes that say
// why, and the page that brought them. A kill between asks for it once too often.
Status Crawler::MakeDurable(Time now) {
  RETURN_IF_ERROR(keeper_->Sync());
  if (warc_ != nullptr) RETURN_IF_ERROR(warc_->Sync());
  LogTraps(options_.clock());
  RETURN_IF_ERROR(log_->Sync());
  Unsafe unsafe;
  if (!listed_dates_.empty() || keeper_->HasDue()) {
    for (KnownUrl& known : finished_) unsafe[known.url] = &known;
  }
  RETURN_IF_ERROR(FillDates(unsafe, now));
  RETURN_IF_ERROR(MakeDue(unsafe, now));
  RETURN_IF_ERROR(frontier_->PutKnown(finished_, now));
  finished_.clear();
  return frontier_->Sync();
}

// What waits for its turn is asked for without this.
Status Crawler::AskAgain(std::string_view queue, const std::string& url, const std::optional<std::string>& metadata, const Unsafe& unsafe, Time now) {
  if (const auto known = unsafe.find(url); known != unsafe.end()) {
    known->second->refetch_at = now;
    known->second->is_retry = true;
    if (metadata.has_value()) known->second->metadata = *metadata;
    return OkStatus();
  }
  const Status status = frontier_->SetRefetchTime(queue, url, now, true, metadata);
  return status.code() == StatusCode::kNotFound ? OkStatus() : status;
}

// Pages that gave way to others that are no more.
Status Crawler::MakeDue(const Unsafe& unsafe, Time now) {
  const uint64_t gave_way = keeper_->TakeGaveWay();
  counts_.stored -= gave_way;
  counts_.duplicates += gave_way;
  for (const std::string& text : keeper_->TakeDue()) {
    const Result<Url> url = Url::Parse(text);
    if (url.ok()) RETURN_IF_ERROR(AskAgain(url->host(), text, {}, unsafe, now));
  }
  return OkStatus();
}

CrawlCounts Crawler::counts() {
  const FrontierStats stats = frontier_->Stats();
  CrawlCounts counts = counts_;
  counts.pending = stats.waiting - std::min<uint64_t>(stats.waiting, finished_.size());
  counts.retries = stats.retries - std::min(stats.retries, counts_.over_budget);
  counts.in_flight = fetcher_->active();
  counts.hosts = stats.queues;
  counts.hosts_waiting = stats.queues_waiting;
  counts.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  if (!counts.resting.empty()) return counts;
  const Time now = clock_.Now();
  for (const std::string& queue : rested_) {
    const Result<QueueStats> stats_of = frontier_->StatsOf(queue);
    if (stats_of.ok() && stats_of->waiting > 0 && stats_of->blocked_until > now) counts.resting.push_back(RestingOf(*stats_of));
  }
  return counts;
}

}  // namespace sakuin::crawler
