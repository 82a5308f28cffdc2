// Random operations on a frontier on disk, closed and opened again now and then, against a naive one in memory.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <random>
#include <set>

#include "crawler/disk_frontier.h"
#include "tests/base/sanitized.h"
#include "tests/base/scratch_folder.h"
#include "tests/crawler/faulty_env.h"
#include "tests/crawler/naive_frontier.h"

namespace sakuin::crawler {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kRuns = kSanitized ? 6 : 24;
constexpr int kSteps = 1500;
constexpr size_t kQueues = 6;

class Walk {
 public:
  explicit Walk(uint64_t seed) : random_(seed), in_flight_(1 + seed % 3), naive_(in_flight_, seconds(1)) { Open(); }

  void Run() {
    for (int step = 0; step < kSteps && !testing::Test::HasFailure(); ++step) {
      if (Chance(3)) now_ += milliseconds(Below(Chance(20) ? 60'000 : 1500));
      Step();
    }
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  bool Chance(uint64_t of) { return Below(of) == 0; }
  std::string QueueName() { return "host" + std::to_string(Below(kQueues)) + ".example"; }
  static std::string UrlOf(const std::string& queue, uint64_t number) { return "http://" + queue + "/" + std::to_string(number); }
  Time Soon() { return now_ + milliseconds(Below(20'000)) - seconds(2); }

  void Open() {
    frontier_.reset();
    DiskFrontierOptions options;
    options.memory_bytes = size_t{8} << 20;
    options.max_in_flight = in_flight_;
    options.env = env_.env();  // whose syncs cost nothing
    auto opened = DiskFrontier::Open(scratch_.Path("frontier"), options);
    ASSERT_TRUE(opened.ok()) << opened.status().ToString();
    frontier_ = *std::move(opened);
  }

  void Step() {
    const std::array<std::function<void()>, 14> steps = {
        [&] { Get(); },         [&] { Get(); },      [&] { Complete(); }, [&] { Complete(); }, [&] { Discover(); },
        [&] { CheckStats(); },  [&] { CheckTime(); }, [&] { Know(); },     [&] { Release(); },  [&] { CheckStatus(); },
        [&] { Set(); },         [&] { Refetch(); },  [&] { KnowSome(); },    [&] { Seldom(); }};
    steps[Below(steps.size())]();
  }

  void Discover() {
    std::vector<FrontierUrl> urls;
    for (size_t n = Below(6); n > 0; --n) {
      const std::string queue = QueueName();
      const auto priority = static_cast<uint8_t>(Below(3) * 100);
      urls.push_back({UrlOf(queue, Below(60)), queue, priority, static_cast<uint32_t>(n), ""});
    }
    const Result<PutCounts> counts = frontier_->PutDiscovered(urls, now_);
    ASSERT_TRUE(counts.ok());
    const PutCounts expected = naive_.PutDiscovered(urls);
    EXPECT_EQ(counts->added, expected.added);
    EXPECT_EQ(counts->known, expected.known);
  }

  void Get() {
    GetOptions options{.max_queues = Chance(2) ? 100 : Below(3),
                       .max_urls_per_queue = 1 + Below(3),
                       .lease = milliseconds(1 + Below(10'000)),
                       .revisit = !Chance(4)};
    const Result<std::vector<LeasedUrl>> urls = frontier_->GetUrls(options, now_);
    ASSERT_TRUE(urls.ok()) << urls.status().ToString();
    naive_.Advance(now_, options.revisit);
    for (const LeasedUrl& url : *urls) {
      ASSERT_TRUE(naive_.IsReady(url.queue, now_)) << url.url;
      ASSERT_TRUE(naive_.IsNext(url.queue, url.url)) << url.url;
      const NaiveFrontier::Url& expected = naive_.queues()[url.queue].urls[url.url];
      EXPECT_EQ(url.known, expected.known);
      EXPECT_EQ(url.metadata, expected.metadata);
      EXPECT_EQ(url.priority, expected.priority);
      naive_.HandOut(url.queue, url.url, url.leased_until, now_);
      leased_.push_back(url);
    }
    if (options.max_queues < 100) return;
    for (const auto& [name, queue] : naive_.queues()) EXPECT_FALSE(naive_.IsReady(name, now_)) << name << " was forgotten";
  }

  KnownUrl Known(const std::string& queue, const std::string& url) {
    KnownUrl known{.url = url, .queue = queue, .refetch_at = {}, .metadata = std::to_string(Below(1000)), .rest = {}};
    if (Chance(2)) known.refetch_at = Soon();
    if (Chance(2)) known.rest = milliseconds(Below(3000));
    known.is_retry = Chance(3);
    return known;
  }

  void Put(const KnownUrl& known) {
    ASSERT_TRUE(frontier_->PutKnown(known, now_).ok());
    naive_.PutKnown(known, now_);
  }

  void Complete() {
    if (leased_.empty()) return;
    const size_t index = Below(leased_.size());
    Put(Known(leased_[index].queue, leased_[index].url));
    leased_.erase(leased_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  void Know() {
    const std::string queue = QueueName();
    Put(Known(queue, UrlOf(queue, Below(60))));
  }

  // Some at once, of which some may be leased, and some come twice.
  void KnowSome() {
    std::vector<KnownUrl> all;
    for (size_t n = Below(8); n > 0; --n) {
      const std::string queue = QueueName();
      all.push_back(Known(queue, UrlOf(queue, Below(20))));
    }
    for (; !leased_.empty() && Chance(2); leased_.pop_back()) all.push_back(Known(leased_.back().queue, leased_.back().url));
    ASSERT_TRUE(frontier_->PutKnown(all, now_).ok());
    for (const KnownUrl& known : all) naive_.PutKnown(known, now_);
  }

  void Release() {
    const std::string queue = QueueName();
    const std::string url = leased_.empty() ? UrlOf(queue, 1) : leased_[Below(leased_.size())].url;
    const std::string of = leased_.empty() ? queue : url.substr(7, url.find('/', 7) - 7);
    EXPECT_EQ(frontier_->Release(of, url, now_).ok(), naive_.Release(of, url, now_));
  }

  void Refetch() {
    const std::string queue = QueueName();
    const std::string url = UrlOf(queue, Below(60));
    const Time at = Soon();
    const bool is_known = naive_.Of(queue).urls.contains(url);
    const bool is_retry = Chance(3);
    EXPECT_EQ(frontier_->SetRefetchTime(queue, url, at, is_retry).ok(), is_known);
    if (!is_known || naive_.Of(queue).urls[url].phase == UrlPhase::kWaiting) return;
    naive_.Of(queue).urls[url].phase = UrlPhase::kScheduled;
    naive_.Of(queue).urls[url].refetch_at = at;
    naive_.Of(queue).urls[url].is_retry = is_retry;
  }

  void Set() {
    const std::string name = QueueName();
    NaiveFrontier::Queue& queue = naive_.Of(name);
    Status status;
    switch (Below(6)) {
      case 0: {
        const Time until = Soon();
        queue.blocked_until = std::max(queue.blocked_until, until);
        status = frontier_->BlockQueueUntil(name, until);
        break;
      }
      case 5: {
        const Time until = Soon();
        naive_.Close(queue, until);
        status = frontier_->BlockAddressUntil(name, until);
        break;
      }
      case 1: status = frontier_->SetDelay(name, *(queue.delay = milliseconds(Chance(3) ? 0 : Below(3000)))); break;
      case 2: status = frontier_->SetCrawlLimit(name, queue.limit = Chance(2) ? kNoCrawlLimit : queue.completed + Below(5)); break;
      case 3: status = frontier_->SetActive(name, queue.active = !Chance(4)); break;
      case 4: {
        const Time until = Soon();
        queue.paused_until = std::max(queue.paused_until, until);
        status = frontier_->PauseQueueUntil(name, until);
        break;
      }
      default: {
        const std::string address = Chance(3) ? "" : "192.0.2." + std::to_string(Below(2));
        status = frontier_->SetAddress(name, address);
        naive_.SetAddress(name, address);
      }
    }
    EXPECT_TRUE(status.ok()) << status.ToString();
  }

  void Seldom() {
    if (Chance(12)) {
      Open();
      naive_.Restart();
      leased_.clear();
    } else if (Chance(8)) {
      const std::string queue = QueueName();
      const Result<uint64_t> purged = frontier_->PurgeQueue(queue);
      purged_ = true;  // then the count of retries is an upper bound
      EXPECT_EQ(purged.ok() ? *purged : 0, naive_.Of(queue).urls.size());
      naive_.Of(queue).urls.clear();
    }
  }

  void CheckTime() {
    const Result<std::optional<Time>> next = frontier_->NextReadyTime(now_);
    ASSERT_TRUE(next.ok());
    const Time until = next->value_or(now_ + seconds(1'000'000));
    if (until <= now_) return;
    const Time before = now_ + milliseconds(Below(static_cast<uint64_t>((until - now_).count())));
    for (const Time time : {before, until - milliseconds(1)}) {
      NaiveFrontier later = naive_;
      later.Advance(time);
      for (const auto& [name, queue] : later.queues()) EXPECT_FALSE(later.IsReady(name, time)) << name << " would have been slept through";
    }
  }

  void CheckResting() {
    const Time until = Soon();
    bool all = true;
    std::set<std::string> resting;
    for (const auto& [name, queue] : naive_.queues()) {
      const bool may_give = NaiveFrontier::MayGive(queue);
      all = all && (!may_give || NaiveFrontier::Rest(queue) >= until);
      if (may_give && NaiveFrontier::Rest(queue) > now_) resting.insert(name);
    }
    EXPECT_EQ(frontier_->IsResting(until), all);
    std::set<std::string> listed;
    for (const QueueStats& queue : frontier_->ListResting(now_, 100)) listed.insert(queue.name);
    EXPECT_EQ(listed, resting);
  }

  void CheckStats() {
    CheckResting();
    uint64_t retries = 0;
    FrontierStats sums;
    for (const auto& [name, queue] : naive_.queues()) {
      const Result<QueueStats> stats = frontier_->StatsOf(name);
      if (!stats.ok()) continue;
      for (const auto& [text, url] : queue.urls) retries += url.is_retry ? 1 : 0;
      EXPECT_EQ(stats->waiting, naive_.Count(queue, UrlPhase::kWaiting));
      EXPECT_EQ(stats->scheduled, naive_.Count(queue, UrlPhase::kScheduled));
      EXPECT_EQ(stats->done, naive_.Count(queue, UrlPhase::kDone));
      EXPECT_EQ(stats->in_flight, naive_.InFlight(queue));
      EXPECT_EQ(stats->completed, queue.completed);
      EXPECT_EQ(stats->limit, queue.limit);
      EXPECT_EQ(stats->blocked_until, NaiveFrontier::Rest(queue));
      EXPECT_EQ(stats->active, queue.active);
      sums.queues_waiting += stats->waiting > 0 ? 1 : 0;
      sums.waiting += stats->waiting;
      sums.scheduled += stats->scheduled;
      sums.done += stats->done;
      sums.completed += stats->completed;
      sums.in_flight += stats->in_flight;
    }
    const FrontierStats totals = frontier_->Stats();
    EXPECT_EQ(totals.queues_waiting, sums.queues_waiting);
    EXPECT_EQ(totals.waiting, sums.waiting);
    EXPECT_EQ(totals.scheduled, sums.scheduled);
    EXPECT_EQ(totals.done, sums.done);
    EXPECT_EQ(totals.completed, sums.completed);
    EXPECT_EQ(totals.in_flight, sums.in_flight);
    const uint64_t counted = totals.retries;
    EXPECT_TRUE(purged_ ? counted >= retries : counted == retries) << counted << " for " << retries;
  }

  void CheckStatus() {
    const std::string queue = QueueName();
    const std::string url = UrlOf(queue, Below(60));
    const Result<UrlStatus> status = frontier_->StatusOf(queue, url);
    ASSERT_EQ(status.ok(), naive_.Of(queue).urls.contains(url));
    if (!status.ok()) return;
    const NaiveFrontier::Url& expected = naive_.Of(queue).urls[url];
    EXPECT_EQ(status->phase, expected.phase);
    EXPECT_EQ(status->in_flight, expected.leased_until.has_value());
    EXPECT_EQ(status->metadata, expected.metadata);
  }

  std::mt19937_64 random_;
  uint32_t in_flight_;
  FaultyEnv env_;
  const ScratchFolder scratch_;
  std::unique_ptr<DiskFrontier> frontier_;
  NaiveFrontier naive_;
  Time now_{std::chrono::hours(480'000)};
  bool purged_ = false;
  std::vector<LeasedUrl> leased_;
};

TEST(FrontierOracle, AgreesWithANaiveOne) {
  for (uint64_t seed = 1; seed <= kRuns && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Walk(seed).Run();
  }
}

}  // namespace
}  // namespace sakuin::crawler
