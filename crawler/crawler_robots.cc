// How the robots.txt of an origin is come by, and what waits for it.
#include <algorithm>
#include <utility>

#include "crawler/crawl_archive.h"
#include "crawler/crawler.h"
#include "crawler/fetch_error.h"
#include "crawler/robots.h"

namespace sakuin::crawler {
namespace {

constexpr uint32_t kMostRobotsTries = 3;  // of a robots.txt, before one URL more is let go to the next run each time

}  // namespace

FetchRequest Crawler::RobotsRequest(std::string url) const {
  FetchRequest request;
  request.url = std::move(url);
  request.user_agent = options_.agent;
  request.accept = "text/plain,*/*;q=0.5";
  request.limits = options_.limits;
  request.limits.body_bytes = kMaxRobotsBytes;
  request.limits.keep_beginning = true;
  return request;
}

void Crawler::StartRobots(const std::string& origin, std::string url) {
  robots_fetches_.emplace(Ask(RobotsRequest(std::move(url))), origin);
}

Status Crawler::TakeRobots(const std::string& origin, const FetchResult& result, Time now) {
  // Redirects may lead to a server that many hosts share, and that is not theirs.
  if (!result.remote_address.empty() && result.url == origin + "/robots.txt") {
    RETURN_IF_ERROR(frontier_->SetAddress(parked_[origin].urls.front().queue, result.remote_address));
  }
  if (const std::string next = robots_.Take(origin, result, now); !next.empty()) return AddHop(origin, next, now);
  Parked parked = std::move(parked_[origin]);
  parked_.erase(origin);
  const std::vector<LeasedUrl>& waiting = parked.urls;
  if (parked.is_aside) RETURN_IF_ERROR(frontier_->SetAside(waiting.front().queue, false));
  RETURN_IF_ERROR(PutSitemaps(origin, now));
  const Delay delay = HostDelay(options_.politeness, robots_.DelayOf(origin, now));
  counts_.crawl_delays_cut += delay.partial ? 1 : 0;
  const bool is_later = robots_.TroubleOf(origin) != nullptr;
  if (is_later) LogTrouble(origin, waiting.front().queue, result);
  NoteSilentSeed(origin, waiting.front());
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

Status Crawler::PutSitemaps(const std::string& origin, Time now) {
  const Result<Url> base = Url::Parse(origin);
  if (!base.ok()) return OkStatus();
  std::vector<FrontierUrl> listed;
  for (const std::string& sitemap : robots_.SitemapsOf(origin, now)) {
    const Result<Url> url = Url::Parse(sitemap, &*base);
    if (!url.ok()) continue;
    if (std::optional<FrontierUrl> link = visitor_.AcceptSitemap(*url, 0)) listed.push_back(*std::move(link));
  }
  return frontier_->PutDiscovered(listed, now).status();
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

// Of the hosts of seeds, whether the one of `origin` lets itself be asked at all.
void Crawler::NoteSilentSeed(const std::string& origin, const LeasedUrl& leased) {
  if (const RobotsGate::Trouble* trouble = robots_.TroubleOf(origin); trouble == nullptr) {
    counts_.silent_seeds.erase(leased.queue);
  } else if (seeds_.contains(leased.url) && counts_.silent_seeds.size() < CrawlCounts::kMostResting) {
    counts_.silent_seeds[leased.queue] = trouble->why;
  }
}

// ---------------------------------------------------------------- where a robots.txt is redirected to

// The host of `url` is asked when it is its turn; what waits for the answer does not keep it from that, when it is of the same host or address.
Status Crawler::AddHop(const std::string& origin, const std::string& url, Time now) {
  Parked& parked = parked_[origin];
  if (!std::exchange(parked.is_aside, true)) RETURN_IF_ERROR(frontier_->SetAside(parked.urls.front().queue, true));
  const Result<Url> parsed = Url::Parse(url);
  RETURN_IF_ERROR(parsed.status());
  hops_.Add(url, std::string(parsed->host()), origin, now);
  return OkStatus();
}

Status Crawler::StartHops(Time now) {
  // Longer than any delay of pages: the host rests.
  const Duration longest = std::max({options_.patience, options_.politeness.max_crawl_delay, HostDelay(options_.politeness, std::nullopt).delay});
  while (const RobotsHop* hop = hops_.First(now)) {
    if (fetcher_->active() >= options_.connections) return OkStatus();
    ASSIGN_OR_RETURN(const Time turn, frontier_->TakeTurn(hop->host, now));
    if (turn > now && turn <= now + longest) {
      hops_.Wait(turn);
      continue;
    }
    const std::string url = hop->url;
    hops_.Begin();
    if (turn <= now) {
      hop_fetches_.emplace(Ask(RobotsRequest(url)), url);
      continue;
    }
    FetchResult none;
    none.url = url;
    none.error = FetchError::kHostRests;
    for (const std::string& origin : hops_.Take(url).origins) RETURN_IF_ERROR(TakeRobots(origin, none, now));
  }
  return OkStatus();
}

Status Crawler::TakeHop(const std::string& url, const FetchResult& result, Time now) {
  RETURN_IF_ERROR(WriteToArchive(warc_, RobotsRequest(url), result, {}, options_.clock()).status());
  const RobotsHop hop = hops_.Take(url);
  ASSIGN_OR_RETURN(const Duration rest, TakeConduct(hop.host, result, 0, now));
  RETURN_IF_ERROR(frontier_->ReturnTurn(hop.host, rest, now));
  for (const std::string& origin : hop.origins) RETURN_IF_ERROR(TakeRobots(origin, result, now));
  return OkStatus();
}

// ---------------------------------------------------------------- when there is none to be had

// Nothing is to be asked of its origin until its robots.txt can be read. Where the host answers for another scheme only
// this URL waits, until the next run; else the host is left alone. It is not given up for good in any case.
Status Crawler::PutOff(const LeasedUrl& leased, const std::string& origin, Time now) {
  const RobotsGate::Trouble& trouble = *robots_.TroubleOf(origin);
  const bool is_sibling_known = IsSiblingKnown(origin, now);
  if (!is_sibling_known) RETURN_IF_ERROR(Rest(leased.queue, trouble.is_asked_for, trouble.why, trouble.until));
  return is_sibling_known || trouble.failures > kMostRobotsTries ? Fail(leased, trouble.why, now) : Release(leased, now);
}

bool Crawler::IsSiblingKnown(const std::string& origin, Time now) {
  constexpr std::string_view kPlain = "http:";
  constexpr std::string_view kSecure = "https:";
  const bool is_plain = origin.starts_with(kPlain);
  const std::string rest = origin.substr((is_plain ? kPlain : kSecure).size());
  return robots_.Knows(std::string(is_plain ? kSecure : kPlain) + rest, now);
}

}  // namespace sakuin::crawler
