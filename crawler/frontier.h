// frontier.h: start here. Which URLs are known, which of them are fetched next, and when.
//
//   frontier.PutDiscovered({{.url = "https://a.example/", .queue = "a.example"}}, now);
//   while (running) {
//     ASSIGN_OR_RETURN(std::vector<LeasedUrl> urls, frontier.GetUrls({.max_queues = 100}, now));
//     ... fetch them; for each:
//     frontier.PutDiscovered(links, now);
//     frontier.PutKnown({.url = url, .queue = queue, .refetch_at = next.at, .metadata = bytes, .rest = pause.rest}, now);
//     frontier.Sync();                             // several times a second: what was put until here stays
//     SleepUntil(frontier.NextReadyTime(now));     // nothing comes before then
//   }
//
// A queue holds the URLs of one host, and the host is asked politely: at most so many requests at once
// (one), and a delay from each hand-out or completion to the next hand-out. Queues whose names resolve to
// one address share this (SetAddress). A URL that is handed out is leased: it is handed out again when
// the lease ends without PutKnown or Release. Within a queue a higher priority goes first, then what was
// discovered first. A URL is known once: discovering it again does nothing.
//
// The operations are those of the gRPC API of crawler-commons' url-frontier:
//
//   GetURLs          GetUrls           BlockQueueUntil  BlockQueueUntil    GetURLStatus  StatusOf
//   PutURLs known    PutKnown          SetDelay         SetDelay           GetStats      Stats, StatsOf
//   PutURLs discovered, PutDiscovered  SetCrawlLimit    SetCrawlLimit      ListQueues    ListQueues
//                    PutDiscovered     SetActive        SetActive          DeleteQueue   PurgeQueue
//
// EndVisit, GiveTurnBack, TakeTurn, ReturnTurn, SetAside, BlockAddressUntil, MakeAllDue, MakeRetriesDue, PauseQueueUntil, IsResting and
// ListResting are ours.
//
// Time is given, never asked for; it should not run backwards, and nothing breaks where it does. Thread-safe.
// Does not normalise URLs, read robots.txt or decide delays: url, robots and politeness do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "crawler/crawl_time.h"

namespace sakuin::crawler {

inline constexpr size_t kMaxUrlBytes = 8192;
inline constexpr size_t kMaxQueueNameBytes = 512;
inline constexpr size_t kMaxMetadataBytes = 16384;
inline constexpr uint8_t kDefaultPriority = 128;
inline constexpr uint8_t kHighPriority = 192;  // seeds and sitemaps: what leads to many; pages are below
inline constexpr uint64_t kNoCrawlLimit = UINT64_MAX;
// The time of a retry that is fetched when the next run begins (MakeRetriesDue), however long this one lasts.
inline constexpr Time kNextRun{Duration(INT64_MAX / 4)};

struct FrontierUrl {
  std::string url{};
  std::string queue{};                   // the host; the same for a URL every time
  uint8_t priority = kDefaultPriority;   // higher is sooner
  uint32_t depth = 0;                    // links from a seed
  std::string discovered_from{};         // the page that links to it, or the URL that redirects to it; may be empty
  uint32_t redirects = 0;                // that led to it one after another, when it was discovered
};

struct LeasedUrl : FrontierUrl {
  bool known = false;       // fetched before, to be fetched again
  std::string metadata{};   // of its last PutKnown
  Time leased_until{};
};

// What a visit said.
struct KnownUrl {
  std::string url{};
  std::string queue{};
  std::optional<Time> refetch_at{};  // never again, when there is none
  std::string metadata{};            // what the crawler wants kept; opaque
  std::optional<Duration> rest{};    // of the queue from now on, in place of its delay
  bool is_retry = false;             // it did not come: it is fetched again at its time whether or not GetOptions::revisit
};

struct GetOptions {
  size_t max_queues = 1;
  size_t max_urls_per_queue = 1;  // more than one only where a queue has no delay
  Duration lease = std::chrono::minutes(10);
  bool revisit = true;  // also known URLs whose time has come; retries in any case
};

struct PutCounts {
  uint64_t added = 0;
  uint64_t known = 0;    // and so ignored
  uint64_t refused = 0;  // empty or too long
};

enum class UrlPhase : uint8_t {
  kWaiting = 1,    // for its turn
  kScheduled = 2,  // fetched, and to be fetched again at a time
  kDone = 3,       // fetched, never again
};

struct UrlStatus {
  UrlPhase phase = UrlPhase::kWaiting;
  bool known = false;      // fetched before
  bool in_flight = false;  // handed out
  uint8_t priority = 0;
  uint32_t depth = 0;
  std::string discovered_from{};
  std::string metadata{};
  Time refetch_at{};  // of a scheduled one
  bool is_retry = false;
};

struct QueueStats {
  std::string name{};
  std::string address{};  // empty: not known
  bool active = true;
  uint64_t waiting = 0;    // with those in flight
  uint64_t in_flight = 0;
  uint64_t scheduled = 0;  // to be fetched again at their time
  uint64_t done = 0;       // never to be fetched again
  uint64_t completed = 0;  // visits
  uint64_t limit = kNoCrawlLimit;
  Duration delay{0};
  Time blocked_until{};    // blocked or paused
};

struct FrontierStats {
  uint64_t queues = 0;
  uint64_t queues_waiting = 0;  // that have URLs to hand out, now or later
  uint64_t waiting = 0;         // with those in flight
  uint64_t in_flight = 0;
  uint64_t scheduled = 0;       // with retries
  uint64_t retries = 0;
  uint64_t done = 0;
  uint64_t completed = 0;
  uint64_t leases_expired = 0;  // since the frontier was opened
};

class Frontier {
 public:
  virtual ~Frontier() = default;

  // URLs that are not known begin to wait. Durable after Sync.
  virtual Result<PutCounts> PutDiscovered(const std::vector<FrontierUrl>& urls, Time now) = 0;
  // Ends the lease, if there is one; the URL need not be known before. Durable after Sync.
  // INVALID_ARGUMENT for what is empty or too long.
  virtual Status PutKnown(const KnownUrl& known, Time now) = 0;
  // The visit is over, and its host may be asked again after `rest`, or its delay; the URL stays leased until PutKnown
  // or the end of the lease. For a crawler whose own books are to be safe first. NOT_FOUND when it is not leased.
  virtual Status EndVisit(std::string_view queue, std::string_view url, std::optional<Duration> rest, Time now) = 0;
  // The host was not asked for it: its queue may be asked as if the URL had never been handed out, unless it was given
  // something else to wait for since; the URL stays leased as after EndVisit. NOT_FOUND when it is not leased.
  virtual Status GiveTurnBack(std::string_view queue, std::string_view url) = 0;
  // Everything put so far is durable when OK. Calls from several threads share the cost.
  virtual Status Sync() = 0;

  // URLs of queues that may be asked now, leased. The queues that have waited longest go first.
  virtual Result<std::vector<LeasedUrl>> GetUrls(const GetOptions& options, Time now) = 0;
  // It was not fetched after all: it goes back to its place, and the queue may be asked after its delay.
  // NOT_FOUND when it is not leased.
  virtual Status Release(std::string_view queue, std::string_view url, Time now) = 0;
  // A turn for something else than a URL of the queue: `now` when it may be asked, then it is in flight until ReturnTurn;
  // else the soonest time to try again. Makes the queue when it is not there.
  virtual Result<Time> TakeTurn(std::string_view queue, Time now) = 0;
  // Its host may be asked again after `rest`, or its delay. REQUIRES: a turn of it was taken.
  virtual Status ReturnTurn(std::string_view queue, std::optional<Duration> rest, Time now) = 0;
  // Something leased of the queue waits for another host's answer, or no longer: turns may be taken beside it, and no URLs. REQUIRES: the
  // queue is there, and `false` comes as often as `true`.
  virtual Status SetAside(std::string_view queue, bool aside) = 0;
  // The soonest time when GetUrls may give something, `now` or later; nothing while that takes a Put or a Set first.
  virtual Result<std::optional<Time>> NextReadyTime(Time now, bool revisit = true) = 0;

  // A known URL that waits for its time, or was done, is fetched at another time. Nothing changes for one that
  // waits for its turn. `metadata`, when there is one, takes the place of what was kept. NOT_FOUND when it is not known.
  virtual Status SetRefetchTime(std::string_view queue, std::string_view url, Time at, bool is_retry = false,
                                const std::optional<std::string>& metadata = {}) = 0;

  // All known URLs that wait for their time are to be fetched now, those whose time is nearest first; how many.
  virtual Result<uint64_t> MakeAllDue(Time now) = 0;
  // Retries whose time comes before `until`, and those for kNextRun, are to be fetched now; how many.
  virtual Result<uint64_t> MakeRetriesDue(Time until) = 0;

  // These make the queue when it is not there.
  // A block that lasts longer stays.
  virtual Status BlockQueueUntil(std::string_view queue, Time until) = 0;
  // A block, but forgotten when the frontier is closed; never shortens a pause.
  virtual Status PauseQueueUntil(std::string_view queue, Time until) = 0;
  // All queues of its address are left alone, those that are added later too. Not durable.
  virtual Status BlockAddressUntil(std::string_view queue, Time until) = 0;
  virtual Status SetDelay(std::string_view queue, Duration delay) = 0;
  virtual Status SetCrawlLimit(std::string_view queue, uint64_t completed) = 0;  // so many visits in all; kNoCrawlLimit
  virtual Status SetActive(std::string_view queue, bool active) = 0;
  // Queues of one address are asked as if they were one; an empty address is the queue's own.
  virtual Status SetAddress(std::string_view queue, std::string_view address) = 0;
  // All queues pause, or go on. Not durable.
  virtual void SetActive(bool active) = 0;

  // Whether all queues that have URLs to hand out are blocked or paused until `until` at least. Looks at every queue.
  virtual bool IsResting(Time until) = 0;
  // Queues with URLs to hand out that are blocked or paused at `now`, at most `most`.
  virtual std::vector<QueueStats> ListResting(Time now, size_t most) = 0;

  virtual FrontierStats Stats() = 0;  // whatever there is, at once
  virtual Result<QueueStats> StatsOf(std::string_view queue) = 0;                     // NOT_FOUND
  virtual std::vector<std::string> ListQueues(size_t first, size_t count) = 0;        // in the order they were made
  virtual Result<UrlStatus> StatusOf(std::string_view queue, std::string_view url) = 0;  // NOT_FOUND
  // Forgets all URLs of a queue, and their leases; how many. Its settings and its count of visits stay.
  virtual Result<uint64_t> PurgeQueue(std::string_view queue) = 0;
};

}  // namespace sakuin::crawler
