#include "crawler/robots_gate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crawler/frontier.h"
#include "crawler/http_date.h"
#include "crawler/redirect_chain.h"

namespace sakuin::crawler {
namespace {

constexpr int64_t kPrivateSeconds = 600;  // one wrong answer of a resolver is not for ever
constexpr size_t kMostPrivate = 100'000;
constexpr uint32_t kMostDoublings = 30;

int64_t SecondsOf(Time now) { return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count(); }

// What follows the host.
std::string PathAndQuery(const Url& url) { return std::string(url.pathname()) + std::string(url.search()); }

// What does not end, or is longer than it need be, is read as far as it goes.
bool IsAnswer(const FetchResult& result) {
  switch (result.error) {
    case FetchError::kNone:
    case FetchError::kBodyTooLarge:
    case FetchError::kBomb: return true;
    case FetchError::kTruncated: return !result.body.empty();
    default: return false;
  }
}

RobotsFetch MeaningOf(const FetchResult& result) {
  if (IsAnswer(result) && result.status >= 200 && result.status < 300) return RobotsFetch::kFound;
  // Redirects that lead nowhere or too far mean that there is none (RFC 9309, 2.3.1.2).
  if (IsAnswer(result) && result.status >= 300 && result.status < 500 && result.status != 429) return RobotsFetch::kMissing;
  return RobotsFetch::kUnreachable;
}

}  // namespace

RobotsGate::RobotsGate(std::string agent, Waits waits) : agent_(std::move(agent)), waits_(waits), cache_(RobotsCacheOptions{}) {}

RobotsGate::Answer RobotsGate::Ask(const Url& url, Time now) {
  const std::string origin = url.Origin();
  if (const auto until = private_.find(origin); until != private_.end() && SecondsOf(now) < until->second) return Answer::kPrivate;
  const RobotsAnswer answer = cache_.Find(origin, SecondsOf(now));
  if (const Trouble* trouble = TroubleOf(origin); trouble != nullptr) return now < trouble->until ? Answer::kLater : Answer::kUnknown;
  if (answer.state == RobotsState::kUnknown || answer.state == RobotsState::kDisallowAll) return Answer::kUnknown;
  return answer.Allows(agent_, PathAndQuery(url)) ? Answer::kAllowed : Answer::kBlocked;
}

std::string RobotsGate::Begin(const Url& url) {
  const std::string origin = url.Origin();
  std::string robots = origin + "/robots.txt";
  chains_.insert_or_assign(origin, RedirectChain(robots, kRobotsRedirects));
  return robots;
}

std::string RobotsGate::Take(const std::string& origin, const FetchResult& result, Time now) {
  const auto chain = chains_.find(origin);
  if (chain != chains_.end() && IsAnswer(result) && IsRedirect(result.status)) {
    const Result<Url> here = Url::Parse(result.url);
    const Result<Url> next = here.ok() ? Url::Parse(result.headers.Find("location"), &*here) : here;
    const bool may_be_asked = next.ok() && next->is_http() && next->host().size() <= kMaxQueueNameBytes && next->href().size() <= kMaxUrlBytes;
    if (may_be_asked && chain->second.Follow(next->href()) == FetchError::kNone) return next->href();
  }
  // What a public host redirects to a private one is unreachable, and the host is public.
  const bool is_first = chain == chains_.end() || chain->second.urls().size() == 1;
  if (chain != chains_.end()) chains_.erase(chain);
  if (result.error == FetchError::kRefusedAddress && is_first) {
    RememberPrivate(origin, SecondsOf(now));
  } else {
    const RobotsFetch meaning = MeaningOf(result);
    cache_.Put(origin, meaning, result.body, SecondsOf(now));
    if (meaning == RobotsFetch::kUnreachable && !Knows(origin, now)) {
      TakeFailure(origin, result, now);
    } else {
      troubles_.erase(origin);
    }
  }
  return {};
}

void RobotsGate::RememberPrivate(const std::string& origin, int64_t now) {
  if (private_.size() >= kMostPrivate) std::erase_if(private_, [now](const auto& each) { return each.second <= now; });
  if (private_.size() >= kMostPrivate) private_.clear();
  private_.insert_or_assign(origin, now + kPrivateSeconds);
}

void RobotsGate::TakeFailure(const std::string& origin, const FetchResult& result, Time now) {
  if (troubles_.size() >= kMostTroubles && !troubles_.contains(origin)) {
    std::erase_if(troubles_, [now](const auto& each) { return each.second.until <= now; });
    if (troubles_.size() >= kMostTroubles) troubles_.clear();
  }
  Trouble& trouble = troubles_[origin];
  const double wait = std::ldexp(static_cast<double>(waits_.first.count()), static_cast<int>(std::min(trouble.failures, kMostDoublings)));
  ++trouble.failures;
  Duration rest(static_cast<Duration::rep>(std::min(wait, static_cast<double>(waits_.longest.count()))));
  const std::optional<Duration> asked = ParseRetryAfter(result.headers.Find("retry-after"), SecondsOf(now));
  if (asked.has_value()) rest = std::clamp(*asked, rest, std::max(rest, waits_.longest));
  trouble.until = now + rest;
  trouble.is_asked_for = asked.has_value();
  trouble.why = "robots.txt: ";
  trouble.why += result.error == FetchError::kNone ? "HTTP " + std::to_string(result.status) : std::string(FetchErrorText(result.error));
}

const RobotsGate::Trouble* RobotsGate::TroubleOf(const std::string& origin) const {
  const auto found = troubles_.find(origin);
  return found == troubles_.end() ? nullptr : &found->second;
}

bool RobotsGate::Knows(const std::string& origin, Time now) {
  const RobotsState state = cache_.Find(origin, SecondsOf(now)).state;
  return state == RobotsState::kRules || state == RobotsState::kAllowAll;
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
