// crawler.h: start here. A crawl: politely from page to page, into a sink.
//
//   ASSIGN_OR_RETURN(auto crawler, Crawler::Open("./state", options, &sink));
//   RETURN_IF_ERROR(crawler->Run(stop, [](const CrawlCounts& counts) { Show(counts); }));
//   crawler->counts().stored
//
// One thread drives it: the frontier says what may be asked for now, robots.txt
// whether it may be asked for at all, the fetcher brings it, a PageVisitor says
// what it means, and the sink, the log and the frontier keep it, in this order:
// what the frontier calls fetched is durable in the sink. So a process that is
// killed at any moment has lost nothing, and asks again for what was under way
// and for what was not yet safe: a quarter of a second's worth, or a second's where
// the disk is slow.
//
// What fails in a way that may pass is asked for again at its time, by this run while
// it lasts or by the next one, later each time. A run ends when nothing is left to ask
// for but of hosts that refuse or fail and shall be left alone for longer than its
// patience; their URLs wait for the next one. Delays and leases are of a steady clock.
//
// The folder of a crawl: frontier/ (which URLs, disk_frontier.h), texts (what is a
// duplicate, duplicate_detector.h), fetches.jsonl (fetch_log.h). A second process
// on it gets UNAVAILABLE.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/status.h"
#include "crawler/crawl_options.h"
#include "crawler/disk_frontier.h"
#include "crawler/fetch_log.h"
#include "crawler/fetcher.h"
#include "crawler/host_conducts.h"
#include "crawler/page_keeper.h"
#include "crawler/page_record.h"
#include "crawler/page_sink.h"
#include "crawler/page_visit.h"
#include "crawler/robots_gate.h"
#include "crawler/robots_hops.h"
#include "crawler/warc_writer.h"

namespace sakuin::crawler {

class Crawler {
 public:
  using Show = std::function<void(const CrawlCounts&)>;

  // Makes the folder when it is not there. `sink` may be null: pages are read and
  // not kept; else it must outlive the crawler. `frontier`: what `options` do not say, for tests.
  static Result<std::unique_ptr<Crawler>> Open(const std::string& folder, CrawlOptions options, PageSink* sink, DiskFrontierOptions frontier = {});

  // UNAVAILABLE while another crawl has the state in this folder open: Open would say the same, and a sink may have been made for
  // nothing. Makes nothing.
  static Status CheckFree(const std::string& folder);

  // Every answer goes to this archive, too, which nobody else writes to as long as the folder is ours. Before Run; it must
  // outlive the crawler.
  void WriteTo(WarcWriter* warc) { warc_ = warc; }

  // Until nothing is left to ask for now, max_pages have been, or `stop` is set. `show`
  // is called a few times a second.
  Status Run(const std::atomic<bool>& stop, const Show& show);

  CrawlCounts counts();

  // What was damaged in the folder and is done without, and what is not done as asked.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  using Clock = std::chrono::steady_clock;

  // A page that is asked for.
  struct Asked {
    LeasedUrl leased;
    std::optional<PageRecord> before;
    FetchRequest request;
  };

  static constexpr size_t kMostListed = 8;  // listings that are being taken in; with more of them no page is begun

  // What a page leads to, as far as the frontier is yet to be told; then the page is done with.
  struct Listed {
    std::vector<FrontierUrl> links;
    std::vector<ListedChange> changes;
    std::vector<ListedDate> dates;
    KnownUrl page;
    size_t links_taken = 0;
    size_t changes_taken = 0;
    size_t dates_taken = 0;
    bool IsTaken() const { return links_taken == links.size() && changes_taken == changes.size() && dates_taken == dates.size(); }
  };

  // What waits for a robots.txt.
  struct Parked {
    std::vector<LeasedUrl> urls;
    bool is_aside = false;  // it waits for another host than its own
  };

  Crawler(CrawlOptions options, CrawlScope scope);

  Status AddSeeds(Time now);
  void RefuseSeed(const Url& seed);
  UrlRefusal RefusalOf(const LeasedUrl& leased, const Url& url) const;
  void FollowSeed(const FrontierUrl& seed);
  void WidenScope(const LeasedUrl& leased, const FetchResult& result);
  Status BeginRecrawl(Time now);
  Status End(bool is_finished);
  // A lease that has ended meanwhile is no harm: the URL waits, or is somebody else's.
  static Status UnlessEnded(const Status& status) { return status.code() == StatusCode::kNotFound ? OkStatus() : status; }
  bool MayStart() const;
  Status StartSome(Time now);
  Status Start(LeasedUrl leased, Time now);
  Status StartPage(LeasedUrl leased);
  uint64_t ScopeOf(const LeasedUrl& leased) const;
  FetchRequest RequestOf(const LeasedUrl& leased, const std::optional<PageRecord>& before) const;
  FetchRequest RobotsRequest(std::string url) const;
  void StartRobots(const std::string& origin, std::string url);
  uint64_t Ask(FetchRequest request);
  Status Refuse(const LeasedUrl& leased, Outcome outcome, std::string why);
  Status PutOff(const LeasedUrl& leased, const std::string& origin, Time now);
  Status Fail(const LeasedUrl& leased, std::string why, Time now);
  Status Release(const LeasedUrl& leased, Time now);
  RestingHost RestingOf(const QueueStats& queue) const;
  Status Rest(const std::string& queue, bool is_asked_for, std::string why, Time until);
  bool IsSiblingKnown(const std::string& origin, Time now);
  Result<bool> IsFinished(Time now);
  Result<std::chrono::milliseconds> Patience(Time now);

  Status Take(const FetchResult& result, Time now);
  Status TakeRobots(const std::string& origin, const FetchResult& result, Time now);
  Status PutSitemaps(const std::string& origin, Time now);
  Status AddHop(const std::string& origin, const std::string& url, Time now);
  Status StartHops(Time now);
  Status TakeHop(const std::string& url, const FetchResult& result, Time now);
  Result<Duration> TakeConduct(const std::string& host, const FetchResult& result, uint64_t bytes, Time now);
  void NoteSilentSeed(const std::string& origin, const LeasedUrl& leased);
  void LogTrouble(const std::string& origin, const std::string& queue, const FetchResult& result);
  Status TakePage(const Asked& asked, const FetchResult& result, Time now);
  bool Postpone(const LeasedUrl& leased, const FetchResult& result);
  Status Keep(const Asked& asked, const FetchResult& result, PageVisit& visit, ArchivedAnswer archived, Time now);
  Status LimitRedirects(const LeasedUrl& leased, PageVisit& visit);
  Result<std::vector<std::string>> RedirectsTo(const LeasedUrl& leased);
  bool IsPageNow(const std::string& url, const std::string& metadata) const;
  bool IsSeed(const std::string& url) const;
  Status TakeSomeOf(Listed& listed, Time now);
  Status TakeChange(const ListedChange& change, Time now);
  Status TakeSomeListed(Time now);
  Status NoteDate(ListedDate date);
  // What is fetched and not yet told to the frontier, by URL.
  using Unsafe = std::unordered_map<std::string_view, KnownUrl*>;
  Status FillDates(const Unsafe& unsafe, Time now);
  Status AskAgain(std::string_view queue, const std::string& url, const std::optional<std::string>& metadata, const Unsafe& unsafe, Time now);
  std::optional<int64_t> ListedDateOf(const std::string& url);
  void Count(const FetchRecord& record, const FetchResult& result);
  void LogTraps(Time now);
  Status MakeDue(const Unsafe& unsafe, Time now);
  FetchRecord RecordOf(const LeasedUrl& leased, const FetchResult& result, const PageVisit& visit, Time now) const;
  Status Checkpoint(Time now);
  Status MakeDurable(Time now);

  const CrawlOptions options_;
  CrawlScope scope_;
  const uint64_t scope_digest_;  // of what decides which links belong to the crawl, but for their depth
  WarcWriter* warc_ = nullptr;
  std::unique_ptr<DiskFrontier> frontier_;
  std::unique_ptr<PageKeeper> keeper_;
  std::unique_ptr<HostConducts> conducts_;
  std::unique_ptr<FetchLog> log_;
  std::unique_ptr<Fetcher> fetcher_;
  PageVisitor visitor_;
  RobotsGate robots_;

  uint64_t last_tag_ = 0;
  uint64_t started_ = 0;                                          // pages
  std::unordered_map<uint64_t, Asked> pages_;                     // under way, by tag
  std::unordered_map<uint64_t, std::string> robots_fetches_;      // origins, by tag
  RobotsHops hops_;
  std::unordered_map<uint64_t, std::string> hop_fetches_;         // URLs, by tag
  std::unordered_map<std::string, Parked> parked_;                // by origin, until its robots.txt is known
  std::unordered_set<std::string> seeds_;                         // and what they redirect to
  std::unordered_map<std::string, std::string> troubles_;         // why hosts rest, by queue
  std::deque<std::string> rested_;                                // queues that were let rest last, the last one first
  std::unordered_map<std::string, uint32_t> postponed_;           // URLs whose host asked to come later, how often
  std::deque<Listed> listed_;                                     // of listings, taken in turn by turn
  std::vector<KnownUrl> finished_;                                // fetched, and to be told to the frontier when the sink is safe
  bool has_listed_dates_ = false;                                 // a feed has said when pages were published
  std::vector<ListedDate> listed_dates_;                          // noted since the last checkpoint
  CrawlCounts counts_;
  std::vector<std::string> warnings_;
  SteadyClock clock_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_checkpoint_ = start_ + std::chrono::milliseconds(250);
};

}  // namespace sakuin::crawler
