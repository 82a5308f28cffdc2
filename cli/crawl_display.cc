#include "cli/crawl_display.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "base/counted.h"
#include "base/json_writer.h"

namespace sakuin::cli {
namespace {

constexpr size_t kWindow = 20;  // of counts that the speed is taken from
constexpr size_t kShownErrors = 3;
constexpr size_t kColumns = 79;
constexpr int kBar = 24;
constexpr size_t kMostTold = 20;  // hosts that are left alone

unsigned long long Long(uint64_t number) { return number; }

template <typename... Args>
std::string Format(const char* format, Args... args) {
  char text[256];
  std::snprintf(text, sizeof(text), format, args...);
  return text;
}

std::string Time(double seconds) {
  const auto whole = static_cast<uint64_t>(seconds);
  if (whole >= 3600) return Format("%llu h %02llu min", Long(whole / 3600), Long(whole / 60 % 60));
  if (whole >= 60) return Format("%llu min %02llu s", Long(whole / 60), Long(whole % 60));
  return Format("%llu s", Long(whole));
}

std::string Errors(const crawler::CrawlCounts& counts) {
  std::vector<std::pair<std::string, uint64_t>> kinds(counts.errors_by_kind.begin(), counts.errors_by_kind.end());
  std::sort(kinds.begin(), kinds.end(), [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
  std::string text = Counted(counts.errors, "error");
  for (size_t i = 0; i < std::min(kinds.size(), kShownErrors); ++i) text += (i == 0 ? ": " : ", ") + Format("%llu ", Long(kinds[i].second)) + kinds[i].first;
  return text;
}

// As far as one can tell: what waits, or what may still be asked for.
std::string Left(const crawler::CrawlCounts& counts, double pages_per_second, uint64_t max_pages) {
  const uint64_t waiting = std::min(counts.pending, max_pages - std::min(max_pages, counts.fetched));
  const double part = static_cast<double>(counts.fetched) / std::max(1.0, static_cast<double>(counts.fetched + waiting));
  const int full = static_cast<int>(part * kBar);
  std::string text = "[" + std::string(static_cast<size_t>(full), '#') + std::string(static_cast<size_t>(kBar - full), '.') + Format("] %3.0f %%", part * 100);
  if (pages_per_second > 0) text += ", " + Time(static_cast<double>(waiting) / pages_per_second) + " left of what is known";
  return text;
}

}  // namespace

std::string RestingLine(const crawler::RestingHost& host) {
  return host.host + " is left alone until " + crawler::DateOf(host.until) + " (" +
         (host.why.empty() ? "it asked for that in an earlier run, with Retry-After" : host.why) + ")";
}

std::string CrawlLines(const crawler::CrawlCounts& counts, double pages_per_second, double bytes_per_second, uint64_t max_pages) {
  const std::string lines[] = {
      Counted(counts.fetched, "page") + " in " + Time(counts.seconds) + Format(", %.1f pages/s, %.2f MB/s", pages_per_second, bytes_per_second / 1e6),
      Format("%llu stored, %llu not modified, ", Long(counts.stored), Long(counts.not_modified)) + Counted(counts.duplicates, "duplicate") + "; " +
          Counted(counts.blocked_by_robots, "URL") + " forbidden by robots.txt",
      Counted(counts.pending, "URL waits", "URLs wait") + Format(" on %llu of ", Long(counts.hosts_waiting)) + Counted(counts.hosts, "host") +
          Format(", %llu under way", Long(counts.in_flight)),
      Errors(counts), Left(counts, pages_per_second, max_pages)};
  std::string text;
  for (const std::string& line : lines) text += line.substr(0, kColumns) + "\n";
  if (!counts.resting.empty()) text += RestingLine(counts.resting.front()).substr(0, kColumns) + "\n";
  return text;
}

std::string CrawlCountsJson(const crawler::CrawlCounts& counts, const std::map<std::string, uint64_t>* unsure) {
  JsonWriter json;
  json.BeginObject().Key("fetched").Number(counts.fetched).Key("stored").Number(counts.stored).Key("not_modified").Number(counts.not_modified);
  json.Key("duplicates").Number(counts.duplicates).Key("blocked_by_robots").Number(counts.blocked_by_robots);
  json.Key("listings").Number(counts.listings).Key("redirects").Number(counts.redirects).Key("noindex").Number(counts.noindex);
  json.Key("over_budget").Number(counts.over_budget).Key("postponed").Number(counts.postponed).Key("errors").Number(counts.errors);
  json.Key("bytes").Number(counts.bytes).Key("seconds").Number(counts.seconds).Key("pending").Number(counts.pending);
  json.Key("in_flight").Number(counts.in_flight).Key("hosts").Number(counts.hosts);
  json.Key("crawl_delays_cut").Number(counts.crawl_delays_cut).Key("errors_by_kind").BeginObject();
  for (const auto& [kind, count] : counts.errors_by_kind) json.Key(kind).Number(count);
  json.EndObject().Key("retries").Number(counts.retries).Key("out_of_scope").BeginObject();
  for (const auto& [why, urls] : counts.out_of_scope) json.Key(why).Number(urls);
  json.EndObject().Key("traps").BeginObject();
  for (const auto& [why, urls] : counts.traps) json.Key(why).Number(urls);
  json.EndObject().Key("silent_seeds").BeginObject();
  for (const auto& [host, why] : counts.silent_seeds) json.Key(host).String(why);
  json.EndObject().Key("resting").BeginArray();
  for (const crawler::RestingHost& host : counts.resting) {
    json.BeginObject().Key("host").String(host.host).Key("urls").Number(host.urls).Key("until").String(crawler::DateOf(host.until));
    json.Key("why").String(host.why).EndObject();
  }
  json.EndArray();
  if (unsure != nullptr) {
    json.Key("unsure").BeginObject();
    for (const auto& [field, pages] : *unsure) json.Key(field).Number(pages);
    json.EndObject();
  }
  return json.EndObject().Take();
}

CrawlDisplay::CrawlDisplay(bool json, uint64_t max_pages) : json_(json), shown_(json || ::isatty(STDERR_FILENO) != 0), max_pages_(max_pages) {}

CrawlDisplay::Speed CrawlDisplay::SpeedOf(const crawler::CrawlCounts& counts) {
  recent_.push_back(counts);
  if (recent_.size() > kWindow) recent_.pop_front();
  const double seconds = counts.seconds - recent_.front().seconds;
  if (seconds <= 0) return {};
  return {static_cast<double>(counts.fetched - recent_.front().fetched) / seconds, static_cast<double>(counts.bytes - recent_.front().bytes) / seconds};
}

void CrawlDisplay::Show(const crawler::CrawlCounts& counts) {
  if (!shown_) return TellOfResting(counts);
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + (json_ ? std::chrono::milliseconds(1000) : std::chrono::milliseconds(250));
  if (json_) {
    std::printf("%s\n", CrawlCountsJson(counts).c_str());
    std::fflush(stdout);
    return;
  }
  const Speed speed = SpeedOf(counts);
  const std::string text = CrawlLines(counts, speed.pages, speed.bytes, max_pages_);
  Finish();
  TellOfResting(counts);
  std::fputs(text.c_str(), stderr);
  lines_ = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

void CrawlDisplay::TellOfResting(const crawler::CrawlCounts& counts) {
  for (const crawler::RestingHost& host : counts.resting) {
    if (told_.size() == kMostTold || !told_.insert(host.host).second) continue;
    std::fprintf(stderr, "sakuin: %s\n", RestingLine(host).c_str());
  }
}

void CrawlDisplay::Finish() {
  if (lines_ > 0) std::fprintf(stderr, "\033[%dA\033[J", lines_);
  lines_ = 0;
}

}  // namespace sakuin::cli
