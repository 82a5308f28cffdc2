// politeness.h: how long a host is left alone, after what it answered.
//
//   HostConduct conduct;                                            // one for each host
//   frontier.SetDelay(host, HostDelay(options, crawl_delay).delay);  // once, when its robots.txt is known
//   Pause pause = AfterVisit(options, {.http_status = 503, .took = 800ms, .retry_after = 120s}, conduct);
//   known.rest = pause.rest;                                        // until its next page
//   if (pause.blocked > Duration(0)) frontier.BlockQueueUntil(host, now + pause.blocked);
//   if (pause.shared > Duration(0)) frontier.BlockAddressUntil(host, now + pause.shared);
//
// Three things slow a crawl down, and the slowest counts: the rate or the Crawl-delay, from one request
// to the next; a rest as long as the answer took, from its end to the next request; and blocks. A host
// that refuses (429, 503) is blocked for the time it asks for, or for twice as long as the last time, and every answer that
// comes takes one doubling back; so are the other names of its address, but not for long. A host that fails (no answer, other
// 5xx) several times in a row is blocked likewise.
//
// Pure arithmetic on the time given: thread-safe. Keeps nothing and waits for nothing.
#pragma once

#include <cstdint>
#include <optional>

#include "crawler/crawl_time.h"

namespace sakuin::crawler {

struct PolitenessOptions {
  double pages_per_second = 1;                           // of a host; 0: no limit
  double rest_factor = 1;                                // rests this many times as long as the answer took; 0: not at all
  Duration max_rest = std::chrono::minutes(1);           // however slow it was
  Duration max_crawl_delay = std::chrono::seconds(30);   // of robots.txt; a longer one is cut, and said to be
  Duration max_retry_after = std::chrono::hours(24);
  Duration first_block = std::chrono::seconds(10);       // for a first refusal without Retry-After, and a first row of failures
  Duration max_block = std::chrono::hours(1);
  Duration max_shared_block = std::chrono::minutes(1);   // of the other names of its address, which may be thousands
  uint32_t failures_in_a_row = 4;                        // so many block
  uint64_t max_pages = 0;                                // of a host, in a run; 0: no limit
  uint64_t max_bytes = 0;                                // likewise; the page that passes it is the last
};

// What is remembered of a host. Small, and worth nothing after a restart.
struct HostConduct {
  uint32_t refusals = 0;  // each doubles the next block; answers take them back
  uint32_t failures = 0;  // in a row
  uint64_t pages = 0;     // asked for: who asks counts them
  uint64_t bytes = 0;
};

struct Visit {
  int http_status = 0;  // 0: no answer came
  Duration took{0};
  std::optional<Duration> retry_after = std::nullopt;
  uint64_t bytes = 0;
};

struct Pause {
  Duration rest{0};     // from the end of this visit to the next
  Duration blocked{0};  // 0: not blocked
  Duration shared{0};   // likewise, of all names of its address
};

struct Delay {
  Duration delay{0};
  bool partial = false;  // robots.txt asks for more: what is not fetched in time stays unfetched out of politeness
};

enum class Conduct { kAnswered, kRefused, kFailed };

// 429 and 503 are refusals, no answer and other 5xx failures; everything else is an answer.
Conduct ConductOf(int http_status);

// The time from one request of a host to the next.
Delay HostDelay(const PolitenessOptions& options, std::optional<Duration> crawl_delay);

// Takes a visit into `conduct`.
Pause AfterVisit(const PolitenessOptions& options, const Visit& visit, HostConduct& conduct);

// Whether nothing more is to be asked of the host.
bool IsBudgetSpent(const PolitenessOptions& options, const HostConduct& conduct);

}  // namespace sakuin::crawler
