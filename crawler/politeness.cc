#include "crawler/politeness.h"

#include <algorithm>
#include <cmath>

namespace sakuin::crawler {
namespace {

constexpr Duration kNone{0};
constexpr uint32_t kMostDoublings = 30;

// `base` times 2^doublings, at most `most`.
Duration Doubled(Duration base, uint32_t doublings, Duration most) {
  const double exact = std::ldexp(static_cast<double>(base.count()), static_cast<int>(std::min(doublings, kMostDoublings)));
  return exact >= static_cast<double>(most.count()) ? most : Duration(static_cast<Duration::rep>(exact));
}

Duration Scaled(Duration base, double factor, Duration most) {
  const double exact = std::ceil(static_cast<double>(std::max(base, kNone).count()) * std::max(factor, 0.0));
  return exact < static_cast<double>(most.count()) ? Duration(static_cast<Duration::rep>(exact)) : most;
}

Duration BlockForRefusal(const PolitenessOptions& options, const Visit& visit, uint32_t refusals_before) {
  const Duration ours = Doubled(options.first_block, refusals_before, options.max_block);
  if (!visit.retry_after) return ours;
  const Duration theirs = std::clamp(*visit.retry_after, kNone, options.max_retry_after);
  // The first time a host is believed; one that goes on refusing asks for too little.
  return refusals_before == 0 ? theirs : std::max(ours, theirs);
}

Duration BlockForFailures(const PolitenessOptions& options, uint32_t failures) {
  const uint32_t row = std::max(options.failures_in_a_row, 1U);
  return failures < row ? kNone : Doubled(options.first_block, failures - row, options.max_block);
}

}  // namespace

Conduct ConductOf(int http_status) {
  if (http_status == 429 || http_status == 503) return Conduct::kRefused;
  return http_status == 0 || http_status >= 500 ? Conduct::kFailed : Conduct::kAnswered;
}

Delay HostDelay(const PolitenessOptions& options, std::optional<Duration> crawl_delay) {
  Delay delay;
  constexpr Duration kDay = std::chrono::hours(24);
  if (options.pages_per_second > 0) delay.delay = Scaled(std::chrono::seconds(1), 1 / options.pages_per_second, kDay);
  if (!crawl_delay) return delay;
  delay.partial = *crawl_delay > options.max_crawl_delay;
  delay.delay = std::max(delay.delay, std::min(*crawl_delay, options.max_crawl_delay));
  return delay;
}

Pause AfterVisit(const PolitenessOptions& options, const Visit& visit, HostConduct& conduct) {
  conduct.bytes += visit.bytes;
  Pause pause;
  switch (ConductOf(visit.http_status)) {
    case Conduct::kRefused:
      pause.blocked = BlockForRefusal(options, visit, conduct.refusals);
      pause.shared = std::min(pause.blocked, options.max_shared_block);
      conduct.refusals = std::min(conduct.refusals + 1, kMostDoublings);
      conduct.failures = 0;
      break;
    case Conduct::kFailed:
      conduct.failures = std::min(conduct.failures + 1, options.failures_in_a_row + kMostDoublings);
      pause.blocked = BlockForFailures(options, conduct.failures);
      break;
    case Conduct::kAnswered:
      conduct.failures = 0;
      if (conduct.refusals > 0) --conduct.refusals;
      break;
  }
  pause.rest = Scaled(visit.took, options.rest_factor, options.max_rest);
  return pause;
}

bool IsBudgetSpent(const PolitenessOptions& options, const HostConduct& conduct) {
  return (options.max_pages > 0 && conduct.pages >= options.max_pages) || (options.max_bytes > 0 && conduct.bytes >= options.max_bytes);
}

}  // namespace sakuin::crawler
