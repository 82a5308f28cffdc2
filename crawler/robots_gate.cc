#include "crawler/robots_gate.h"

#include <algorithm>
#include <utility>

#include "crawler/redirect_chain.h"

namespace sakuin::crawler {
namespace {

constexpr int64_t kPrivateSeconds = 600;  // one wrong answer of a resolver is not for ever
constexpr size_t kMostPrivate = 100'000;

int64_t SecondsOf(Time now) { return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count(); }

// What follows the host.
std::string PathAndQuery(const Url& url) { return std::string(url.pathname()) + std::string(url.search()); }

// What is too large is an answer, too: it is read as far as it may go.
bool IsAnswer(const FetchResult& result) {
  return result.error == FetchError::kNone || result.error == FetchError::kBodyTooLarge || result.error == FetchError::kBomb;
}

RobotsFetch MeaningOf(const FetchResult& result) {
  if (IsAnswer(result) && result.status >= 200 && result.status < 300) return RobotsFetch::kFound;
  // Redirects that lead nowhere or too far mean that there is none (RFC 9309, 2.3.1.2).
  if (IsAnswer(result) && result.status >= 300 && result.status < 500 && result.status != 429) return RobotsFetch::kMissing;
  return RobotsFetch::kUnreachable;
}

}  // namespace

RobotsGate::RobotsGate(std::string agent) : agent_(std::move(agent)), cache_(RobotsCacheOptions{}) {}

RobotsGate::Answer RobotsGate::Ask(const Url& url, Time now) {
  const std::string origin = url.Origin();
  if (const auto until = private_.find(origin); until != private_.end() && SecondsOf(now) < until->second) return Answer::kPrivate;
  const RobotsAnswer answer = cache_.Find(origin, SecondsOf(now));
  if (answer.state == RobotsState::kUnknown) return Answer::kUnknown;
  if (answer.Allows(agent_, PathAndQuery(url))) return Answer::kAllowed;
  return answer.rules == nullptr && failures_.contains(origin) ? Answer::kUnreachable : Answer::kBlocked;
}

std::string RobotsGate::Begin(const Url& url) {
  const std::string origin = url.Origin();
  const std::string robots = origin + "/robots.txt";
  chains_.insert_or_assign(origin, RedirectChain(robots, kRobotsRedirects));
  return robots;
}

std::string RobotsGate::Take(const std::string& origin, const FetchResult& result, Time now) {
  const auto chain = chains_.find(origin);
  if (chain != chains_.end() && IsAnswer(result) && IsRedirect(result.status)) {
    const Result<Url> here = Url::Parse(result.url);
    const Result<Url> next = here.ok() ? Url::Parse(result.headers.Find("location"), &*here) : here;
    if (next.ok() && next->is_http() && chain->second.Follow(next->href()) == FetchError::kNone) return next->href();
  }
  // What a public host redirects to a private one is unreachable, and the host is public.
  const bool is_first = chain == chains_.end() || chain->second.urls().size() == 1;
  if (chain != chains_.end()) chains_.erase(chain);
  if (result.error == FetchError::kRefusedAddress && is_first) {
    RememberPrivate(origin, SecondsOf(now));
  } else {
    const RobotsFetch meaning = MeaningOf(result);
    failures_.erase(origin);
    if (!IsAnswer(result)) failures_.emplace(origin, result.error);
    cache_.Put(origin, meaning, result.body, SecondsOf(now));
  }
  return {};
}

void RobotsGate::RememberPrivate(const std::string& origin, int64_t now) {
  if (private_.size() >= kMostPrivate) std::erase_if(private_, [now](const auto& each) { return each.second <= now; });
  if (private_.size() >= kMostPrivate) private_.clear();
  private_.insert_or_assign(origin, now + kPrivateSeconds);
}

std::optional<Duration> RobotsGate::DelayOf(const std::string& origin, Time now) {
  const RobotsAnswer answer = cache_.Find(origin, SecondsOf(now));
  if (answer.rules == nullptr) return std::nullopt;
  const std::optional<double> seconds = answer.rules->CrawlDelay(agent_);
  if (!seconds.has_value()) return std::nullopt;
  constexpr double kMostSeconds = 1e9;
  return Duration(static_cast<int64_t>(std::min(*seconds, kMostSeconds) * 1000));
}

std::vector<std::string> RobotsGate::SitemapsOf(const std::string& origin, Time now) {
  const RobotsAnswer answer = cache_.Find(origin, SecondsOf(now));
  return answer.rules == nullptr ? std::vector<std::string>() : answer.rules->sitemaps();
}

}  // namespace sakuin::crawler
