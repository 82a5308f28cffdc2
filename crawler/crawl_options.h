// crawl_options.h: what a crawl is asked to do, and what it has done so far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "crawler/crawl_scope.h"
#include "crawler/crawl_time.h"
#include "crawler/fetch_request.h"
#include "crawler/politeness.h"
#include "crawler/revisit.h"

namespace sakuin::crawler {

// Which pages give way to one with the same text and name (page_fingerprint.h).
enum class Duplicates : uint8_t {
  kNear,   // long ones that are nearly the same, too
  kExact,  // those with the same words
  kKeep,   // none
};

struct CrawlOptions {
  CrawlScopeOptions scope;         // with the seeds; their hosts count with and without "www."
  std::string agent = "sakuin";    // as servers see it; up to the first '/' or blank it is what robots.txt calls us
  uint64_t max_pages = UINT64_MAX; // that this run asks for
  uint32_t max_depth = UINT32_MAX; // links from a seed
  bool revisit_all = false;        // known pages are asked for again, if the server has newer ones
  bool revisit_due = false;        // those whose time has come (revisit.h) are
  bool allow_private = false;      // addresses that are not public
  size_t connections = 256;        // open requests at once; fewer where the system lets no more files be open
  uint32_t connections_per_host = 1;
  PolitenessOptions politeness;
  RevisitOptions revisit;
  Duplicates duplicates = Duplicates::kNear;
  FetchLimits limits;
  std::string ca_file;             // certificates (PEM) to be trusted instead of those of the system
  Duration patience = std::chrono::seconds(60);  // a run does not wait longer for hosts that refuse or fail
  Time (*clock)() = &CurrentTime;                // the date; it may jump
};

// A host whose URLs wait until it may be asked again.
struct RestingHost {
  std::string host;
  uint64_t urls = 0;
  Time until{};
  std::string why;  // "robots.txt: HTTP 503"; empty: it asked for that in an earlier run
};

// "2026-01-31T12:00:00Z": as dates are shown.
std::string DateOf(Time time);

// Of this run, but for `pending`, `retries` and `resting`.
struct CrawlCounts {
  uint64_t fetched = 0;       // answers of any status, also when they are asked for again; without those of robots.txt
  uint64_t stored = 0;
  uint64_t not_modified = 0;
  uint64_t duplicates = 0;
  uint64_t listings = 0;      // sitemaps and feeds
  uint64_t redirects = 0;
  uint64_t noindex = 0;       // wanted in no index by their authors
  uint64_t blocked_by_robots = 0;
  uint64_t over_budget = 0;   // not asked for: politeness.max_pages or max_bytes of their host
  uint64_t postponed = 0;     // answers of hosts that asked to come later, and were asked again or will be
  uint64_t errors = 0;
  uint64_t answered_errors = 0;  // those of them that are among `fetched`
  uint64_t bytes = 0;         // over the wire, as far as they were read
  uint64_t pending = 0;       // URLs that wait
  uint64_t in_flight = 0;
  uint64_t hosts = 0;         // known
  uint64_t hosts_waiting = 0; // with URLs that wait
  uint64_t crawl_delays_cut = 0;  // robots.txt files with a Crawl-delay above politeness.max_crawl_delay
  uint64_t private_refused = 0;  // URLs of addresses that are not public
  double seconds = 0;
  std::map<std::string, uint64_t> errors_by_kind;
  std::map<std::string, uint64_t> out_of_scope;  // URLs that were not asked for, by why: seeds, and known ones of a crawl that reached further
  std::map<std::string, uint64_t> traps;  // URLs that were not taken, by why (url_refusal.h)
  uint64_t retries = 0;                   // URLs that failed and are asked for again at their time, or by the next run
  std::map<std::string, std::string> silent_seeds;  // hosts of seeds that were asked for no page, by why: there is no robots.txt to be had
  std::vector<RestingHost> resting;       // while the run lasts, the last few; when it is over, at most kMostResting
  static constexpr size_t kMostResting = 20;
};

}  // namespace sakuin::crawler
